import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  alloy,
  cascade,
  ContextWindowExceededError,
  decisionOf,
  dispatcher,
  explain,
  type DispatcherRule,
  type ModelCall,
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
  streamed,
  tooLong,
} from './support/models.ts';

const targets = [
  { model: answers('medium'), contextWindow: 20_000 },
  { model: answers('small'), contextWindow: 10_000 },
  { model: answers('large'), contextWindow: 30_000 },
];

describe('R-42: a rule whose target lacks what the rule asks for', () => {
  afterEach(() => {
    vi.stubGlobal('AI_SDK_LOG_WARNINGS', false);
  });
  const warningsOf = (rule: Omit<DispatcherRule, 'target'>, target: DispatcherRule['target']): unknown[] => {
    const logger = vi.fn();
    vi.stubGlobal('AI_SDK_LOG_WARNINGS', logger);
    dispatcher({ id: 'd', rules: [{ ...rule, target }], targets: [answers('other')] });
    return logger.mock.calls.map(([said]) => (said as { warnings: unknown }).warnings);
  };
  const noFiles = { id: 'm', model: answers('m'), supports: { files: false } };
  const files = { when: { hasFiles: true } };

  it('is warned of at construction, also for members that only rules lead to, and nested ones', () => {
    const message =
      'ai-alloy: dispatcher "d": rule 0 is for requests with files, which its target "m" does not support, so all that it matches are refused: name another target, or correct its supports';
    expect(warningsOf(files, noFiles)).toEqual([[{ type: 'other', message }]]);
    expect(warningsOf(files, cascade({ steps: [cascade({ steps: [noFiles] })] }))).toHaveLength(1);
    expect(warningsOf({ when: { hasFiles: true, predicate: () => true } }, noFiles)).toHaveLength(1);
  });

  it('is not warned of where a transform may leave that out, nor for other conditions', () => {
    const transforming = { ...noFiles, id: 't', transform: (call: ModelCall) => call };
    expect(warningsOf(files, transforming)).toEqual([]);
    expect(warningsOf(files, cascade({ steps: [noFiles, transforming] }))).toEqual([]);
    for (const when of [{ hasFiles: false }, { hasImages: true }, {}, undefined, () => true])
      expect(warningsOf({ when }, noFiles)).toEqual([]);
  });
});

describe('R-27: an unsized target ahead of a sized one', () => {
  const unsized = answers('any');
  const sized = { id: 'sized', model: answers('sized'), contextWindow: '8K' } as const;
  const message =
    'ai-alloy: dispatcher "d": target "mock/any" has no size and takes every request, so it is asked last, also after ' +
    '"sized": declare its contextWindow, or put it last';
  afterEach(() => {
    vi.stubGlobal('AI_SDK_LOG_WARNINGS', false);
    vi.restoreAllMocks();
  });
  const warned = () => vi.spyOn(console, 'warn').mockImplementation(() => {});

  it('is warned of once, at construction', async () => {
    vi.stubGlobal('AI_SDK_LOG_WARNINGS', undefined);
    const log = warned();
    const model = dispatcher({ id: 'd', targets: [sized, unsized, sized.model, { ...sized, id: 'last' }] });
    expect(log.mock.calls).toEqual([[message.replace('"sized"', '"last"')]]);
    await generated(model, callOf('Hi'));
    await generated(model, callOf('Hi'));
    expect(log).toHaveBeenCalledTimes(1);
  });

  it('is warned of as the AI SDK warns: not at all, or to a function', () => {
    const log = warned();
    vi.stubGlobal('AI_SDK_LOG_WARNINGS', false);
    dispatcher({ id: 'd', targets: [unsized, sized] });
    const logger = vi.fn();
    vi.stubGlobal('AI_SDK_LOG_WARNINGS', logger);
    dispatcher({ id: 'd', targets: [unsized, sized] });
    expect(logger.mock.calls).toEqual([
      [{ warnings: [{ type: 'other', message }], provider: 'ai-alloy', model: 'd' }],
    ]);
    expect(log).not.toHaveBeenCalled();
  });

  it.each<[string, () => unknown]>([
    ['the last', () => dispatcher({ targets: [sized, unsized, answers('other')] })],
    ['the only ones', () => dispatcher({ targets: [unsized, answers('other')] })],
    ['sorted on purpose', () => dispatcher({ order: 'smallest-first', targets: [unsized, sized] })],
    ['of a rule', () => dispatcher({ rules: [{ target: unsized }], targets: [sized] })],
    ['with an input limit', () => dispatcher({ targets: [{ model: unsized, maxInputTokens: 9 }, sized] })],
    [
      'primitives with a size',
      () => dispatcher({ targets: [alloy({ constituents: [sized, { ...sized, id: 'b' }] }), sized] }),
    ],
    ['of a cascade', () => cascade({ steps: [unsized, sized] })],
  ])('is not warned of where such are %s', (_, make) => {
    vi.stubGlobal('AI_SDK_LOG_WARNINGS', undefined);
    const log = warned();
    make();
    expect(log).not.toHaveBeenCalled();
  });

  it('is warned of where it is a primitive of which a member has no size', () => {
    vi.stubGlobal('AI_SDK_LOG_WARNINGS', undefined);
    const log = warned();
    dispatcher({ targets: [cascade({ id: 'any', steps: [unsized, sized] }), sized] });
    expect(log).toHaveBeenCalledTimes(1);
  });
});

