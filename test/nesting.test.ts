import { afterEach, describe, expect, it, vi } from 'vitest';
import { customProvider, generateText, wrapLanguageModel } from 'ai';
import {
  AllAttemptsFailedError,
  alloy,
  cascade,
  charRatio,
  ContextWindowExceededError,
  decisionOf,
  dispatcher,
  explain,
  fitCheck,
  InvalidConfigurationError,
  type Decision,
  type RoutingModel,
  type TokenEstimator,
} from '../src/index.ts';
import {
  answers,
  apiError,
  callOf,
  callOfTokens,
  callsOf,
  errorOf,
  fails,
  generated,
  partsOf,
  streamed,
  textOfTokens,
  tooLong,
} from './support/models.ts';
import { unhandledDuring } from './support/processes.ts';

const global = globalThis as { AI_SDK_DEFAULT_PROVIDER?: unknown };

afterEach(() => {
  delete global.AI_SDK_DEFAULT_PROVIDER;
});

const blend = (size: number): RoutingModel =>
  alloy({
    id: 'blend',
    constituents: ['a', 'b'].map((id) => ({ model: answers(id), id, contextWindow: size })),
  });

describe.each([generated, streamed])('nesting', (answer) => {
  it('R-34: alloy in dispatcher in cascade', async () => {
    const model = cascade({
      id: 'outer',
      steps: [
        fails('down'),
        dispatcher({
          id: 'middle',
          targets: [{ model: answers('tiny'), contextWindow: 4200 }, blend(20_000)],
        }),
      ],
    });
    expect(await answer(model, callOf('Hi'))).toBe('tiny');
    expect(await answer(model, callOfTokens(5000))).toMatch(/^[ab]$/);
  });

  it('R-28: a nested cascade fits if any member fits, a nested alloy if all do', async () => {
    const large = { model: answers('large'), contextWindow: 30_000 };
    const inner = cascade({ id: 'inner', steps: [{ model: answers('small'), contextWindow: 5000 }, large] });
    expect(await answer(dispatcher({ targets: [inner, answers('any')] }), callOfTokens(20_000))).toBe(
      'large',
    );
    expect(await answer(dispatcher({ targets: [blend(20_000), answers('any')] }), callOfTokens(20_000))).toBe(
      'any',
    );
  });

  it('R-28: a nested primitive is asked with its own estimator, not measured with the outer one', async () => {
    const inner = cascade({
      id: 'inner',
      estimator: { charsPerToken: 0.35 },
      steps: [{ model: answers('in'), contextWindow: 10_000 }],
    });
    const model = dispatcher({ estimator: charRatio(), targets: [inner, answers('any')] });
    expect(await answer(model, callOfTokens(500))).toBe('in');
    expect(await answer(model, callOfTokens(1000))).toBe('any');
  });

  it('R-28: a window declared beside a nested primitive is checked as well', async () => {
    const model = dispatcher({ targets: [{ model: blend(20_000), contextWindow: 5000 }, answers('any')] });
    expect(await answer(model, callOfTokens(904))).toMatch(/^[ab]$/);
    expect(await answer(model, callOfTokens(905))).toBe('any');
  });

  it("R-28, R-17: an alloy's own ceiling holds for a nested constituent, too", async () => {
    const constituents = [{ model: answers('x'), contextWindow: 60_000 }, { model: blend(60_000) }];
    const model = alloy({ constituents, minContextWindow: 50_000 });
    expect(await answer(model, callOfTokens(40_000))).toMatch(/^[abx]$/);
    const { candidates } = decisionOf(await errorOf(answer(model, callOfTokens(50_000))))!;
    expect(candidates).toMatchObject([
      { ceiling: 50_000, fits: false },
      { ceiling: 50_000, fits: false },
    ]);
  });

  it('R-28, R-16: a nested primitive is no larger than it is, whatever is declared beside it', () => {
    const constituents = [
      { model: answers('x'), contextWindow: 60_000 },
      { model: blend(10_000), contextWindow: 100_000 },
    ];
    expect(() => alloy({ constituents, minContextWindow: 50_000 })).toThrow(
      '"blend" is below minContextWindow (50000)',
    );
  });

  it('R-25: three levels down as well', async () => {
    const inner = cascade({
      id: 'inner',
      steps: [fails('x', () => apiError(401)), fails('y', () => apiError(429))],
      fallThroughOn: ['auth', 'rate-limit'],
    });
    const middle = cascade({
      id: 'middle',
      steps: [inner, fails('z', () => apiError(401))],
      fallThroughOn: ['auth', 'rate-limit'],
    });
    expect(await answer(cascade({ steps: [middle, answers('next')] }), callOf('Hi'))).toBe('next');
  });

  it('R-25: a nested failure falls through if any of its own would', async () => {
    const inner = cascade({
      id: 'inner',
      steps: [fails('x', () => apiError(401)), fails('y', () => apiError(503))],
      fallThroughOn: ['auth', 'server-error'],
    });
    expect(await answer(cascade({ steps: [inner, answers('next')] }), callOf('Hi'))).toBe('next');
    const hopeless = cascade({
      id: 'h',
      steps: [fails('x', () => apiError(401)), fails('y', () => apiError(404))],
      fallThroughOn: ['auth', 'not-found'],
    });
    const error = await errorOf(
      answer(cascade({ id: 'outer', steps: [hopeless, answers('next')] }), callOf('Hi')),
    );
    expect(error).toSatisfy(AllAttemptsFailedError.isInstance);
    expect((error as AllAttemptsFailedError).decision.id).toBe('h'); // unchanged
    expect(decisionOf(error)?.id).toBe('outer');
  });

  it('R-24, R-25: a nested primitive that only overflowed is not eligible, and larger ones follow', async () => {
    const inner = cascade({
      id: 'inner',
      steps: [
        { model: fails('x', tooLong), contextWindow: 10_000 },
        { model: fails('y', tooLong), contextWindow: 20_000 },
      ],
    });
    const small = answers('small');
    const model = cascade({
      steps: [
        inner,
        { model: small, contextWindow: 20_000 },
        { model: answers('larger'), contextWindow: 20_001 },
      ],
    });
    expect(await answer(model, callOf('Hi'))).toBe('larger');
    expect(callsOf(small)).toBe(0);
  });

  it('R-34: a wrapped primitive is a plain model: it needs its window declared, and its decision shows all the same', async () => {
    const wrapped = wrapLanguageModel({ model: blend(5000), middleware: {} });
    const model = cascade({ steps: [{ model: wrapped, contextWindow: 5000 }, answers('next')] });
    expect(await answer(model, callOfTokens(905))).toBe('next');
    const unsized = cascade({ id: 'outer', steps: [wrapped, answers('next')] });
    expect(await answer(unsized, callOfTokens(905))).toBe('next'); // refused by the blend itself: R-5
  });
});

