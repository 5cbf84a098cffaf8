// What the playground answers, without its page: site/test has that.
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerTo, type Question, type Reply } from '../../site/playground/engine.ts';

type Answered = Extract<Reply, { type: 'answer' }>;

async function answer(
  question: Omit<Partial<Question>, 'gateway'> & { gateway?: string },
): Promise<Answered> {
  const reply = await answerTo({
    request: { tokens: '1000', ...question.request },
    models: {},
    ...question,
    gateway: { text: question.gateway ?? gateway, format: 'yaml' },
  });
  if (reply.type !== 'answer') throw new Error(JSON.stringify(reply));
  return reply;
}

/** Rows of the table: candidate, when it is called, verdict. */
const rowsOf = ({ table }: Answered): string[] =>
  [...table.matchAll(/<tr class="\w+">(.*?)<\/tr>/g)].map(([, row = '']) =>
    row
      .replaceAll(/<\/t[dh]>/g, '|')
      .replaceAll(/<[^>]+>/g, '')
      .replace(/\|$/, ''),
  );

const gateway = `
models:
  - { id: x/a, context_window: 10000, price: { input: 1, output: 10 } }
  - { id: x/b, context_window: 20000, price: { input: 2, output: 20 } }
  - { id: x/c, context_window: 90000 }
cascades:
  - { id: safe, steps: [x/a, x/b, x/c], cooldown: { failures: 3, ms: 1000 }, retries: 2 }
  - { id: plain, steps: [x/a, x/b] }
  - { id: outer, steps: [safe, plain] }
dispatchers:
  - { id: first, targets: [x/a, x/c] }
`;

// The worker of the playground does the same: no waiting before retries.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

it('says where a request goes, and what it costs at most', async () => {
  const reply = await answer({ id: 'plain', request: { tokens: '1000', maxOutputTokens: '500' } });
  expect(reply.said).toBe('First call: x/a.');
  // a thousand tokens by the default estimator, and 500 of output: 0.001 + 0.005 dollars
  expect(rowsOf(reply)).toEqual([
    'first|x/a|1,500|10,000|$0.006|fits',
    '2, on failure|x/b|1,500|20,000|$0.012|fits',
  ]);
  expect(reply.ids).toEqual(['first', 'safe', 'plain', 'outer', 'x/a', 'x/b', 'x/c']);
  expect(reply.models).toEqual(['x/a', 'x/b', 'x/c']);
});

it('says what a model does not support', async () => {
  const text = `
models: [{ id: x/a, context_window: 90000, supports: { images: false, json: false } }, { id: x/b, context_window: 90000 }]
cascades: [{ id: c, steps: [x/a, x/b] }]
`;
  const reply = await answer({ gateway: text, id: 'c', request: { tokens: '1000', hasImages: true } });
  expect(reply.said).toBe('First call: x/b.');
  expect(rowsOf(reply)[0]).toMatch(/^\|x\/a\|.*\|does not support images$/);
  expect(reply.across).toContain('no images, no json');
});

it('says by how much a model is too small, and no cost of it', async () => {
  const reply = await answer({ id: 'plain', request: { tokens: '12000', maxOutputTokens: '500' } });
  expect(rowsOf(reply)[0]).toBe('|x/a|12,500|10,000||too large by 2,500');
});

it.each([
  ['down', 'failed: server-error (503)'],
  ['rate-limited', 'failed: rate-limit (429)'],
] as const)('calls models as they are: %s', async (state, verdict) => {
  const reply = await answer({ id: 'outer', models: { 'x/a': state, 'x/b': state } });
  expect(reply.said).toBe('First call: safe → x/a. Answered by safe → x/c.');
  expect(rowsOf(reply).map((row) => row.split('|').at(-1))).toEqual([
    'answered',
    verdict,
    verdict,
    'answered',
    'fits',
    'fits',
    'fits',
  ]);
});

it('a wrong key does not fall through, and neither does a dispatcher', async () => {
  const wrongKey = await answer({ id: 'outer', models: { 'x/a': 'wrong-key' } });
  expect(wrongKey.said).toBe('First call: safe → x/a. The call fails: Incorrect API key provided');
  const down = await answer({ id: 'first', models: { 'x/a': 'down' } });
  expect(down.said).toBe('First call: x/a. The call fails: Service unavailable');
});

it('all models down: what the library throws', async () => {
  const reply = await answer({ id: 'plain', models: { 'x/a': 'down', 'x/b': 'down' } });
  expect(reply.said).toMatch(/The call fails: .*all attempts failed/);
});

it('a model on cooldown is last where a cooldown is declared, and a note says where none is', async () => {
  const models = { 'x/a': 'on-cooldown' } as const;
  const inside = await answer({ id: 'safe', models });
  expect(inside.said).toBe('First call: x/b.');
  expect(rowsOf(inside)[0]).toMatch(/^3, on failure\|x\/a\|.*\|on cooldown: last$/);
  expect(inside.sentences).not.toContain('changes nothing');
  const outside = await answer({ id: 'plain', models });
  expect(outside.said).toBe('First call: x/a.');
  expect(outside.sentences).toContain('no primitive with x/a declares a cooldown');
});

