// The playground reads its state from its URL, which may come from anybody.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { examples } from '../../site/playground/examples.ts';
import { fromHash, initialState, toHash, type State } from '../../site/playground/state.ts';

/** A link that holds these data, as `toHash` writes it. */
async function hashOf(data: unknown): Promise<string> {
  const packed = new Blob([JSON.stringify(data)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return Buffer.from(await new Response(packed).arrayBuffer()).toString('base64url');
}

it.each<[string, unknown]>([
  ['no state', null],
  ['a list', ['down']],
  ['an id that is no text', { id: 5 }],
  ['a size that is no number', { tokens: '5' }],
  ['a size below zero', { tokens: -5 }],
  ['a size without end', { tokens: 1e300 }],
  ['a part of a token', { tokens: 16.5 }],
  ['a longest answer below zero', { maxOutputTokens: -1 }],
  ['a format that there is not', { format: 'xml' }],
  ['an example that there is not', { example: 'constructor' }],
  ['a field that there is not', { toString: 'x', constructor: { tokens: 5 } }],
  ['a prototype', JSON.parse('{ "__proto__": { "tokens": 5 } }')],
  ['a day that there is not', { at: '2026-02-31T00:00' }],
  ['an hour that there is not', { at: '2026-01-31T24:01' }],
  ['a time with more behind it', { at: '2026-01-31T23:00Z' }],
  ['a state of a model that there is not', { models: { 'x/a': 'asleep' } }],
  ['a state that every object has', { models: { 'x/a': 'constructor' } }],
  ['a list of states', { models: ['down', 5] }],
  ['metadata that are no texts', { metadata: [{ a: 1 }] }],
])('leaves out %s', async (_what, data) => {
  expect(await fromHash(await hashOf(data))).toEqual(initialState());
  expect(({} as { tokens?: number }).tokens).toBeUndefined();
});

it('keeps what is right beside what is wrong, and a size within its limits', async () => {
  const right = { hasTools: true, tokens: 5, models: JSON.parse('{ "__proto__": "down" }') as unknown };
  const read = await fromHash(await hashOf({ ...right, id: 5, at: 'now' }));
  expect(read).toEqual({ ...initialState(), ...right, tokens: 16 });
  expect(Object.keys(read!.models)).toEqual(['__proto__']);
});

it.each(['%', '????', 'AAAA', '.'.repeat(100), 'constructor'])('reads nothing in #%s', async (hash) => {
  expect(await fromHash(hash)).toBeUndefined();
});

const states: fc.Arbitrary<State> = fc.record({
  format: fc.constantFrom('yaml', 'toml', 'json'),
  text: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...examples.map(({ text }) => text))),
  id: fc.string({ unit: 'binary' }),
  tokens: fc.integer({ min: 16, max: 2_000_000 }),
  beginning: fc.string({ unit: 'binary' }),
  maxOutputTokens: fc.option(fc.integer({ min: 1 }), { nil: undefined }),
  hasTools: fc.boolean(),
  hasImages: fc.boolean(),
  hasFiles: fc.boolean(),
  isJson: fc.boolean(),
  metadata: fc.array(fc.string({ unit: 'binary' })),
  at: fc.constantFrom('', '2026-01-31T23:30', '2024-02-29T00:00'),
  models: fc.dictionary(
    fc.string(),
    fc.constantFrom('up', 'down', 'rate-limited', 'wrong-key', 'on-cooldown'),
  ),
});

it('a link brings back what was set', async () => {
  await fc.assert(
    fc.asyncProperty(states, async (state) => {
      const hash = await toHash(state);
      expect(hash).toMatch(/^[\w-]*$/);
      // Field by field: toEqual would not tell own fields from those of the prototype.
      expect(JSON.stringify(await fromHash(hash))).toBe(JSON.stringify(state));
    }),
  );
});
