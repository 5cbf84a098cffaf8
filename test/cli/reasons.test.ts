import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/index.ts';
import { runCli, temporaryFiles } from './command-line.ts';

const written = temporaryFiles();

const nested = `
models:
  - { id: small, context_window: 20000 }
  - { id: large, context_window: 200000 }
  - { id: huge, context_window: 1000000 }
alloys:
  - { id: mix, constituents: [large, huge], redraw: turn }
dispatchers:
  - id: inner
    order: smallest-first
    rules:
      - { id: tools, when: { has_tools: true }, target: huge }
      - { when: { metadata: { tier: [1, gold] } }, target: large }
    targets: [huge, small]
  - { id: outer, targets: [inner, mix, small] }
  - { id: turns, targets: [small, large, mix], fallback: true }
  - { id: limited, targets: [large, small, huge] }
  - { id: kept, targets: [small, large], reevaluate: sticky }
  - { id: rising, targets: [small, large], reevaluate: sticky-escalate, escalations: 2 }
  - { id: worst, targets: [small, large], reevaluate: worst-case, assume_session_max_tokens: 100000 }
  - id: ruled
    rules:
      - { when: { max_input_tokens: 10 }, target: small }
      - { when: { min_input_tokens: 1000000 }, target: small }
      - { when: { has_tools: false, has_images: true }, target: small }
      - { when: { has_files: true }, target: small }
      - { when: { response_format: json }, target: small }
      - { when: { text: refund }, target: small }
      - { when: { between: { from: "22:00", to: "23:00", time_zone: Asia/Tokyo } }, target: small }
      - { when: { metadata: { tier: gold } }, fits_target: true, target: small }
  - { id: wrapped, targets: [ruled, huge] }
  - id: sized
    rules:
      - { when: { max_input_tokens: 1000 }, target: huge }
      - { target: small, fits_target: true }
  - { id: gold, rules: [{ when: { metadata: { tier: gold } }, target: small }], targets: [huge] }
`;

interface Explained {
  readonly lines: readonly string[];
  /** The cells of the table, row by row. */
  readonly rows: readonly (readonly string[])[];
  readonly json: { readonly decision: Decision; readonly destination: string; readonly reasons: string[] };
}

async function explained(id: string, given: readonly string[], input = ''): Promise<Explained> {
  const file = await written('nested.yaml', nested);
  // There is a rule about the time of day.
  const args = given.includes('--at') ? given : [...given, '--at', '2026-01-31T12:00Z'];
  const [text, json] = await Promise.all([
    runCli(['explain', file, id, ...args], { input }),
    runCli(['explain', file, id, ...args, '--json'], { input }),
  ]);
  const all = text.stdout.trimEnd().split('\n');
  return {
    lines: all.filter((line) => !/^[┌├└│]/.test(line)),
    rows: all
      .filter((line) => line.startsWith('│'))
      .map((line) =>
        line
          .split('│')
          .map((cell) => cell.trim())
          .slice(1),
      ),
    json: JSON.parse(json.stdout) as Explained['json'],
  };
}

const calledIn = ({ rows }: Explained): string[][] =>
  rows.slice(1).map(([called = '', id = '']) => [called, id]);