describe('the decision of nested primitives', () => {
  const model = cascade({
    id: 'outer',
    steps: [fails('down'), dispatcher({ id: 'middle', targets: [blend(20_000)] })],
  });

  it('R-38: the inner decision is inside the outer attempt, for generate and stream', async () => {
    const inside = {
      id: 'outer',
      answeredBy: 'middle',
      attempts: [
        { id: 'mock/down', outcome: 'failed' },
        {
          id: 'middle',
          decision: {
            id: 'middle',
            answeredBy: 'blend',
            attempts: [{ decision: { id: 'blend', kind: 'alloy' } }],
          },
        },
      ],
    };
    const { providerMetadata } = await model.doGenerate(callOf('Hi'));
    expect(providerMetadata?.['ai-alloy']).toMatchObject(inside);
    const finish = (await partsOf(model, callOf('Hi'))).at(-1);
    expect(finish).toMatchObject({ type: 'finish', providerMetadata: { 'ai-alloy': inside } });
  });

  it("R-38: a wrapped primitive's too", async () => {
    const wrapped = cascade({ steps: [wrapLanguageModel({ model, middleware: {} })] });
    const inside = { attempts: [{ decision: { id: 'outer' } }] };
    expect((await wrapped.doGenerate(callOf('Hi'))).providerMetadata?.['ai-alloy']).toMatchObject(inside);
    expect((await partsOf(wrapped, callOf('Hi'))).at(-1)).toMatchObject({
      providerMetadata: { 'ai-alloy': inside },
    });
  });

  it('R-38: a refusal has the plans of nested primitives', async () => {
    const error = await errorOf(
      generated(dispatcher({ id: 'top', targets: [blend(5000)] }), callOfTokens(5000)),
    );
    expect(decisionOf(error)).toMatchObject({
      id: 'top',
      candidates: [
        { id: 'blend', ceiling: 5000, decision: { id: 'blend', candidates: [{ id: 'a' }, { id: 'b' }] } },
      ],
    });
  });

  it("R-28: ceilings for display: an alloy's own, the largest of the others, none if one is unsized", async () => {
    const sized = cascade({
      id: 'sized',
      steps: [
        { model: answers('x'), contextWindow: 5000 },
        { model: answers('y'), contextWindow: 9000 },
      ],
    });
    const open = cascade({ id: 'open', steps: [{ model: answers('x'), contextWindow: 5000 }, answers('y')] });
    const { candidates } = await explain(dispatcher({ targets: [open, blend(7000), sized] }), {
      prompt: 'Hi',
    });
    expect(candidates).toMatchObject([
      { id: 'open', ceiling: null, catchAll: true },
      { id: 'blend', ceiling: 7000 },
      { id: 'sized', ceiling: 9000 },
    ]);
  });

  it('R-28: the demand shown is that of the member on which it depends', async () => {
    const dense = { charsPerToken: 0.35 };
    const constituents = [
      { model: answers('a'), contextWindow: 50_000 },
      { model: answers('b'), contextWindow: 50_000, estimator: dense },
    ];
    const { candidates } = await explain(dispatcher({ targets: [alloy({ constituents })] }), {
      prompt: textOfTokens(1000),
    });
    expect(candidates[0]?.demand.estimator).toBe('char-ratio(0.35, 1.1)');
  });

  it('R-28: an alloy takes a nested primitive with its own ceiling', async () => {
    const outer = alloy({
      constituents: [
        { model: answers('x'), contextWindow: 5000 },
        { model: blend(6000), weight: 3 },
      ],
    });
    expect((await explain(outer, { prompt: 'Hi' })).candidates).toMatchObject([
      { ceiling: 5000, share: 0.25 },
      { ceiling: 6000, share: 0.75 },
    ]);
  });

  it('text is counted once, however deep', async () => {
    let counted = 0;
    const estimator: TokenEstimator = { id: 'counting', estimateText: (text) => (counted++, text.length) };
    const leaf = (id: string): object => ({ model: answers(id), contextWindow: 50_000, estimator });
    const steps = [leaf('a'), leaf('b')] as never;
    const deep = cascade({ steps: [dispatcher({ estimator, targets: [cascade({ steps })] })], estimator });
    await generated(deep, callOf('Hello'));
    expect(counted).toBe(1);
  });
});

