import { describe, expect, it } from 'vitest';
import { readGatewayFile, type GatewayFormat } from '../../src/load/index.ts';

const read = (format: GatewayFormat, text: string, environment: Record<string, string> = {}) =>
  readGatewayFile({ format, text }, { environment });

describe('variables', () => {
  it.each(['${A:-', '${A', '$${', '${A:-${A:-x}', '${MISSING}'])(
    '%s, again and again, is read in a moment',
    async (piece) => {
      const id = piece.repeat(Math.floor(1_000_000 / piece.length));
      const long = await read('json', JSON.stringify({ models: [{ id }] }));
      expect(long.problems).toEqual([
        {
          path: ['models', 0, 'id'],
          message: `a string of ${id.length} characters: use at most 10000`,
          position: { line: 1, column: 13 },
        },
      ]);
      const ids = Array.from({ length: 100 }, () => id.slice(0, 10_000 - (10_000 % piece.length)));
      const many = await read('json', JSON.stringify(ids));
      expect(many.problems.length).toBe(piece === '$${' || piece === '${A:-${A:-x}' ? 0 : 100);
    },
  );

  it('have defaults up to the first brace, dollars included', async () => {
    const { data, problems } = await read('json', '["${A:-$5}", "${A:-${B}", "${A:-x}${B:-", "$${A} $${"]');
    expect(data).toEqual(['$5', '${B', '${A:-x}${B:-', '${A} ${']);
    expect(problems.map(({ path }) => path)).toEqual([[2]]);
  });

  it('stand for values, wholly or in part, and not for keys', async () => {
    const text = `
models:
  - id: '\${PROVIDER}/\${MODEL:-gpt-5}'
    context_window: \${WINDOW}
    capacity_fraction: \${FRACTION:-0.5}
    name: \${WINDOW}
    max_input_tokens: \${SIZE}
    vendor: $\${PROVIDER}
    \${PROVIDER}: 1
`;
    const { data, problems } = await read('yaml', text, {
      PROVIDER: 'openai',
      WINDOW: '32768',
      SIZE: '32K',
      MODEL: '',
    });
    expect(problems).toEqual([]);
    expect(data).toEqual({
      models: [
        {
          id: 'openai/gpt-5',
          context_window: 32_768,
          capacity_fraction: 0.5,
          name: '32768',
          max_input_tokens: '32K',
          vendor: '${PROVIDER}',
          '${PROVIDER}': 1,
        },
      ],
    });
  });

  it('become numbers and booleans where an option takes them, in either spelling', async () => {
    const { data, problems } = await read(
      'yaml',
      `
dispatchers:
  - id: \${N}
    fallback: \${YES}
    maxBufferedParts: \${N}
    after_content: \${YES}
    cooldown: { failures: '\${N}', ms: '\${N}\${N}' }
    escalations: \${N}
    anchor: \${NO}
    targets: [{ model: a, vendor: '\${N}.5', retries: '\${NO}', weight: '-\${N}' }]
    rules: [{ when: { has_tools: '\${NO}', text: '\${YES}', min_input_tokens: '\${N}K' }, fitsTarget: '\${N}' }]
`,
      { N: '5', YES: 'true', NO: 'false' },
    );
    expect(problems).toEqual([]);
    expect(data).toEqual({
      dispatchers: [
        {
          id: '5',
          fallback: true,
          maxBufferedParts: 5,
          after_content: 'true',
          cooldown: { failures: 5, ms: 55 },
          escalations: 5,
          anchor: false,
          targets: [{ model: 'a', vendor: 5.5, retries: 'false', weight: -5 }],
          rules: [{ when: { has_tools: false, text: 'true', min_input_tokens: '5K' }, fitsTarget: '5' }],
        },
      ],
    });
  });

  it.each([
    [true, ['true', 'True', 'TRUE', 'yes', 'Yes', 'y', 't', 'on', 'ON', '1', ' true ', 'true\r']],
    [false, ['false', 'False', 'FALSE', 'no', 'NO', 'n', 'F', 'off', 'Off', '0']],
  ] as const)('are %s in whatever way an environment says that', async (value, spellings) => {
    for (const YES of spellings) {
      const { data } = await read('yaml', 'fallback: ${YES}\nname: ${YES}\nidle_ms: "${YES:-5}"', { YES });
      expect([YES, data]).toMatchObject([YES, { fallback: value, name: YES }]);
    }
    for (const NO of ['', 'maybe', '2', 'truth', 'enabled', '"true"']) {
      const { data } = await read('yaml', 'fallback: ${NO:-none}', { NO });
      expect(data).toEqual({ fallback: NO || 'none' });
    }
  });

  it('are numbers with space around them, as Windows shells set them', async () => {
    const { data } = await read('yaml', 'context_window: ${WINDOW}', { WINDOW: ' 8192 ' });
    expect(data).toEqual({ context_window: 8192 });
  });

  it.each([
    ['os.environ/WINDOW', 'WINDOW'],
    ['env.WINDOW', 'WINDOW'],
    ['env:WINDOW', 'WINDOW'],
    ['process.env.WINDOW', 'WINDOW'],
    ["ENV['WINDOW']", 'WINDOW'],
    ['getenv("WINDOW")', 'WINDOW'],
    ['secrets.WINDOW', 'WINDOW'],
    ['{env:WINDOW}', 'WINDOW'],
    ['{vault://env/window}', 'window'],
    ['{{ WINDOW }}', 'WINDOW'],
    ['{{ env "WINDOW" }}', 'WINDOW'],
    ['{{ .Env.WINDOW }}', 'WINDOW'],
    ['$WINDOW', 'WINDOW'],
    ['$env:WINDOW', 'WINDOW'],
    ['$(WINDOW)', 'WINDOW'],
    ['%WINDOW%', 'WINDOW'],
    ['<%= ENV["WINDOW"] %>', 'WINDOW'],
  ])('R-36: written as %s get told how to write them', async (text, name) => {
    const message = `${JSON.stringify(text)}: for a variable of the environment, write \${${name}}`;
    const models = [{ id: text, context_window: text, api_key: text, name: text }];
    const rules = [{ when: { text, metadata: { tier: text } }, target: text }];
    const data = { models, dispatchers: [{ id: 'd', targets: [text, { model: text }], rules }] };
    const { problems } = await read('json', JSON.stringify(data));
    expect(problems.map(({ path, message: said }) => [path.join('.'), said])).toEqual([
      ['models.0.id', message],
      ['models.0.context_window', message],
      ['dispatchers.0.targets.0', message],
      ['dispatchers.0.targets.1.model', message],
      ['dispatchers.0.rules.0.target', message],
    ]);
  });

  it.each([
    'env/model',
    'environment',
    'acme/env.small',
    '50%',
    'a{b}',
    'openai/gpt-5:free',
    'secrets/llama',
  ])('are not seen in the id %s', async (id) => {
    expect((await read('json', JSON.stringify({ models: [{ id }] }))).problems).toEqual([]);
  });

  it('stay texts in metadata, whatever its keys are called', async () => {
    const keys = ['teams', 'items', 'ms', 'weight', 'context_window', 'fallback'];
    const metadata = Object.fromEntries(keys.map((key) => [key, '${N}']));
    const when = { metadata: { ...metadata, retries: ['${N}', 7] } };
    const text = JSON.stringify({ dispatchers: [{ rules: [{ when, target: 'a' }] }] });
    const { data } = await read('json', text, { N: '5' });
    expect(data).toEqual(JSON.parse(text.replaceAll('${N}', '5')));
  });

  it('R-36: that are empty are said to be so, and what to do', async () => {
    const { problems } = await read('json', '{"a":"${A}","b":"${B}","c":"${A:-x}"}', { A: '' });
    expect(problems.map(({ message }) => message)).toEqual([
      '${A}: the environment variable A is empty: give it a value, or write ${A:-default}',
      '${B}: the environment variable B is not set: set it, or write ${B:-default}',
    ]);
  });

  it.each([
    ['a text of YAML', '32_000', {}, ''],
    ['a size of YAML', '1_000K', {}, ''],
    ['a default', '${WINDOW:-32_000}', {}, ''],
    ['a variable', '${WINDOW:-32000}', { WINDOW: '32_000' }, ' (what WINDOW is set to is not shown)'],
  ])('R-36: a number with underscores is told what it is: %s', async (_, window, environment, what) => {
    const text = `context_window: ${window}\nname: 32_000\n`;
    const { problems } = await read('yaml', text, environment as Record<string, string>);
    expect(problems).toEqual([
      {
        path: ['context_window'],
        message: `"${window}": as a number it has no underscores here: leave them out${what}`,
        position: { line: 1, column: 1 },
      },
    ]);
  });

  it('that are not set are problems, each where it stands', async () => {
    const { data, problems } = await read('toml', 'a = "${A}/${B}"\nb = "${toString}"\nc = "${not a name}"', {
      B: 'b',
    });
    expect(data).toMatchObject({ a: '${A}/${B}' });
    expect(problems.map(({ message, position }) => [position!.line, message.split(':')[0]])).toEqual([
      [1, '${A}'],
      [2, '${toString}'],
      [3, 'after "${" a variable is expected'],
    ]);
  });

  it('R-36: that hold too much are problems, however often they are there', async () => {
    const text = (name: string, times: number) => `\${${name}}`.repeat(times);
    const once = await read('json', JSON.stringify({ id: text('A', 2500) }), { A: 'x'.repeat(250_000) });
    const tooLong = `"${text('A', 25)}…": its variables make it longer than 10000 characters: shorten what they hold`;
    expect(once.problems.map(({ message }) => message)).toEqual([tooLong]);
    expect(once.data).toEqual({ id: text('A', 2500) });
    const lines = Array.from({ length: 10 }, (_, index) => {
      const aliases = Array.from({ length: 99 }, () => `*a${index}`);
      return `- &a${index} "${index}${text('LS', 830)}"\n- [${aliases.join(', ')}]\n`;
    });
    const aliased = await read('yaml', lines.join(''), { LS: 'x'.repeat(1500) });
    expect(aliased.problems).toHaveLength(100);
    expect(aliased.problems[0]!.message).toContain('longer than 10000 characters');
  });

  it('R-36: that hold too much altogether are one problem', async () => {
    const texts = Array.from({ length: 1000 }, (_, index) => `${index}\${A}`);
    const { data, problems } = await read('json', JSON.stringify(texts), { A: 'x'.repeat(9000) });
    expect(problems.map(({ path, message }) => [path, message])).toEqual([
      [[116], 'variables make this file longer than 1048576 characters: shorten what they hold'],
    ]);
    expect((data as string[])[999]).toBe('999${A}');
    const same = Array.from({ length: 1000 }, () => '${A}');
    expect((await read('json', JSON.stringify(same), { A: 'x'.repeat(9000) })).problems).toEqual([]);
  });

  it('are not looked into again', async () => {
    const { data } = await read('json', '{ "a": "${A}" }', { A: '${B}', B: 'b' });
    expect(data).toEqual({ a: '${B}' });
  });
});