it('the time is that of the question, and the real one afterwards', async () => {
  const night = `
models: [{ id: x/a, context_window: 10000 }, { id: x/b, context_window: 10000 }]
dispatchers:
  - id: d
    targets: [x/a]
    rules: [{ when: { between: { from: '22:00', to: '06:00', time_zone: UTC } }, target: x/b }]
`;
  const before = Date;
  const again = await answer({ gateway: night, at: '2026-01-31T23:00Z' });
  expect(again.said).toBe('First call: x/b.');
  expect((await answer({ gateway: night, at: '2026-01-31T12:00Z' })).said).toBe('First call: x/a.');
  expect(again.asked.hasTimes).toBe(true);
  expect(Date).toBe(before);
});

it('problems have their places', async () => {
  const text = 'models:\n  - id: a\n    context_window: 0\n';
  const reply = await answerTo({ gateway: { text, format: 'yaml' }, request: { tokens: '100' }, models: {} });
  expect(reply).toMatchObject({ type: 'problems', problems: [{ position: { line: 3, column: 5 } }] });
  const nothing = await answerTo({
    gateway: { text: '{}', format: 'json' },
    request: { tokens: '100' },
    models: {},
  });
  expect(nothing.type).toBe('problems');
});

it('a request that is not valid says so, and keeps what the gateway offers', async () => {
  const reply = await answerTo({
    gateway: { text: gateway, format: 'yaml' },
    request: { tokens: '13', text: 'more text than thirteen tokens hold, whatever they are' },
    models: {},
  });
  expect(reply).toMatchObject({ type: 'wrong-request', ids: expect.arrayContaining(['safe']) as unknown });
});

it('counts a file with tiktoken by estimates, with a note', async () => {
  const text = readFileSync(new URL('../../examples/gateway/models.toml', import.meta.url), 'utf8');
  const reply = await answerTo({ gateway: { text, format: 'toml' }, request: { tokens: '5K' }, models: {} });
  expect(reply).toMatchObject({ type: 'answer', id: 'kimi-smart', asked: { metadata: ['tier=gold'] } });
  expect((reply as Answered).sentences).toContain('the default estimator counts instead');
});

it.each([
  ['a time that there is not', { at: '2026-02-31T00:00Z' }, 'there is no such time'],
  [
    'an answer longer than any',
    { request: { tokens: '100', maxOutputTokens: '1000000000000000' } },
    'use at most',
  ],
  [
    'members that there are not',
    { request: { tokens: '100', metadata: ['only=nobody'] } },
    'no member is called so',
  ],
])('a request with %s keeps what the gateway offers', async (_what, question, message) => {
  const before = Date;
  const reply = await answerTo({
    gateway: { text: gateway, format: 'yaml' },
    request: { tokens: '100' },
    models: {},
    ...question,
  });
  expect(reply).toMatchObject({ type: 'wrong-request', ids: expect.arrayContaining(['safe']) as unknown });
  expect((reply as { message: string }).message).toContain(message);
  expect(Date).toBe(before);
});

describe('an alloy', () => {
  const alloys = `
models: [{ id: x/a, context_window: 90000 }, { id: x/b, context_window: 90000 }, { id: x/c, context_window: 90000 }]
alloys:
  - { id: drawn, constituents: [x/a, x/b, x/c], cooldown: { failures: 1, ms: 1000 } }
  - { id: one, constituents: [x/a, x/b, x/c], cooldown: { failures: 1, ms: 1000 }, fallback: false }
cascades: [{ id: around, steps: [drawn, x/a] }]
`;
  const calledIn = (reply: Answered): unknown[] => rowsOf(reply).map((row) => row.split('|')[0]);
  const resting = (...ids: string[]) => Object.fromEntries(ids.map((id) => [id, 'on-cooldown' as const]));

  it.each([
    [[], 'First call: one of x/a, x/b, x/c.', ['drawn', 'drawn', 'drawn']],
    [['x/a'], 'First call: one of x/b, x/c.', ['on failure', 'drawn', 'drawn']],
    [['x/a', 'x/c'], 'First call: x/b.', ['on failure', 'first', 'on failure']],
    [['x/a', 'x/b', 'x/c'], 'First call: x/a.', ['first', 'on failure', 'on failure']],
  ])('of which %j are on cooldown calls the others first', async (ids, said, called) => {
    const reply = await answer({ gateway: alloys, id: 'drawn', models: resting(...ids) });
    expect([reply.said, calledIn(reply)]).toEqual([said, called]);
    expect(reply.across).toMatch(/class="box alloy first"/);
    const around = await answer({ gateway: alloys, id: 'around', models: resting(...ids) });
    expect(around.said).toBe(said.replace('First call: ', 'First call: drawn → '));
  });

  it('without fallback calls nobody else', async () => {
    const reply = await answer({ gateway: alloys, id: 'one', models: resting('x/a', 'x/c') });
    expect([reply.said, calledIn(reply)]).toEqual(['First call: x/b.', ['', 'first', '']]);
  });
});

it('ids are only names, also those that every object has', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const models = names.map((id) => ({ id, context_window: 90_000 }));
  const text = JSON.stringify({ models, cascades: [{ id: 'valueOf', steps: names }] });
  const ask = async (states: Question['models']): Promise<Answered> =>
    (await answerTo({
      gateway: { text, format: 'json' },
      request: { tokens: '100' },
      models: states,
    })) as Answered;
  expect((await ask({})).said).toBe('First call: __proto__.');
  const down = JSON.parse('{ "__proto__": "down", "constructor": "down" }') as Question['models'];
  expect((await ask(down)).said).toBe('First call: __proto__. Answered by toString.');
});