describe('string ids', () => {
  const provide = (models: Record<string, () => unknown>): void => {
    global.AI_SDK_DEFAULT_PROVIDER = { languageModel: (id: string) => models[id]!() };
  };

  it('are resolved when needed, once, through the global provider', async () => {
    let resolved = 0;
    const model = cascade({ steps: ['my/model'] });
    provide({ 'my/model': () => (resolved++, answers('global')) });
    expect(resolved).toBe(0);
    expect(await generated(model, callOf('Hi'))).toBe('global');
    expect(await streamed(model, callOf('Hi'))).toBe('global');
    expect(resolved).toBe(1);
  });

  it('have their fit checked, and are asked if they are primitives', async () => {
    provide({ small: () => answers('small'), blend: () => blend(5000) });
    const model = cascade({ steps: [{ model: 'small', contextWindow: 4200 }, 'blend', answers('last')] });
    expect(await generated(model, callOfTokens(500))).toMatch(/^[ab]$/);
    expect(await generated(model, callOfTokens(5000))).toBe('last');
  });

  it('that do not resolve fail as their provider says', async () => {
    provide({});
    expect(await errorOf(generated(cascade({ steps: ['nobody'] }), callOf('Hi')))).toBeInstanceOf(TypeError);
    const strict = cascade({ steps: ['nobody', answers('last')], fallThroughOn: ['timeout'] });
    expect(await errorOf(generated(strict, callOf('Hi')))).toBeInstanceOf(TypeError);
    expect(await generated(cascade({ steps: ['nobody', answers('last')] }), callOf('Hi'))).toBe('last');
  });

  it('that lead back to their holder are an error with the path, at the first call', async () => {
    const a: RoutingModel = cascade({ id: 'a', steps: ['b'] });
    const b: RoutingModel = cascade({ id: 'b', steps: [dispatcher({ id: 'c', targets: ['a'] })] });
    global.AI_SDK_DEFAULT_PROVIDER = customProvider({ languageModels: { a, b } });
    for (const call of [
      generated(a, callOf('Hi')),
      generateText({ model: 'b', prompt: 'Hi' }),
      explain(a, { prompt: 'Hi' }),
    ]) {
      const error = await errorOf(call);
      expect(error).toSatisfy(InvalidConfigurationError.isInstance);
      expect((error as Error).message).toMatch(/it contains itself: c → a → b → c/);
    }
    const self = cascade({ id: 'self', steps: ['self'] });
    provide({ self: () => self });
    expect(((await errorOf(generated(self, callOf('Hi')))) as Error).message).toContain(
      'it contains itself: self → self',
    );
  });

  it('a composition of hundreds of levels is no loop', async () => {
    let model = cascade({ id: 'innermost', steps: [answers('deep')] });
    for (let level = 0; level < 250; level++) model = cascade({ id: `level-${level}`, steps: [model] });
    expect(await generated(model, callOf('Hi'))).toBe('deep');
  });

  it('nor are thousands of calls that share a prompt', async () => {
    const call = callOf('Hi');
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const slow = answers('slow');
    const { doGenerate } = slow;
    let begun = 0;
    slow.doGenerate = async (options) => {
      begun++;
      await released;
      return doGenerate(options);
    };
    const model = cascade({ steps: [slow] });
    const calls = Array.from({ length: 10_000 }, () => model.doGenerate(call));
    // And another one, once all of them are with the model.
    await vi.waitFor(() => expect(begun).toBe(10_000));
    calls.push(model.doGenerate(call));
    release();
    await expect(Promise.all(calls)).resolves.toHaveLength(10_001);
  });

  it('that lead back end even where everything falls through', async () => {
    const model = cascade({ id: 'loop', steps: ['loop', 'loop'], fallThroughOn: () => true });
    provide({ loop: () => wrapLanguageModel({ model, middleware: {} }) });
    expect(await errorOf(generated(model, callOf('Hi')))).toSatisfy(InvalidConfigurationError.isInstance);
  });

  it('that lead back through a wrapped model end as well', async () => {
    const model = cascade({ id: 'loop', steps: ['loop'] });
    provide({ loop: () => wrapLanguageModel({ model, middleware: {} }) });
    const error = await errorOf(generated(model, callOf('Hi')));
    expect(error).toSatisfy(InvalidConfigurationError.isInstance);
    expect((error as Error).message).toBe(
      'cascade "loop" is "in a loop": a string id in it leads back to it through a wrapped model: break the loop.',
    );
  });
});

