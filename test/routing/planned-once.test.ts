import { createHook } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { cascade, dispatcher, type ModelReference, type RoutingModel } from '../../src/index.ts';
import { answers, callOf, generated, streamed, type Call } from '../support/models.ts';

/** What one call on a model costs. */
interface Counts {
  plans: number;
  walks: number;
  storeReads: number;
}

/** Sticky dispatchers inside one another, each with a rule that counts when it is asked: once for each plan. */
function nested(depth: number, inner: ModelReference, counts: Counts): RoutingModel {
  const store = {
    get: () => void counts.storeReads++,
    set: () => {},
  };
  const model = dispatcher({
    id: `level ${depth}`,
    rules: [
      {
        when: () => {
          counts.plans++;
          return false;
        },
        target: 'spare',
      },
    ],
    targets: [
      depth === 0 ? { model: inner, contextWindow: 100_000 } : nested(depth - 1, inner, counts),
      { id: 'spare', model: answers('spare'), contextWindow: 200_000 },
    ],
    reevaluate: 'sticky',
    session: { store },
  });
  return model;
}

const blend = (inner: ModelReference, contextWindow?: number): RoutingModel =>
  cascade({
    steps: [
      { model: inner, ...(contextWindow && { contextWindow }) },
      { model: answers('b'), contextWindow: 200_000 },
    ],
  });

/** A call whose prompt says when it is read. */
function counted(counts: Counts): Call {
  const call = callOf('Hello!', { providerOptions: { 'ai-alloy': { session: 's' } } });
  const [message] = call.prompt;
  const { content } = message!;
  Object.defineProperty(message, 'content', {
    get() {
      counts.walks++;
      return content;
    },
  });
  return call;
}

describe.each([generated, streamed])('a tree of primitives', (answer) => {
  it.each([0, 1, 2, 4])('R-34: is planned once, %i levels deep', async (depth) => {
    const counts: Counts = { plans: 0, walks: 0, storeReads: 0 };
    const model = nested(depth, answers('a'), counts);
    const call = counted(counts);
    await answer(model, call);
    const { plans, storeReads } = counts;
    expect({ plans, storeReads }).toEqual({ plans: depth + 1, storeReads: depth + 1 });
  });

  it.each([0, 1, 2, 4])(
    'R-5: the prompt is walked once for all plans and once by the middleware, %i levels deep',
    async (depth) => {
      const counts: Counts = { plans: 0, walks: 0, storeReads: 0 };
      let model = blend(answers('a'), 100_000);
      for (let level = 0; level < depth; level++) model = blend(model);
      await answer(model, counted(counts));
      expect(counts.walks).toBe(2);
    },
  );
});

/** How many promises one `doGenerate` makes. */
async function promisesOf(model: RoutingModel): Promise<number> {
  for (let times = 0; times < 3; times++) await model.doGenerate(callOf('warm up'));
  let count = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === 'PROMISE') count++;
    },
  });
  const call = callOf('Hello!');
  hook.enable();
  await model.doGenerate(call);
  hook.disable();
  return count;
}

it('R-40: a doGenerate makes few promises', async () => {
  const bare = answers('bare') as unknown as RoutingModel;
  const model = cascade({
    steps: ['a', 'b'].map((id) => ({ id, model: answers(id), contextWindow: 100_000 })),
  });
  const added = (await promisesOf(model)) - (await promisesOf(bare));
  expect(added).toBeGreaterThan(0);
  expect(added).toBeLessThanOrEqual(13); // 6 to 8 of them are wrapLanguageModel's
});
