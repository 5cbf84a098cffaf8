// What a dry run says of an alloy, which draws only in real calls.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { alloy, decisionOf, explain } from '../src/index.ts';
import { answers, apiError, callOf, errorOf, unsteady } from './support/models.ts';

const ids = ['a', 'b', 'c'] as const;

/** An alloy of which the given constituents go on cooldown, and a call that names members. */
const cases = fc.record({
  resting: fc.subarray([...ids]),
  only: fc.subarray([...ids], { minLength: 1 }),
  kept: fc.option(fc.constantFrom(...ids)),
  fallback: fc.boolean(),
  strategy: fc.constantFrom('weighted' as const, 'round-robin' as const),
  draw: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

it('R-38: order names a constituent exactly if that one is called first whatever is drawn', async () => {
  let [named, open] = [0, 0];
  await fc.assert(
    fc.asyncProperty(cases, async ({ resting, only, kept, fallback, strategy, draw }) => {
      let isBroken = true;
      const model = alloy({
        id: 'mix',
        redraw: 'conversation',
        strategy,
        fallback,
        cooldown: { failures: 1, ms: 60_000 },
        ...(strategy === 'weighted' && { random: () => draw }),
        constituents: ids.map((id) => ({
          id,
          model: unsteady(id, () => (isBroken && resting.includes(id) ? apiError(503) : undefined)),
          contextWindow: '64K',
        })),
      });
      const naming = (some: readonly string[]) => ({ providerOptions: { 'ai-alloy': { only: [...some] } } });
      for (const id of resting) await errorOf(model.doGenerate(callOf('Hi', naming([id]))));
      isBroken = false;
      const text = { type: 'text' as const, text: 'Hello!' };
      const stamp = kept === null ? {} : { providerOptions: { 'ai-alloy': { mix: kept } } };
      const messages = [
        { role: 'user' as const, content: [text] },
        { role: 'assistant' as const, content: [{ ...text, ...stamp }] },
        { role: 'user' as const, content: [text] },
      ];
      const dry = await explain(model, { messages, ...naming(only) });
      const real = decisionOf(await model.doGenerate({ prompt: messages, ...naming(only) }))!;
      const available = only.filter((id) => !resting.includes(id));
      const isCertain = available.length <= 1 || (kept !== null && available.some((id) => id === kept));
      expect(dry.order).toEqual(isCertain ? [real.order![0]] : undefined);
      if (isCertain) named++;
      else open++;
    }),
    { numRuns: 300 },
  );
  expect(Math.min(named, open)).toBeGreaterThan(20);
});

it('order names no constituent if the request fits none', async () => {
  const constituents = ids.map((id) => ({ model: answers(id), id, contextWindow: 10 }));
  const model = alloy({ id: 'mix', constituents });
  expect((await explain(model, { prompt: 'Hello!' })).order).toBeUndefined();
});
