import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionOf, dispatcher } from '../../src/index.ts';
import { inTime, useFakeTime } from '../support/fake-time.ts';
import { apiError, textOfTokens, tooLong, unsteady, type Call } from '../support/models.ts';

useFakeTime();

const ids = ['a', 'b', 'c', 'd'] as const;
const user = (text: string) => ({ role: 'user' as const, content: [{ type: 'text' as const, text }] });

/** What a target does in a turn. */
const deeds = fc.constantFrom('answers', 'answers', 'answers', 'fails', 'fails once', 'too long');

const conversations = fc.record({
  windows: fc.subarray([300, 700, 1500, 3000], { minLength: 3 }),
  reevaluate: fc.constantFrom('sticky', 'sticky-escalate'),
  escalations: fc.integer({ min: 1, max: 2 }),
  fallback: fc.boolean(),
  retries: fc.constantFrom(0, 1),
  rests: fc.boolean(),
  keeps: fc.constantFrom('stamps', 'a store'),
  turns: fc.array(
    fc.record({
      more: fc.integer({ min: 0, max: 500 }),
      deeds: fc.array(deeds, { minLength: 4, maxLength: 4 }),
    }),
    { minLength: 4, maxLength: 10 },
  ),
});

type Conversation = typeof conversations extends fc.Arbitrary<infer Value> ? Value : never;

/** Whom a conversation was kept to, whatever befell its targets, and how often it went on to a larger one. */
async function picksOf({ windows, turns, rests, keeps, reevaluate, escalations, ...options }: Conversation) {
  const store = new Map<string, string>();
  let now: readonly string[] = [];
  const tries = new Map<string, number>();
  const target = (contextWindow: number, index: number) => {
    const id = ids[index]!;
    const model = unsteady(id, () => {
      tries.set(id, (tries.get(id) ?? 0) + 1);
      const deed = now[index];
      if (deed === 'too long') return tooLong();
      const fails = deed === 'fails' || (deed === 'fails once' && tries.get(id) === 1);
      return fails ? apiError(503) : undefined;
    });
    return { id, model, contextWindow };
  };
  const model = dispatcher({
    id: 'd',
    order: 'smallest-first',
    reevaluate,
    ...options,
    ...(reevaluate === 'sticky-escalate' && { escalations }),
    ...(rests && options.fallback && { cooldown: { failures: 1, ms: 60_000 } }),
    ...(keeps === 'a store' && {
      session: { store: { get: (key) => store.get(key), set: (key, value) => void store.set(key, value) } },
    }),
    targets: windows.map(target),
  });
  const prompt: Call['prompt'] = [];
  const picks: string[] = [];
  let promotions = 0;
  const call = { maxOutputTokens: 10, providerOptions: { 'ai-alloy': { session: 's' } } };
  for (const turn of turns) {
    now = turn.deeds;
    tries.clear();
    prompt.push(user(textOfTokens(20 + turn.more)));
    const result = await inTime(model.doGenerate({ prompt: [...prompt], ...call })).catch(() => undefined);
    const { reason, attempts = [], candidates = [] } = decisionOf(result) ?? {};
    const isByChoice =
      attempts.every(({ id }) => id === attempts[0]!.id) &&
      !candidates.some(({ skipped }) => skipped === 'resting');
    if (reason === 'escalated' && isByChoice) promotions++;
    const [part] = (result?.content ?? []) as {
      text: string;
      providerMetadata?: { 'ai-alloy': { d: string } };
    }[];
    const stamp = part?.providerMetadata?.['ai-alloy'].d;
    if (part) {
      const { providerMetadata } = part;
      const text = {
        type: 'text' as const,
        text: part.text,
        ...(providerMetadata && { providerOptions: providerMetadata }),
      };
      prompt.push({ role: 'assistant', content: [text] });
    }
    if (keeps === 'a store')
      picks.splice(0, picks.length, ...(JSON.parse(store.get('session:d:s') ?? '[]') as string[]));
    else if (stamp !== undefined && stamp !== picks.at(-1)) picks.push(stamp);
  }
  return { picks, promotions };
}

describe('R-31: whatever befalls the targets of a conversation', () => {
  it('goes on to larger ones only, as often as it may', async () => {
    const seen = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(conversations, async (conversation) => {
        const { picks, promotions } = await picksOf(conversation);
        const sizes = picks.map((id) => conversation.windows[ids.indexOf(id as 'a')]!);
        const most = conversation.reevaluate === 'sticky' ? 0 : conversation.escalations;
        seen[Math.min(picks.length, 3) - 1]! += 1;
        expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
        expect(Math.max(picks.length - 1, promotions)).toBeLessThanOrEqual(most);
      }),
      { numRuns: 1500 },
    );
    expect(Math.min(...seen)).toBeGreaterThan(10);
  });
});
