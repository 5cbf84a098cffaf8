import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alloy,
  cascade,
  ContextWindowExceededError,
  decisionOf,
  dispatcher,
  explain,
  seededRandom,
  type AlloyOptions,
} from '../src/index.ts';
import { drawOrder } from '../src/routing/draw-order.ts';
import type { Member } from '../src/routing/router.ts';
import {
  answers,
  apiError,
  callOf,
  callOfTokens,
  callsOf,
  errorOf,
  fails,
  generated,
  streamed,
} from './support/models.ts';

const weights = { a: 5, b: 3, c: 2 };

function blend(options: Partial<AlloyOptions> = {}): ReturnType<typeof alloy> {
  const constituents = Object.entries(weights).map(([id, weight]) => ({
    model: answers(id),
    id,
    weight,
    contextWindow: '64K' as const,
  }));
  return alloy({ id: 'blend', constituents, ...options });
}

async function orderOf(model: ReturnType<typeof alloy>): Promise<string> {
  const { providerMetadata } = await model.doGenerate(callOf('Hi'));
  return decisionOf({ providerMetadata })!.order!.join('');
}

describe('drawing', () => {
  it('R-18: the six orders of 5/3/2 have their probabilities', async () => {
    const model = blend({ random: seededRandom(1) });
    const draws = 20_000;
    const counts: Record<string, number> = {};
    for (let draw = 0; draw < draws; draw++) {
      const order = await orderOf(model);
      counts[order] = (counts[order] ?? 0) + 1;
    }
    const expected = { abc: 0.3, acb: 0.2, bac: 0.214, bca: 0.086, cab: 0.125, cba: 0.075 };
    expect(Object.keys(counts).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [order, probability] of Object.entries(expected)) {
      // Four standard deviations; the seed makes it the same in every run.
      const tolerance = 4 * Math.sqrt((probability * (1 - probability)) / draws) + 0.0005;
      expect(Math.abs(counts[order]! / draws - probability)).toBeLessThan(tolerance);
    }
  });

  it('R-18: any order is a permutation, whatever the source of numbers does', () => {
    const source = fc.func(fc.oneof(fc.double(), fc.constantFrom(0, 1, Number.NaN, -1, 2)));
    const weight = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 8 }), source, (list, random) => {
        const members = list.map((each, index) => ({ weight: each, id: String(index) }) as Member);
        const order = drawOrder(members, random);
        expect(new Set(order)).toEqual(new Set(members));
        expect(order).toHaveLength(members.length);
      }),
    );
  });

  it('R-18: a seeded source makes a run reproducible, a throwing one breaks nothing', async () => {
    const run = async (): Promise<string[]> => {
      const model = blend({ random: seededRandom(42) });
      return [await orderOf(model), await orderOf(model), await orderOf(model)];
    };
    expect(await run()).toEqual(await run());
    const broken = blend({
      random: () => {
        throw new Error('no entropy');
      },
    });
    expect((await orderOf(broken)).length).toBe(3);
  });

  it('R-18: round-robin rotates the whole list by one per call', async () => {
    const model = blend({ strategy: 'round-robin' });
    const orders = [];
    for (let call = 0; call < 4; call++) orders.push(await orderOf(model));
    expect(orders).toEqual(['abc', 'bca', 'cab', 'abc']);
  });

  it('R-18: a refused alloy takes no turn', async () => {
    const model = blend({ strategy: 'round-robin' });
    await errorOf(generated(model, callOfTokens(70_000)));
    expect(await orderOf(model)).toBe('abc');
  });

  it('R-18: an unreached alloy takes no turn', async () => {
    const inner = blend({ strategy: 'round-robin' });
    const outer = cascade({ steps: [answers('first'), inner] });
    await generated(outer, callOf('Hi'));
    expect(await orderOf(inner)).toBe('abc');
  });

  it('shares are in the decision', async () => {
    const { providerMetadata } = await blend().doGenerate(callOf('Hi'));
    expect(providerMetadata?.['ai-alloy']).toMatchObject({
      kind: 'alloy',
      reason: 'weighted',
      candidates: [{ share: 0.5 }, { share: 0.3 }, { share: 0.2 }],
    });
  });
});

