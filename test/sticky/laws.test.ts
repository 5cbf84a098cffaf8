import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionOf, dispatcher, type Decision } from '../../src/index.ts';
import { answers, textOfTokens, type Call } from '../support/models.ts';

const ids = ['a', 'b', 'c', 'd'] as const;
const user = (text: string) => ({ role: 'user' as const, content: [{ type: 'text' as const, text }] });
const answered = (target: string) => ({
  role: 'assistant' as const,
  content: [{ type: 'text' as const, text: 'Yes.', providerOptions: { 'ai-alloy': { d: target } } }],
});

/** Targets by their sizes, what the conversation says of its picks, and how large it is. */
const cases = fc.record({
  windows: fc.array(fc.option(fc.integer({ min: 60, max: 3000 }), { freq: 4 }), {
    minLength: 1,
    maxLength: 4,
  }),
  order: fc.constantFrom('declared', 'smallest-first'),
  reevaluate: fc.constantFrom('sticky', 'sticky-escalate'),
  escalations: fc.integer({ min: 1, max: 3 }),
  // Whoever sends a conversation may say anything.
  picks: fc.array(fc.oneof(fc.constantFrom(...ids), fc.constantFrom('nobody', '__proto__', '')), {
    maxLength: 6,
  }),
  tokens: fc.integer({ min: 20, max: 3500 }),
});

type Request = typeof cases extends fc.Arbitrary<infer Value> ? Value : never;

async function decide({ windows, order, reevaluate, escalations, picks, tokens }: Request) {
  const model = dispatcher({
    id: 'd',
    order,
    reevaluate,
    ...(reevaluate === 'sticky-escalate' && { escalations }),
    targets: windows.map((contextWindow, index) => ({
      id: ids[index]!,
      model: answers(ids[index]!),
      ...(contextWindow !== null && { contextWindow }),
    })),
  });
  const prompt: Call['prompt'] = [
    ...picks.flatMap((pick) => [user('Hi'), answered(pick)]),
    user(textOfTokens(tokens)),
  ];
  const outcome: unknown = await Promise.resolve(model.doGenerate({ prompt, maxOutputTokens: 10 })).catch(
    (error: unknown) => error,
  );
  return decisionOf(outcome)!;
}

/** What came of a request, and which laws hold of it; a law that isn't about it holds. */
function judge({ picks, escalations, reevaluate }: Request, { candidates, answeredBy, reason }: Decision) {
  const find = (id: string | undefined) => candidates.find((each) => each.id === id);
  const sizeOf = (id: string): number => find(id)!.ceiling ?? Infinity;
  const known = picks.filter(find);
  const last = known.at(-1);
  const isKept = last !== undefined && find(last)!.fits;
  const way = [...known, ...(answeredBy === undefined ? [] : [answeredBy])].map(sizeOf);
  const promotions = way.filter((size, index) => index > 0 && size > way[index - 1]!).length;
  const isEscalated = reason === 'escalated';
  return {
    outcome: last === undefined ? 'first' : isKept ? 'kept' : isEscalated ? 'escalated' : 'refused',
    laws: {
      'only what fits is called': answeredBy === undefined || find(answeredBy)!.fits,
      'a first turn picks as ever':
        last !== undefined ||
        (/^(first-fit|smallest-first)$/.test(reason) &&
          (answeredBy !== undefined) === candidates.some((each) => each.fits)),
      'a pick that fits is kept': !isKept || (reason === 'sticky' && answeredBy === last),
      'one that is outgrown ends the conversation, or it grows':
        last === undefined ||
        isKept ||
        (isEscalated ? sizeOf(answeredBy!) > sizeOf(last) : answeredBy === undefined),
      'as often as it may': !isEscalated || (reevaluate === 'sticky-escalate' && promotions <= escalations),
    },
  };
}

describe('R-31: whatever a conversation says of its picks', () => {
  it('keeps to the laws', async () => {
    const seen: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(cases, async (request) => {
        const { outcome, laws } = judge(request, await decide(request));
        seen[outcome] = (seen[outcome] ?? 0) + 1;
        expect(Object.entries(laws).filter(([, holds]) => !holds)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
    // Each was met, so that no law was empty.
    expect(['first', 'kept', 'escalated', 'refused'].filter((outcome) => (seen[outcome] ?? 0) < 20)).toEqual(
      [],
    );
  });
});
