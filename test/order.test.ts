import { afterEach, describe, expect, it, vi } from 'vitest';
import { simulateReadableStream } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import {
  alloy,
  cascade,
  decisionOf,
  dispatcher,
  explain,
  InvalidConfigurationError,
  type RankedCandidate,
} from '../src/index.ts';
import {
  answers,
  apiError,
  callOf,
  callOfTokens,
  errorOf,
  fails,
  generated,
  streamed,
  textParts,
  textResult,
} from './support/models.ts';

const step = (id: string, own: object = {}) => ({ id, model: answers(id), contextWindow: 100_000, ...own });
const cheap = { price: { input: 1, output: 2 } };
const dear = { price: { input: 10, output: 20 } };

describe.each([generated, streamed])('R-48: an order function', (answer) => {
  it('gets the candidates that fit, and says who is tried in which order', async () => {
    const seen: (readonly RankedCandidate[])[] = [];
    const model = cascade({
      steps: [
        step('small', { contextWindow: 4200 }),
        step('a', cheap),
        { ...step('b'), model: fails('b') },
        step('c'),
      ],
      order(candidates) {
        seen.push(candidates);
        return candidates.toReversed().filter(({ id }) => id !== 'c');
      },
    });
    expect(await answer(model, callOfTokens(5000))).toBe('a');
    expect(seen).toHaveLength(1);
    expect(seen[0]!.map(({ id, ceiling, price }) => ({ id, ceiling, price }))).toEqual([
      { id: 'a', ceiling: 100_000, price: cheap.price },
      { id: 'b', ceiling: 100_000, price: undefined },
      { id: 'c', ceiling: 100_000, price: undefined },
    ]);
    expect(seen[0]![0]!.demand.input).toBeGreaterThan(4000);
  });

  it('may take its time, and return copies', async () => {
    const order = async (candidates: readonly RankedCandidate[]) => {
      await new Promise((resolve) => setImmediate(resolve));
      return candidates.map((each) => ({ ...each })).toReversed();
    };
    const model = dispatcher({ targets: [step('a'), step('b')], order });
    expect(await answer(model, callOf('Hi'))).toBe('b');
    const { reason, order: tried } = (await decisionFor(model)) ?? {};
    expect({ reason, tried }).toEqual({ reason: 'custom-order', tried: ['b', 'a'] });
  });

  it.each([
    ['no list', () => 'a', /order is a string: return a list of the candidates that it got/],
    ['nothing', () => undefined, /order is undefined/],
    ['an empty list', () => [], /return some of the candidates that it got, each once/],
    ['a stranger', () => [{ id: 'x' }], /return some of the candidates that it got, each once/],
    ['one twice', (list: readonly unknown[]) => [list[0], list[0]], /each once/],
  ])('that returns %s is an error of the call', async (_, order, message) => {
    const model = cascade({ id: 'c', steps: [step('a'), step('b')], order: order as never });
    const error = await errorOf(answer(model, callOf('Hi')));
    expect(error).toBeInstanceOf(InvalidConfigurationError);
    expect((error as Error).message).toMatch(message);
    expect(decisionOf(error)?.attempts ?? []).toEqual([]);
  });

  it('that throws is the error of the call', async () => {
    const own = new Error('mine');
    const model = cascade({
      steps: [step('a')],
      order() {
        throw own;
      },
    });
    expect(await errorOf(answer(model, callOf('Hi')))).toBe(own);
  });

  it('does not come before a rule', async () => {
    const model = dispatcher({
      rules: [{ when: { hasTools: false }, target: 'a' }],
      targets: [step('a'), step('b')],
      order: (candidates) => candidates.filter(({ id }) => id === 'b'),
    });
    expect(await answer(model, callOf('Hi'))).toBe('a');
  });
});

const decisionFor = async (model: ReturnType<typeof cascade>) =>
  decisionOf(await model.doGenerate(callOf('Hi') as never));

describe('R-48: cheapest-first', () => {
  it.each([cascade, dispatcher] as const)('goes by what the call would cost', async (make) => {
    const members = [step('dear', dear), step('cheap', cheap)];
    const model = make({
      order: 'cheapest-first',
      [make === cascade ? 'steps' : 'targets']: members,
    } as never);
    expect(await generated(model, callOf('Hi'))).toBe('cheap');
    expect((await decisionFor(model))?.reason).toBe('cheapest-first');
  });

  it('counts the output that is reserved', async () => {
    const price = (input: number, output: number) => ({ price: { input, output } });
    const steps = [step('terse', price(10, 1)), step('reads', price(1, 10))];
    const model = cascade({ steps, order: 'cheapest-first' });
    expect(await generated(model, callOfTokens(50_000, { maxOutputTokens: 10 }))).toBe('reads');
    expect(await generated(model, callOf('Hi', { maxOutputTokens: 1000 }))).toBe('terse');
  });

  it('needs a price of each', () => {
    const make = () => cascade({ id: 'c', steps: [step('a', cheap), step('b')], order: 'cheapest-first' });
    expect(make).toThrow(
      /cascade "c": steps\[1\]\.price is undefined: order 'cheapest-first' needs the price of each/,
    );
  });

  it.each([
    [
      { input: -1, output: 1 },
      /steps\[0\]\.price\.input is -1: use US dollars per million tokens, 0 or more/,
    ],
    [{ input: 1 }, /steps\[0\]\.price\.output is undefined/],
    [{ input: 1, output: Number.NaN }, /steps\[0\]\.price\.output/],
    [{ input: 1, output: 1, cachedInput: '1' }, /steps\[0\]\.price\.cachedInput/],
    [{ input: 1, output: 1, cached: 1 }, /steps\[0\]\.price\.cached.*there is no such option/],
    [5, /steps\[0\]\.price/],
  ])('refuses the price %j', (price, message) => {
    expect(() => cascade({ steps: [step('a', { price })] })).toThrow(message);
  });

  it('refuses an unknown order', () => {
    const make = () => cascade({ steps: [step('a')], order: 'cheapest' as never });
    expect(make).toThrow(/order is "cheapest": use one of "declared", "cheapest-first", "fastest-first"/);
  });
});