describe.each([generated, streamed])('a dispatcher', (answer) => {
  it('R-26: the first target that can hold the demand', async () => {
    const model = dispatcher({ targets });
    expect(await answer(model, callOf('Hi'))).toBe('medium');
    expect(await answer(model, callOfTokens(20_000 - 4095))).toBe('large');
  });

  it('R-26: smallest-first sorts by ceiling', async () => {
    const model = dispatcher({ targets, order: 'smallest-first' });
    expect(await answer(model, callOf('Hi'))).toBe('small');
    expect(await answer(model, callOfTokens(10_000))).toBe('medium');
    expect(await answer(model, callOfTokens(20_000))).toBe('large');
  });

  it('R-26: smallest-first leaves ties as declared', async () => {
    const tied = ['first', 'second', 'third'].map((id) => ({ model: answers(id), contextWindow: 10_000 }));
    expect(await answer(dispatcher({ targets: tied, order: 'smallest-first' }), callOf('Hi'))).toBe('first');
  });

  it.each(['declared', 'smallest-first'] as const)('R-27: unsized targets match last, %s', async (order) => {
    const model = dispatcher({ targets: [answers('any'), answers('other'), ...targets], order });
    expect(await answer(model, callOf('Hi'))).toBe(order === 'declared' ? 'medium' : 'small');
    expect(await answer(model, callOfTokens(50_000))).toBe('any');
  });

  it("R-32: nothing fits: an error with every target's demand and ceiling", async () => {
    const error = await errorOf(answer(dispatcher({ id: 'smart', targets }), callOfTokens(50_000)));
    expect(error).toSatisfy(ContextWindowExceededError.isInstance);
    expect((error as Error).message).toMatch(
      /medium: 50000 input .+ceiling 20000; .+small: .+ceiling 10000; .+large: .+ceiling 30000/,
    );
  });

  it('R-33: errors of the chosen target are thrown', async () => {
    const error = apiError(503);
    const next = answers('next');
    const model = dispatcher({ targets: [fails('down', () => error), next] });
    expect(await errorOf(answer(model, callOf('Hi')))).toBe(error);
    expect(callsOf(next)).toBe(0);
  });

  it('R-33: with fallback: true the next that fits follows', async () => {
    expect(
      await answer(dispatcher({ targets: [fails('down'), answers('next')], fallback: true }), callOf('Hi')),
    ).toBe('next');
  });

  it('R-33, R-24: a provider\'s own "too long" moves on to the next larger target', async () => {
    const same = answers('same');
    const model = dispatcher({
      targets: [
        { model: fails('liar', tooLong), contextWindow: 10_000 },
        { model: same, contextWindow: 10_000 },
        { model: answers('larger'), contextWindow: 20_000 },
      ],
    });
    expect(await answer(model, callOf('Hi'))).toBe('larger');
    expect(callsOf(same)).toBe(0);
  });
});

describe('the decision of a dispatcher', () => {
  it('R-27: explain lists catch-alls as such', async () => {
    const { candidates, order } = await explain(dispatcher({ targets: [answers('any'), ...targets] }), {
      prompt: 'Hi',
    });
    expect(candidates.map(({ catchAll }) => catchAll)).toEqual([true, undefined, undefined, undefined]);
    expect(order).toEqual(['mock/medium', 'mock/small', 'mock/large', 'mock/any']);
  });

  it('R-26: says why', async () => {
    const { providerMetadata } = await dispatcher({ targets, order: 'smallest-first' }).doGenerate(
      callOfTokens(10_000),
    );
    expect(providerMetadata?.['ai-alloy']).toMatchObject({
      kind: 'dispatcher',
      reason: 'smallest-first',
      order: ['mock/medium', 'mock/large'],
      answeredBy: 'mock/medium',
      candidates: [{}, { id: 'mock/small', fits: false, skipped: 'too-large' }, {}],
    });
    const error = await errorOf(generated(dispatcher({ targets }), callOfTokens(50_000)));
    expect(decisionOf(error)?.reason).toBe('first-fit');
  });
});
