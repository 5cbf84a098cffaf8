import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseGatewayConfig } from '../../src/gateway/index.ts';
import { InvalidConfigurationError } from '../../src/index.ts';
import { readGatewayFile, type GatewayFormat } from '../../src/load/index.ts';
import { errorOf } from '../support/models.ts';

const read = (format: GatewayFormat, text: string, environment: Record<string, string> = {}) =>
  readGatewayFile({ format, text }, { environment });

/** The same data, three times. */
const sources: [GatewayFormat, string][] = [
  [
    'json',
    `{
  "models": [
    { "id": "a" },
    {
      "id": "b", "context_window": "32K"
    }
  ]
}`,
  ],
  ['yaml', 'models:\n  - id: a\n  -\n    # a comment\n    id: b\n    context_window: 32K\n'],
  ['toml', '[[models]]\nid = "a"\n\n[[models]]\nid = "b"\ncontext_window = "32K" # a comment\n'],
];

describe.each(sources)('%s', (format, text) => {
  it('is read as data', async () => {
    const { data, problems } = await read(format, text);
    expect(data).toEqual({ models: [{ id: 'a' }, { id: 'b', context_window: '32K' }] });
    expect(problems).toEqual([]);
  });

  it('says where a value stands, and for what is missing, what it is missing from', async () => {
    const { positionOf } = await read(format, text);
    const lines = text.split('\n');
    const { line, column } = positionOf(['models', 1, 'context_window'])!;
    expect(lines[line - 1]!.slice(column - 1)).toMatch(/^"?context_window/);
    const around = positionOf(['models', 1, 'id', 'x'])!;
    expect(lines[around.line - 1]).toContain('b"'.slice(0, 1));
    expect(positionOf(['models', 0, 'id'])!.line).toBeLessThan(around.line);
    expect(positionOf(['nothing'])).toBeUndefined();
  });

  it('R-36: says how deeply lists may nest, where they do so more deeply', async () => {
    const lists = `${'['.repeat(40)}1${']'.repeat(40)}`;
    const { problems } = await read(
      format,
      { json: `{"a":${lists}}`, yaml: `a: ${lists}`, toml: `a = ${lists}` }[format],
    );
    expect(problems.map(({ message }) => message)).toEqual(['nested more than 16 levels deep: flatten it']);
    expect(problems[0]!.position!.line).toBe(1);
  });

  it('is refused above 1 MB, and when its brackets nest too deeply', async () => {
    const large = await read(format, `${text}${' '.repeat(1_048_576)}`);
    expect(large.problems[0]!.message).toMatch(/larger than 1048576 bytes/);
    const open = format === 'toml' ? `a = ${'['.repeat(100_000)}` : '['.repeat(100_000);
    const deep = await read(format, open);
    expect(deep.data).toBeUndefined();
    expect(deep.problems[0]!.message).toMatch(/nested more than 16 levels deep|nested too deeply/);
  });
});

describe('syntax', () => {
  it.each<[GatewayFormat, string, RegExp, object | undefined]>([
    ['json', '{\n  "a": [1,]\n}', /^remove the comma before this "]"$/, { line: 2, column: 11 }],
    ['json', '{ "a": 1, }', /^remove the comma before this "}"$/, { line: 1, column: 11 }],
    ['json', '[,]', /expected a value/, { line: 1, column: 2 }],
    ['json', '{ "a" 1 }', /expected ":"/, { line: 1, column: 7 }],
    ['json', '{ "a": "b', /not closed/, { line: 1, column: 8 }],
    ['json', '{ a: 1 }', /key in double quotes/, { line: 1, column: 3 }],
    ['json', '[1] 2', /end of the file/, { line: 1, column: 5 }],
    ['json', '[1 2]', /expected "," or "]"/, { line: 1, column: 4 }],
    ['json', '[', /not the end of the file/, { line: 1, column: 2 }],
    ['json', '{\n  // two\n  "a": 1 }', /^JSON has no comments: remove this one/, { line: 2, column: 3 }],
    ['json', '{ "a": 1 /* one */ }', /^JSON has no comments/, { line: 1, column: 10 }],
    ['json', '{ "a": [1, # one\n 2] }', /^JSON has no comments/, { line: 1, column: 12 }],
    ['json', '[1] // one', /^JSON has no comments/, { line: 1, column: 5 }],
    ['json', '# a\nmodels: []', /^JSON has no comments: .* write the file in YAML or TOML$/, { line: 1 }],
    ['json', "{ 'a': 1 }", /^JSON has no such quotes: use double ones$/, { line: 1, column: 3 }],
    ['json', '{ "a": True }', /^true and false are in lower case in JSON$/, { line: 1, column: 8 }],
    [
      'json',
      '{ "a": None }',
      /^there is no such word in JSON: leave the option out$/,
      { line: 1, column: 8 },
    ],
    ['json', 'models:\n  - id: a', /^this reads like YAML: name the file \.yaml$/, { line: 1, column: 1 }],
    ['json', '[[models]]\nid = "a"', /^this reads like TOML: name the file \.toml$/, { line: 1, column: 3 }],
    ['json', '{ "a": ‘b’ }', /^JSON has no such quotes/, { line: 1, column: 8 }],
    ['json', '{ "a": ${A} }', /^put "\$\{NAME\}" in double quotes$/, { line: 1, column: 8 }],
    ['json', '{ "a": 128K }', /^a number is digits alone in JSON: put a size/, { line: 1, column: 11 }],
    ['json', '{ "a": 8_192 }', /^a number is digits alone in JSON/, { line: 1, column: 9 }],
    ['yaml', 'a: b\nc: "', /quote/i, { line: 2, column: 5 }],
    ['yaml', 'a: b\n---\nc: d', /more than one document/, { line: 2, column: 1 }],
    ['yaml', 'a: !!js/function "x"', /tags are not taken/, { line: 1, column: 4 }],
    ['yaml', '// one\na: b', /: comments begin with #$/, { line: 1 }],
    ['yaml', 'a: !own b', /tags are not taken here$/, { line: 1, column: 4 }],
    ['yaml', 'a: !ENV NAME', /tags are not taken here: for a variable, write \$\{NAME\}$/, { line: 1 }],
    ['yaml', 'a: &a 1\nb:\n  - *nope', /^alias nope has no anchor: write &nope/, { line: 3, column: 5 }],
    ['yaml', 'a: *late\nb: &late 1', /^alias late has no anchor/, { line: 1, column: 4 }],
    ['yaml', 'a: &a\n  b: [*a]', /^alias a is inside the value/, { line: 2, column: 7 }],
    ['yaml', 'a: &a { b: 1 }\nc:\n  <<: *a', /^merge keys \(<<\) are not taken/, { line: 3, column: 3 }],
    ['toml', 'a = 1\nb = [1,\n}', /invalid value/, { line: 3, column: 1 }],
    ['toml', 'a = 1\na = 2', /value$/, { line: 2, column: 1 }],
    ['toml', '[models]\nid = "a"\n[models]', /keep one, or write \[\[models\]\] for each/, { line: 3 }],
    ['toml', 'a = ${A}', /invalid value: put "\$\{NAME\}" in quotes$/, { line: 1, column: 5 }],
    ['toml', 'a = 1\nb = True', /: true and false are in lower case$/, { line: 2, column: 5 }],
    ['toml', 'a = [128K]', /: put a size with K or M in quotes$/, { line: 1 }],
    ['toml', 'a = os.environ/A', /: put a text in quotes$/, { line: 1, column: 5 }],
    ['toml', '// one\na = 1', /: comments begin with #$/, { line: 1 }],
    ['toml', 'a = 1 /* one */', /: comments begin with #$/, { line: 1 }],
    ['toml', 'a = 1,\nb = 2,', /: there is no comma at the end of a line$/, { line: 1, column: 6 }],
    ['toml', '{ "a": 1 }', /: this reads like JSON: name the file \.json$/, { line: 1, column: 1 }],
    ['toml', 'models:\n  - id: a', /reads like YAML: name the file \.yaml$/, { line: 1 }],
    ['yaml', 'a:\n  - id: @a/b', / @: put it in quotes$/, { line: 2, column: 9 }],
    ['yaml', 'a: "C:\\d"', /: write two backslashes for one, or use single quotes$/, { line: 1 }],
    ['yaml', 'a:\n  - id:b\n    c: d', /: put a space after the colon$/, { line: 2 }],
    ['yaml', 'a:\n  -id: b\n   c: d', /: put a space after the dash$/, { line: 2 }],
    ['yaml', 'a:\n  name: say: hello', /: put a text with a colon in quotes$/, { line: 2 }],
    ['yaml', 'a:\n  - id = b\n    c: d', /: this reads like TOML: /, { line: 2 }],
    ['yaml', 'models\n  - id: a', /: put a colon after the key$/, { line: 1 }],
    ['yaml', 'a: "b\nc: d', /: see which text above begins with one and is not closed$/, { line: 2 }],
    ['yaml', 'a:\n  - b: c\n    d: e\n   f: g', /: see whether this line is indented/, { line: 4 }],
    ['yaml', 'a:\n  b: c\n    d: e', /: see whether this line is indented/, { line: 2 }],
  ])('%s %j', async (format, text, message, position) => {
    const { data, problems } = await read(format, text);
    expect(data).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]!.message).toMatch(message);
    expect(problems[0]!.message).not.toContain('\n');
    expect(problems[0]!.position).toMatchObject(position!);
  });

  it.each<[GatewayFormat, string]>([
    ['json', '// later\n'],
    ['json', '/* later'],
    ['json', '# later\n\n# much later'],
    ['json', ''],
    ['yaml', '# later\n'],
    ['yaml', ''],
    ['toml', '# later\n'],
    ['toml', ''],
  ])('R-36: %s %j declares nothing, and is told so', async (format, text) => {
    const { data, problems } = await read(format, text);
    const declared = data === undefined ? problems : parseGatewayConfig(data).problems;
    expect(declared.map(({ message }) => message)).toEqual([
      'nothing is declared: use a table with models, alloys, cascades or dispatchers',
    ]);
  });

  it('looks for comments in a moment', async () => {
    const { problems } = await read('json', `${'#'.repeat(500_000)}\n${'/*/'.repeat(100_000)}x`);
    expect(problems).toHaveLength(1);
  });

  it.each<GatewayFormat>(['json', 'yaml', 'toml'])(
    'R-36: %s in UTF-16 is told what it is',
    async (format) => {
      const text = { json: '{ "a": 1 }', yaml: 'a: 1\n', toml: 'a = 1\n' }[format];
      const { data, problems } = await read(format, Buffer.from(text, 'utf16le').toString());
      expect(data).toBeUndefined();
      expect(problems.map(({ message }) => message)).toEqual([
        expect.stringMatching(/UTF-16 .*: save it as UTF-8/),
      ]);
    },
  );

  it.each<GatewayFormat>(['json', 'yaml', 'toml'])('%s may begin with a mark', async (format) => {
    const text = { json: '{ "a": 1 }', yaml: 'a: 1\n', toml: 'a = 1\n' }[format];
    expect((await read(format, `\uFEFF${text}`)).data).toEqual({ a: 1 });
  });

  it('reports a key that stands there twice', async () => {
    const json = await read('json', '{ "a": 1,\n "a": 2 }');
    const yaml = await read('yaml', 'b: 1\na: 1\na: 2');
    expect(json.problems).toMatchObject([{ message: /twice/, position: { line: 2, column: 2 } }].map(loose));
    expect(yaml.problems).toMatchObject([{ message: /twice/, position: { line: 3, column: 1 } }].map(loose));
  });

  it('follows the keys of TOML through nested tables, arrays and strings', async () => {
    const { positionOf } = await read(
      'toml',
      [
        '[[alloys]]',
        'id = "a"',
        '[[alloys.constituents]]',
        'list = [[1, 2],',
        '  { a = 1, b.c = 2 }]',
        '[[alloys.constituents]]',
        'model = """',
        'x = "1" """',
        '[alloys.constituents.deep]',
        '"q.r" = 1',
        "'s' = '''\n[not.a.header]'''",
        'when.metadata.tier = "gold"',
      ].join('\n'),
    );
    const second = ['alloys', 0, 'constituents', 1];
    expect(positionOf(['alloys', 0, 'constituents', 0, 'list', 1, 'b', 'c'])).toEqual({
      line: 5,
      column: 12,
    });
    expect(positionOf([...second, 'model'])).toEqual({ line: 7, column: 1 });
    expect(positionOf([...second, 'deep', 'q.r'])).toEqual({ line: 10, column: 1 });
    expect(positionOf([...second, 'deep', 'when', 'metadata'])).toEqual({ line: 13, column: 1 });
    expect(positionOf(second)).toEqual({ line: 6, column: 1 });
  });

  it('finds its way in YAML through an alias', async () => {
    const { data, positionOf } = await read('yaml', 'a: &x\n  b: 1\nc: *x');
    expect(data).toEqual({ a: { b: 1 }, c: { b: 1 } });
    expect(positionOf(['c', 'b'])).toEqual({ line: 2, column: 3 });
  });
});

describe('what could do harm', () => {
  it.each<[GatewayFormat, string]>([
    ['json', '{ "a": { "__proto__": { "polluted": true } }, "constructor": 1 }'],
    ['yaml', 'a:\n  __proto__:\n    polluted: true\nconstructor: 1'],
    ['toml', 'constructor = 1\n[a.__proto__]\npolluted = true'],
  ])('%s: keys that reach a prototype are refused', async (format, text) => {
    const { data, problems } = await read(format, text);
    expect(problems.map(({ path }) => path.at(-1)).toSorted()).toEqual(['__proto__', 'constructor']);
    expect(problems.every(({ position }) => position)).toBe(true);
    expect(data).toEqual({ a: {} });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  const bomb = Array.from({ length: 20 }, (_, index) =>
    index === 0 ? 'a0: &a0 [x]' : `a${index}: &a${index} [${`*a${index - 1},`.repeat(9)}]`,
  ).join('\n');
  it.each([
    ['aliases that multiply', bomb],
    ['an alias of itself', 'a: &a [*a]'],
    ['many aliases', `a: &a 1\nb: [${'*a,'.repeat(200_000)}]`],
    ['many anchors', Array.from({ length: 40_000 }, (_, index) => `- &a${index} *a${index}`).join('\n')],
    ['a large list, repeated', `a: &a [${'1,'.repeat(20_000)}]\nb: [${'*a,'.repeat(90)}]`],
    ['compact lists', '- '.repeat(300_000)],
    ['compact keys', '? '.repeat(300_000)],
    ['errors', '}'.repeat(1_000_000)],
    ['quotes', '"'.repeat(1_000_000)],
    ['directives', '%a\n'.repeat(300_000)],
    ['indentation', Array.from({ length: 1000 }, (_, index) => `${' '.repeat(index)}a:`).join('\n')],
  ])('YAML: %s', { timeout: 5000 }, async (_, text) => {
    const { data, problems } = await read('yaml', text);
    expect(data).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(100);
    expect(problems[0]!.message).not.toMatch(/call stack/);
  });
});

describe('positions take a moment', () => {
  const long = 'k'.repeat(400_000);
  it.each<[string, GatewayFormat, string, RegExp]>([
    ['of a dotted header', 'toml', `[${'a.'.repeat(500_000)}a]`, /nested more than 16/],
    ['of a dotted key', 'toml', `${'a.'.repeat(500_000)}a=1`, /nested more than 16/],
    [
      'of dotted keys in tables',
      'toml',
      `a=${`{${'a.'.repeat(60)}a=`.repeat(15)}[${'1,'.repeat(300_000)}]${'}'.repeat(15)}`,
      /nested|values/,
    ],
    [
      'below a long key',
      'toml',
      `[${long}]\nb=[${'1,'.repeat(45_000)}]\nconstructor=1`,
      /name is not allowed/,
    ],
    [
      'below a long key',
      'json',
      `{"${long}":[${'1,'.repeat(45_000)}{"constructor":1}]}`,
      /name is not allowed/,
    ],
    ['of a long text', 'toml', `a="""${'x"'.repeat(400_000)}x"""`, /characters/],
    ['of a plain text', 'toml', `a='''${"x'".repeat(400_000)}x'''`, /characters/],
  ])('%s: %s', async (_, format, text, message) => {
    const { problems, positionOf } = await read(format, text);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.message).toMatch(message);
    positionOf(['a', 'a', 'a']);
  });
});

it.each([
  ['no file', [undefined], /file is undefined/],
  ['another format', [{ text: '', format: 'ini' }], /format is "ini": use json, yaml or toml/],
  ['no text', [{ format: 'json' }], /text is undefined/],
  ['an unknown option', [{ text: '', format: 'json' }, { env: {} }], /no such option, only environment/],
  ['no environment', [{ text: '', format: 'json' }, { environment: null }], /environment is null/],
])('R-36: refuses %s', async (_, args, message) => {
  const error = await errorOf(readGatewayFile(...(args as Parameters<typeof readGatewayFile>)));
  expect(InvalidConfigurationError.isInstance(error)).toBe(true);
  expect((error as Error).message).toMatch(message);
});

describe('files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ai-alloy-load-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(['models.json', 'models.yaml', 'models.YML', 'models.toml'])('%s', async (name) => {
    const text = /json/.test(name) ? '{ "a": 1 }' : /toml/.test(name) ? 'a = 1' : 'a: 1';
    const file = join(folder, name);
    await writeFile(file, `\uFEFF${text}`);
    expect((await readGatewayFile(file)).data).toEqual({ a: 1 });
  });

  it('reads the environment of the process', async () => {
    const file = join(folder, 'home.json');
    await writeFile(file, '{ "a": "${PATH}" }');
    expect((await readGatewayFile(file)).data).toEqual({ a: process.env['PATH'] });
  });

  it.each([
    ['missing.json', /no such file/],
    ['models.ini', /ends in/],
    ['folder.json', /not a file/],
    ['zero.json', /not a file/],
    ['binary.json', /not UTF-8 text: save it as UTF-8/],
    ['utf16.json', /UTF-16 .*: save it as UTF-8/],
    ['utf16-marked.json', /UTF-16 .*: save it as UTF-8/],
    ['pipe.json', /not a file, but a pipe or a device/],
  ])('%s cannot be read', async (name, message) => {
    if (name === 'folder.json') await symlink(folder, join(folder, name));
    if (name === 'zero.json') await symlink('/dev/zero', join(folder, name));
    if (name === 'pipe.json') execFileSync('mkfifo', [join(folder, name)]);
    if (name === 'binary.json') await writeFile(join(folder, name), new Uint8Array([0x22, 0xff, 0x22]));
    if (name.startsWith('utf16')) {
      const text = `${name === 'utf16.json' ? '' : '\uFEFF'}{ "models": [] }`;
      await writeFile(join(folder, name), text, 'utf16le');
    }
    const error = await errorOf(readGatewayFile(join(folder, name)));
    expect(InvalidConfigurationError.isInstance(error)).toBe(true);
    expect((error as Error).message).toMatch(message);
  });

  it('is refused when it is larger than a megabyte', async () => {
    const file = join(folder, 'large.json');
    await writeFile(file, ' '.repeat(1_048_577));
    const { problems } = await readGatewayFile(file);
    expect(problems[0]!.message).toMatch(/larger/);
  });
});

function loose({ message, position }: { message: RegExp; position: object }) {
  return { message: expect.stringMatching(message) as string, position };
}