describe('size', () => {
  const constituents = [
    { model: answers('large'), contextWindow: 20_000 },
    { model: answers('small'), contextWindow: 10_000, capacityFraction: 0.9 },
  ];

  it.each([generated, streamed])(
    "R-17: a request that some constituent can't hold is refused, with the numbers",
    async (answer) => {
      const model = alloy({ id: 'blend', constituents });
      expect(await answer(model, callOfTokens(9000 - 4096))).toMatch(/large|small/);
      const error = await errorOf(answer(model, callOfTokens(9000 - 4095)));
      expect(error).toSatisfy(ContextWindowExceededError.isInstance);
      expect((error as Error).message).toContain(
        'mock/small: 4905 input + 4096 output = 9001 tokens, ceiling 9000',
      );
      expect(constituents.map(({ model: { doStreamCalls } }) => doStreamCalls.length + 1)).not.toContain(0);
    },
  );

  it("R-17: by each one's own demand", async () => {
    const model = alloy({
      constituents: [
        { model: answers('a'), contextWindow: 20_000 },
        { model: answers('b'), contextWindow: 20_000, estimator: { charsPerToken: 0.35 } },
      ],
    });
    expect(await errorOf(generated(model, callOfTokens(2000)))).toSatisfy(
      ContextWindowExceededError.isInstance,
    );
  });

  it("R-16, R-17: minContextWindow is the alloy's ceiling, below what its constituents hold", async () => {
    const model = alloy({ id: 'blend', constituents, minContextWindow: 5000 });
    expect(await generated(model, callOfTokens(904))).toMatch(/large|small/);
    const error = await errorOf(generated(model, callOfTokens(905)));
    expect(decisionOf(error)?.candidates).toMatchObject([
      { ceiling: 5000, fits: false },
      { ceiling: 5000, fits: false },
    ]);
  });

  it('R-16: a constituent whose ceiling does not reach minContextWindow is a construction error', () => {
    expect(() => alloy({ id: 'blend', constituents, minContextWindow: 9001 })).toThrow(
      'alloy "blend": constituents[1].contextWindow × capacityFraction is 9000: "mock/small" is below minContextWindow (9001): lower that',
    );
    expect(() => alloy({ constituents, minContextWindow: 9000 })).not.toThrow();
  });
});

describe.each([generated, streamed])('fallback', (answer) => {
  const bothOrders = async (model: ReturnType<typeof alloy>): Promise<Set<string>> => {
    const seen = new Set<string>();
    for (let call = 0; call < 20; call++)
      seen.add(await answer(model, callOf('Hi')).catch((error: Error) => error.message));
    return seen;
  };

  it('R-19: the rest of the order are fallbacks', async () => {
    const down = fails('down');
    const constituents = [down, answers('up')].map((model) => ({ model, contextWindow: '8K' as const }));
    expect(await bothOrders(alloy({ constituents, random: seededRandom(3) }))).toEqual(new Set(['up']));
    expect(callsOf(down)).toBeGreaterThan(0);
  });

  it('R-19: fallback: false turns it off', async () => {
    const constituents = [fails('down'), answers('up')].map((model) => ({
      model,
      contextWindow: '8K' as const,
    }));
    const model = alloy({ constituents, fallback: false, random: seededRandom(3) });
    expect(await bothOrders(model)).toEqual(new Set(['up', 'failed']));
  });

  it("R-24: compares the constituents' own ceilings, not the alloy's", async () => {
    const overflow = (): unknown => apiError(400, { message: 'input is too long for requested model' });
    const constituents = [
      { model: fails('liar', overflow), contextWindow: '64K' as const },
      { model: answers('larger'), contextWindow: '128K' as const },
    ];
    const model = alloy({ constituents, minContextWindow: '32K', strategy: 'round-robin' });
    expect(await answer(model, callOf('Hi'))).toBe('larger');
  });
});

describe('R-38: explain tells of an alloy', () => {
  const sized = (model: ReturnType<typeof fails>) => ({ model, contextWindow: '8K' as const });
  const sharesOf = async (model: ReturnType<typeof alloy>) =>
    (await explain(model, { prompt: 'Hi' })).candidates.map(({ share }) => share);

  it('shares among those that may be drawn: none of a constituent on cooldown', async () => {
    const constituents = [fails('a'), answers('b'), answers('c')].map((model, index) => ({
      ...sized(model),
      weight: [2, 1, 3][index]!,
    }));
    const model = alloy({ constituents, cooldown: { failures: 1, ms: 60_000 }, random: () => 0 });
    expect(await sharesOf(model)).toEqual([2 / 6, 1 / 6, 3 / 6]);
    await model.doGenerate(callOf('Hi'));
    expect(await sharesOf(model)).toEqual([undefined, 1 / 4, 3 / 4]);
  });

  it('no shares where all are on cooldown: the one whose cooldown ends first is called without a draw', async () => {
    const model = alloy({
      constituents: [fails('a'), fails('b')].map(sized),
      cooldown: { failures: 1, ms: 60_000 },
    });
    await errorOf(model.doGenerate(callOf('Hi')));
    expect(await sharesOf(model)).toEqual([undefined, undefined]);
  });

  it('whether it would refuse a request, as of every primitive', async () => {
    const members = [answers('a'), answers('b')].map(sized);
    const primitives = [
      alloy({ constituents: members }),
      cascade({ steps: members }),
      dispatcher({ targets: members }),
      dispatcher({ targets: [alloy({ constituents: members })] }),
    ];
    for (const model of primitives) {
      expect((await explain(model, { prompt: 'Hi' })).outcome).toBeUndefined();
      expect((await explain(model, { prompt: 'word '.repeat(50_000) })).outcome).toBe('refused');
    }
    const ruled = dispatcher({ rules: [{ when: () => false, target: answers('a') }] });
    expect((await explain(ruled, { prompt: 'Hi' })).outcome).toBe('refused');
  });
});