describe('fitCheck', () => {
  it('R-5: refuses before a plain model is called, for generate and stream', async () => {
    const inner = answers('inner');
    const model = wrapLanguageModel({ model: inner, middleware: fitCheck({ contextWindow: 5000 }) });
    expect(await generated(model, callOfTokens(904))).toBe('inner');
    for (const answer of [generated, streamed]) {
      const error = await errorOf(answer(model, callOfTokens(905)));
      expect(error).toSatisfy(ContextWindowExceededError.isInstance);
      expect((error as Error).message).toBe(
        'fit-check "mock/inner": the request does not fit, nothing was sent. mock/inner: 905 input + 4096 output = 5001 tokens, ceiling 5000.',
      );
    }
    expect(callsOf(inner)).toBe(1);
  });

  it('R-5: a sized member is behind it, and it bites if the call changes between plan and delegation', async () => {
    const inner = answers('inner');
    const call = callOfTokens(100);
    const estimator: TokenEstimator = {
      id: 'slow',
      estimateText: (text) => text.length,
      // Stands in for whoever changes the prompt while another member is being tried.
      estimateCall: async ({ prompt }) => JSON.stringify(prompt).length,
    };
    const model = cascade({
      estimator,
      steps: [
        fails('grows', () => {
          (call.prompt[0] as { content: unknown[] }).content.push({ type: 'text', text: 'b'.repeat(10_000) });
          return apiError(503);
        }),
        { model: inner, contextWindow: 10_000 },
      ],
    });
    const error = await errorOf(generated(model, call));
    expect(error).toMatchObject({ statusCode: 503 }); // the one real attempt's own
    expect((decisionOf(error) as Decision).attempts).toMatchObject([
      { failure: 'server-error' },
      { failure: 'overflow', decision: { kind: 'fit-check' } },
    ]);
    expect(callsOf(inner)).toBe(0);
  });
});

describe('R-5: a nested primitive with a size beside it', () => {
  it('is fit-checked before it is called, like any sized member', async () => {
    const call = callOf('Hi');
    const grows = fails('grows', () => {
      (call.prompt as unknown[]).push({
        role: 'user',
        content: [{ type: 'text', text: textOfTokens(9000) }],
      });
      return apiError(503);
    });
    const inner = answers('inner');
    const nested = { model: cascade({ id: 'inner', steps: [inner] }), contextWindow: 8000 };
    const model = cascade({ steps: [grows, nested, answers('last')] });
    expect(await generated(model, call)).toBe('last');
    expect(await streamed(model, call)).toBe('last');
    expect(callsOf(inner)).toBe(0);
  });
});

it('explain leaves no unhandled rejection if a count fails while the order inside a member is awaited', async () => {
  const estimator = {
    id: 'failing',
    estimateText: () => 1,
    estimateCall: async (): Promise<number> => {
      throw new Error('not countable');
    },
  };
  const inner = cascade({
    steps: [answers('a'), answers('b')].map((model) => ({ model, contextWindow: 100_000 })),
    estimator: { charsPerToken: 3 },
    order: async (candidates) => {
      await new Promise((resolve) => setImmediate(resolve));
      return candidates;
    },
  });
  const outer = cascade({ steps: [{ model: inner, contextWindow: 90_000, estimator }] });
  const unhandled = await unhandledDuring(() =>
    expect(explain(outer, { prompt: 'Hi' })).rejects.toThrow('not countable'),
  );
  expect(unhandled).toEqual([]);
});