/** A model that takes some time, by a clock that it moves itself. */
function timed(id: string, waitMs: () => number): MockLanguageModelV4 {
  const wait = () => vi.advanceTimersByTime(waitMs());
  return new MockLanguageModelV4({
    doGenerate: async () => (wait(), textResult(id)),
    doStream: async () => {
      wait();
      return { stream: simulateReadableStream({ chunks: textParts(id) }) };
    },
  });
}

describe.each([generated, streamed])('R-48: fastest-first', (answer) => {
  afterEach(() => void vi.useRealTimers());

  it('tries who was not measured yet, then goes by what was measured', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const speeds: Record<string, number> = { a: 400, b: 10 };
    const make = (id: string) => ({ ...step(id), model: timed(id, () => speeds[id]!) });
    const model = cascade({ steps: [make('a'), make('b')], order: 'fastest-first' });
    const tried: string[] = [];
    for (let call = 0; call < 8; call++) tried.push(await answer(model, callOf('Hi')));
    expect(tried[0]).toBe('a');
    expect(tried.slice(0, 5)).toContain('b'); // measured within the first calls
    expect(tried.slice(5)).toEqual(['b', 'b', 'b']);
  });
});

describe.each([generated, streamed])('R-48: what a call cost', (answer) => {
  const decide = async (model: ReturnType<typeof cascade>) => {
    const decisions: unknown[] = [];
    const listening = cascade({ steps: [model], onDecision: (decision) => decisions.push(decision) });
    await answer(listening, callOf('Hi'));
    return decisions[0] as { cost?: number; attempts: readonly { cost?: number }[] };
  };

  it('stands in the decision, where a price is declared', async () => {
    const { cost } = await decide(
      cascade({ steps: [step('a', { price: { input: 1_000, output: 10_000 } })] }),
    );
    expect(cost).toBe((7 * 1000 + 2 * 10_000) / 1e6);
    expect((await decide(cascade({ steps: [step('a')] }))).cost).toBeUndefined();
  });

  it('is in alloys, too', async () => {
    const constituents = [step('a', dear), step('b', dear)];
    expect((await decide(alloy({ constituents }) as never)).cost).toBe((7 * 10 + 2 * 20) / 1e6);
  });

  it('counts failed attempts that report usage', async () => {
    const failing = new MockLanguageModelV4({
      doGenerate: async () => ({
        ...textResult(''),
        content: [],
        finishReason: { unified: 'error', raw: 'error' },
      }),
      doStream: async () => ({
        stream: simulateReadableStream({
          chunks: [
            textParts('')[0]!,
            { ...textParts('')[4]!, finishReason: { unified: 'error', raw: 'error' } },
          ] as never[],
        }),
      }),
    });
    const steps = [{ ...step('x', cheap), model: failing }, step('a', dear)];
    const { cost, attempts } = await decide(cascade({ steps }));
    const inner = (attempts[0] as unknown as { decision: { attempts: { cost?: number }[] } }).decision;
    expect(inner.attempts.map((attempt) => attempt.cost)).toEqual([(7 + 4) / 1e6, (70 + 40) / 1e6]);
    expect(cost).toBe((77 + 44) / 1e6);
  });
});

describe('R-48: what review found', () => {
  it('fastest-first comes to a member behind one that fails always, and explain takes no turn', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const make = (id: string, ms: number) => ({ ...step(id), model: timed(id, () => ms) });
    const model = dispatcher({
      targets: [make('a', 100), { ...step('b'), model: fails('b', () => apiError(401)) }, make('c', 10)],
      order: 'fastest-first',
    });
    const tried: string[] = [];
    for (let call = 0; call < 30; call++) {
      await explain(model as never, { prompt: 'Hi' });
      tried.push(await generated(model, callOf('Hi')).catch(() => 'failed'));
    }
    expect(tried.slice(0, 3)).toEqual(['a', 'failed', 'c']);
    expect(tried.filter((each) => each === 'failed').length).toBeLessThanOrEqual(4);
    expect(tried.at(-1)).toBe('c');
    vi.useRealTimers();
  });

  it('what a function leaves out is not tried, though only a learned limit stands in its way', async () => {
    const us = fails('us', () =>
      apiError(400, { message: "This model's maximum context length is 2000 tokens." }),
    );
    let isAsked = false;
    const model = cascade({
      steps: [{ ...step('us'), model: us }, step('eu', { contextWindow: 200_000 })],
      order: (candidates) => (isAsked ? candidates.filter(({ id }) => id !== 'us') : candidates),
    });
    expect(await generated(model, callOfTokens(5000))).toBe('eu');
    isAsked = true;
    const { order } = (await explain(model as never, { prompt: 'x'.repeat(40_000) })) ?? {};
    expect(order).toEqual(['eu']);
  });

  it('cost counts a prompt of which the provider dropped a part as it was asked to', async () => {
    const result = {
      ...textResult('Hi'),
      providerMetadata: { anthropic: { contextManagement: { appliedEdits: [{}] } } },
    };
    const model = cascade({
      steps: [{ ...step('a', dear), model: new MockLanguageModelV4({ doGenerate: result as never }) }],
    });
    expect((await decisionFor(model))?.cost).toBe((70 + 40) / 1e6);
  });
});