describe('explain', () => {
  it('R-38: follows the order and the rules of nested primitives', async () => {
    const bySize = await explained('outer', ['--tokens', '100']);
    expect(bySize.json.destination).toBe('First call: inner → small.');
    const byRule = await explained('outer', ['--tokens', '100', '--has-tools']);
    expect(byRule.json.destination).toBe('First call: inner → huge.');
    expect(byRule.rows[1]![1]).toBe('inner (dispatcher: rule tools)');
  });

  it('R-33: says of each who would be called, and when', async () => {
    expect(calledIn(await explained('outer', ['--tokens', '100']))).toEqual([
      ['1', 'inner (dispatcher)'],
      ['if too long', 'huge'],
      ['1', 'small'],
      ['', 'large'], // only a rule leads to it
      ['', 'mix (alloy)'], // no larger than inner
      ['', 'large'],
      ['', 'huge'],
      ['', 'small'],
    ]);
    expect(calledIn(await explained('turns', ['--tokens', '100'])).slice(0, 3)).toEqual([
      ['1', 'small'],
      ['2, on failure', 'large'],
      ['3, on failure', 'mix (alloy)'],
    ]);
    expect(calledIn(await explained('limited', ['--tokens', '100']))).toEqual([
      ['1', 'large'],
      ['', 'small'],
      ['if too long', 'huge'],
    ]);
  });

  it('R-38: says why rules did not match', async () => {
    const args = ['--tokens', '100', '--metadata', 'tier="1"', '--at', '2026-01-31T23:30Z'];
    const { lines, json } = await explained('outer', args);
    const reasons = [
      'In inner: Rule tools (with tools) does not match: no tools.',
      'In inner: Rule 1 (tier = 1 or gold) does not match: tier is "1".',
    ];
    expect(lines.slice(1)).toEqual(['First call: inner → small.', ...reasons]);
    expect(json.reasons).toEqual(reasons);
    const { json: all } = await explained('ruled', [...args, '--has-tools']);
    expect(all.reasons.map((reason) => reason.replace(/^Rule \d .*? does not match: /, ''))).toEqual([
      'more input than that.',
      'less input than that.',
      'there are tools.',
      'no files.',
      'the response format is text.',
      'the last user message does not contain it.',
      'it is 08:30 Asia/Tokyo.',
      'tier is "1".',
    ]);
    expect(all.decision.unmatched).toHaveLength(8);
    const { json: large } = await explained('ruled', ['--tokens', '30000', '--metadata', 'tier=gold']);
    expect(large.reasons.at(-1)).toMatch(/^Rule 7 .* does not match: its target can't take the request\.$/);
    const { json: none } = await explained('ruled', ['--tokens', '30']);
    expect(none.reasons.at(-1)).toBe('Rule 7 (tier = gold, if it fits) does not match: no tier.');
  });

  it('shows the text of a variable in a rule, not its value', async () => {
    const rule = '{"when":{"metadata":{"tier":"${TIER}"}},"target":"a"}';
    const text = `{"models":[{"id":"a"}],"dispatchers":[{"id":"d","rules":[${rule}]}]}`;
    const file = await written('secret.json', text);
    const environment = { TIER: 'hush-hush' };
    const { stdout } = await runCli(['explain', file, 'd', '--text', 'Hello!'], { environment });
    expect(stdout).toContain('Rule 0 (tier = ${TIER}) does not match: no tier.');
    expect(stdout).not.toContain('hush');
  });

  it('tells what no rule of a nested dispatcher matches from what is too large', async () => {
    const { rows, json } = await explained('wrapped', ['--tokens', '100']);
    expect(rows[1]!.slice(0, 2)).toEqual(['', 'ruled (dispatcher)']);
    expect(rows[1]).toContain('no rule matches');
    expect(rows[2]).toContain('only by its rule');
    expect(json.destination).toBe('First call: huge.');
  });

  it('says what a sticky dispatcher and a worst-case one do', async () => {
    const kept = 'the conversation keeps its target; when it has outgrown that, it';
    const reasons = await Promise.all(
      ['kept', 'rising', 'worst'].map(async (id) => (await explained(id, ['--tokens', '100'])).json.reasons),
    );
    expect(reasons).toEqual([
      [`A first turn: ${kept} is refused.`],
      [`A first turn: ${kept} may go on to a larger one, 2 times at most.`],
      ['Counted as no less than 100000 input tokens: the worst case.'],
    ]);
  });

  it('R-31: follows a conversation, and refuses what has outgrown its target', async () => {
    const conversation = (id: string, text: string): string =>
      JSON.stringify([
        { role: 'user', content: 'Hello!' },
        {
          role: 'assistant',
          content: [{ type: 'text', text: 'Hello!', providerOptions: { 'ai-alloy': { [id]: 'small' } } }],
        },
        { role: 'user', content: text },
      ]);
    const short = await explained('kept', ['--messages', '-'], conversation('kept', 'Well …'));
    expect(short.lines[0]).toBe('dispatcher "kept": sticky');
    expect(short.json.reasons[0]).toMatch(/^A later turn: /);
    expect(calledIn(short)).toEqual([
      ['1', 'small'],
      ['', 'large'],
    ]);
    const ofOthers = await explained('kept', ['--messages', '-'], conversation('others', 'Well …'));
    expect(ofOthers.json.reasons[0]).toMatch(
      /^These messages contain no valid pick of "kept": as on a first turn, the conversation keeps/,
    );
    const refused = await explained('kept', ['--tokens', '1M']);
    expect(refused.json.reasons).toEqual([]);
    const long = 'Well … '.repeat(20_000);
    const { lines } = await explained('kept', ['--messages', '-'], conversation('kept', long));
    expect(lines.slice(1, 3)).toEqual([
      "Refused: the target that the conversation is kept to can't hold the request.",
      'Begin a new conversation, or let it go on to a larger target: reevaluate: sticky_escalate.',
    ]);
    const risen = await explained('rising', ['--messages', '-'], conversation('rising', long));
    expect(risen.lines.slice(0, 2)).toEqual(['dispatcher "rising": escalated', 'First call: large.']);
  });

  it('names the constituent that an alloy keeps while its tool call is pending', async () => {
    const call = { type: 'tool-call', toolCallId: '1', toolName: 'search', input: {} };
    const stamp = { providerOptions: { 'ai-alloy': { mix: 'huge' } } };
    const output = { type: 'text', value: 'found' };
    const messages = [
      { role: 'user', content: 'Search!' },
      { role: 'assistant', content: [{ ...call, ...stamp }] },
      { role: 'tool', content: [{ ...call, type: 'tool-result', output }] },
    ];
    const pending = await explained('mix', ['--messages', '-'], JSON.stringify(messages));
    expect(pending.json.destination).toBe('First call: huge.');
    expect(calledIn(pending).map(([called]) => called)).toEqual(['on failure', '1']);
  });

  const tooLarge = 'Shorten the request, ask for less output (maxOutputTokens), or';
  const refusals: [string, string, string, string][] = [
    [
      'small',
      '20000',
      'model "small" can\'t hold the request.',
      `small is too small by 4,096 tokens. ${tooLarge} use a larger model.`,
    ],
    [
      'limited',
      '1000000',
      'nothing in dispatcher "limited" can hold the request.',
      `huge is too small by 4,096 tokens. ${tooLarge} add a larger model.`,
    ],
    [
      'mix',
      '200000',
      'alloy "mix" takes only what all of its constituents can hold.',
      `large is too small by 4,096 tokens. ${tooLarge} use larger constituents.`,
    ],
    [
      'gold',
      '20000',
      "the target of rule 0 can't hold the request.",
      `small is too small by 4,096 tokens. ${tooLarge} set fits_target: the rule then matches only what its target can hold.`,
    ],
    [
      'sized',
      '30000',
      'nothing in dispatcher "sized" can hold the request.',
      `small is too small by 14,096 tokens. ${tooLarge} add a rule for it.`,
    ],
    [
      'ruled',
      '100000',
      'no rule matches, and there are no targets.',
      'Add targets, or a last rule without conditions.',
    ],
  ];

  it('R-32: tells what the target of a rule lacks, whatever it is called', async () => {
    const data = {
      models: [{ id: 'a', contextWindow: 10_000 }],
      dispatchers: [
        {
          id: 'd',
          targets: [{ model: 'a', id: 'named', contextWindow: 8000 }],
          rules: [
            { when: { metadata: { tier: 1 } }, target: { model: 'a', contextWindow: 9000 } },
            { when: { metadata: { tier: 2 } }, target: { model: 'a', contextWindow: 7000 } },
            { when: { metadata: { tier: 3 } }, target: 'a' },
          ],
        },
      ],
    };
    const file = await written('rules.json', JSON.stringify(data));
    const remedies = [1, 2, 3].map(async (tier) => {
      const { stdout } = await runCli(['explain', file, 'd', '--tokens', '6K', '--metadata', `tier=${tier}`]);
      return /^(.* is too small by .*?) tokens/m.exec(stdout)?.[1];
    });
    expect(await Promise.all(remedies)).toEqual([
      'a is too small by 1,240',
      'a#2 is too small by 3,240',
      'a#3 is too small by 240', // as it is declared
    ]);
  });

  it('R-32: means the target that is as declared, where others have sizes of their own', async () => {
    const data = {
      models: [{ id: 'a', contextWindow: 10_000 }],
      dispatchers: [
        {
          id: 'd',
          targets: [{ model: 'a', id: 'small', contextWindow: 8000 }, 'a'],
          rules: [{ when: { metadata: { tier: 1 } }, target: 'a' }],
        },
      ],
    };
    const file = await written('declared.json', JSON.stringify(data));
    const { stdout } = await runCli(['explain', file, 'd', '--tokens', '6K', '--metadata', 'tier=1']);
    expect(stdout).toContain('\na is too small by 240 tokens');
  });

  it('R-36: names options as the file spells them', async () => {
    const saidOf = async (contextWindow: string): Promise<string> => {
      const rules = [{ when: {}, target: 'a' }];
      const models = [{ id: 'a', [contextWindow]: 8000 }];
      const file = await written('spelt.json', JSON.stringify({ models, dispatchers: [{ id: 'd', rules }] }));
      return (await runCli(['explain', file, 'd', '--tokens', '10K'])).stdout;
    };
    expect(await saidOf('context_window')).toContain(', or set fits_target: the rule then');
    expect(await saidOf('contextWindow')).toContain(', or set fitsTarget: the rule then');
  });

  it.each(refusals)(
    'R-32: %s refuses %s tokens, and says what to do',
    async (id, tokens, refused, remedy) => {
      const { lines, json } = await explained(id, ['--tokens', tokens, '--metadata', 'tier=gold']);
      expect(lines.slice(1, 3)).toEqual([`Refused: ${refused}`, remedy]);
      expect(json).toMatchObject({ ok: false, refused: true, destination: `Refused: ${refused}`, remedy });
    },
  );
});
