import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import {
  AttemptTimeoutError,
  cascade,
  decisionOf,
  dispatcher,
  explain,
  NoRuleMatchedError,
  type DispatcherRule,
  type RoutingModel,
  type RulePredicate,
} from '../../src/index.ts';
import { inTime, useFakeTime } from '../support/fake-time.ts';
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
} from '../support/models.ts';
import { unhandledDuring } from '../support/processes.ts';

useFakeTime();

const after = async <Value>(ms: number, value: Value): Promise<Value> => {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return value;
};
const never = (): Promise<never> => new Promise(() => {});

/** A dispatcher whose one rule, with the id `r`, leads to `chosen`, and which sends all else to `other`. */
function withRule(when: DispatcherRule['when'], rule: Partial<DispatcherRule> = {}): RoutingModel {
  return dispatcher({
    id: 'd',
    rules: [{ id: 'r', when, target: answers('chosen'), ...rule }],
    targets: [answers('other')],
  });
}

const decided = async (model: RoutingModel, call = callOf('Hi')) =>
  decisionOf(await inTime(Promise.resolve(model.doGenerate(call)).catch((error: unknown) => error)))!;

describe('R-46: an asynchronous predicate', () => {
  it.each([
    ['as when', (holds: boolean) => () => after(20, holds)],
    ['among conditions', (holds: boolean) => ({ hasTools: false, predicate: () => after(20, holds) })],
    [
      'that is a thenable',
      (holds: boolean) => () => ({ then: (tell: (holds: boolean) => void) => tell(holds) }),
    ],
  ] as [string, (holds: boolean) => DispatcherRule['when']][])('is awaited: %s', async (_, when) => {
    expect(await inTime(generated(withRule(when(true)), callOf('Hi')))).toBe('chosen');
    expect(await inTime(streamed(withRule(when(true)), callOf('Hi')))).toBe('chosen');
    const decision = await decided(withRule(when(false)));
    expect(decision).toMatchObject({
      answeredBy: 'mock/other',
      unmatched: [{ rule: 'r', because: 'predicate' }],
    });
    const dry = await inTime(explain(withRule(when(true)), { prompt: 'Hi' }));
    expect(dry).toMatchObject({ reason: 'rule', rule: 'r', order: ['mock/chosen', 'mock/other'] });
  });

  it('sees what a synchronous one sees', async () => {
    const seen: unknown[] = [];
    const see = (request: unknown): boolean => seen.push(request) > 0;
    const call = callOf('Hi there', { providerOptions: { 'ai-alloy': { tier: 'gold' } } });
    await inTime(generated(withRule(see), call));
    await inTime(
      generated(
        withRule(async (request) => see(request)),
        call,
      ),
    );
    expect(seen[0]).toMatchObject({ call, metadata: { tier: 'gold' }, text: 'Hi there' });
    expect(seen[1]).toEqual(seen[0]);
  });

  it.each<[string, RulePredicate, string]>([
    ['that rejects', async () => Promise.reject(new RangeError('about the secret')), 'threw RangeError'],
    ['whose provider fails', async () => Promise.reject(apiError(429)), 'threw AI_APICallError (rate-limit)'],
    ['that rejects with a text', async () => Promise.reject('the secret'), 'threw a string'],
    [
      'that rejects with a strange name',
      async () => Promise.reject({ name: 'the secret' }),
      'threw an object',
    ],
    ['that gives something else', async () => 'the secret' as never, 'returned a string'],
    ['that gives nothing', async () => undefined as never, 'returned undefined'],
    [
      'that throws at once',
      () => {
        throw new TypeError('the secret');
      },
      'threw TypeError',
    ],
    [
      'that returns a hostile object',
      () =>
        Object.defineProperty({}, 'then', {
          get: () => {
            throw new TypeError('the secret');
          },
        }) as never,
      'threw TypeError',
    ],
  ])('%s does not match, and the decision says so without the message', async (_, when, detail) => {
    const decision = await decided(withRule(when));
    expect(decision.answeredBy).toBe('mock/other');
    expect(decision.unmatched).toEqual([{ rule: 'r', because: 'predicate-error', detail }]);
    expect(JSON.stringify(decision)).not.toContain('secret');
    expect((await inTime(explain(withRule(when), { prompt: 'Hi' }))).unmatched).toEqual(decision.unmatched);
  });

  it.each([
    [{ whenMs: 50 }, 50],
    [{}, 5000],
  ])('that is late does not match, and has its signal aborted: %j', async (rule, ms) => {
    let signal: AbortSignal | undefined;
    let late: AbortSignal | undefined;
    const start = performance.now();
    const abortedAt: number[] = [];
    const model = withRule(async (_, context) => {
      signal = context.signal;
      signal.addEventListener('abort', () => abortedAt.push(performance.now() - start));
      await after(ms + 100, true);
      return true;
    }, rule);
    const decision = await decided(model);
    expect(decision.answeredBy).toBe('mock/other');
    expect(decision.unmatched).toEqual([
      { rule: 'r', because: 'predicate-timeout', detail: `timed out after ${ms} ms` },
    ]);
    expect(abortedAt).toEqual([ms]);
    expect(signal!.reason).toMatchObject({ name: 'TimeoutError' });
    // Whoever asks for the signal only after that has an aborted one.
    await decided(
      withRule(async (_, context) => {
        await after(ms + 100, true);
        late = context.signal;
        return true;
      }, rule),
    );
    expect(late!.aborted).toBe(true);
  });

  it('that is in time keeps its signal', async () => {
    let signal: AbortSignal | undefined;
    await decided(
      withRule(async (_, context) => {
        signal = context.signal;
        return after(20, true);
      }),
    );
    expect(signal!.aborted).toBe(false);
  });

  it.each([
    [
      'generate',
      (model: RoutingModel, abortSignal: AbortSignal) => generated(model, callOf('Hi', { abortSignal })),
    ],
    [
      'stream',
      (model: RoutingModel, abortSignal: AbortSignal) => streamed(model, callOf('Hi', { abortSignal })),
    ],
    [
      'explain',
      (model: RoutingModel, abortSignal: AbortSignal) => explain(model, { prompt: 'Hi', abortSignal }),
    ],
    [
      'a nested dispatcher',
      (model: RoutingModel, abortSignal: AbortSignal) =>
        generated(cascade({ steps: [model] }), callOf('Hi', { abortSignal })),
    ],
  ])("the caller's abort ends the call with its reason: %s", async (_, ask) => {
    const controller = new AbortController();
    let signal: AbortSignal | undefined;
    const chosen = answers('chosen');
    const model = withRule(
      async (__, context) => {
        signal = context.signal;
        setTimeout(() => controller.abort(new Error('left')), 10);
        return never();
      },
      { target: chosen },
    );
    expect(await errorOf(inTime<unknown>(ask(model, controller.signal)))).toBe(controller.signal.reason);
    expect(signal!.reason).toBe(controller.signal.reason);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(callsOf(chosen)).toBe(0);
  });

  it('is not called for a call that is aborted already, nor waited for if it aborts itself', async () => {
    const when = vi.fn(async () => true);
    const abortSignal = AbortSignal.abort(new Error('left'));
    expect(await errorOf(inTime(generated(withRule(when), callOf('Hi', { abortSignal }))))).toBe(
      abortSignal.reason,
    );
    expect(when).not.toHaveBeenCalled();
    const controller = new AbortController();
    const aborts: RulePredicate = () => {
      controller.abort(new Error('left'));
      return never();
    };
    const call = callOf('Hi', { abortSignal: controller.signal });
    expect(await errorOf(inTime(generated(withRule(aborts), call)))).toBe(controller.signal.reason);
  });

  it.each([
    ['its own', (model: RoutingModel) => model],
    ['an outer one', (model: RoutingModel) => cascade({ steps: [model], deadlineMs: 30 })],
  ])('deadlineMs ends the call and aborts the signal: %s', async (name, wrapped) => {
    let signal: AbortSignal | undefined;
    const model = dispatcher({
      ...(name === 'its own' && { deadlineMs: 30 }),
      rules: [{ when: (_, context) => ((signal = context.signal), never()), target: answers('chosen') }],
    });
    const error = await errorOf(inTime(generated(wrapped(model), callOf('Hi'))));
    expect(error).toSatisfy(AttemptTimeoutError.isInstance);
    expect(signal!.reason).toBe(error);
  });

  it.each([
    ['aborts the call itself', {}],
    [
      'is called when deadlineMs has passed',
      { deadlineMs: 30, estimator: { id: 'slow', estimateText: () => 1, estimateCall: () => after(50, 1) } },
    ],
  ])('leaves no unhandled rejection if it %s, and fails', async (name, options) => {
    const controller = new AbortController();
    let count = 0;
    // No `vi.fn`, which would hear the rejection.
    const predicate: RulePredicate = (_, { signal }) => {
      count++;
      if (name === 'aborts the call itself') controller.abort(new Error('left'));
      return new Promise((__, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted as well')));
      });
    };
    const rules = [{ when: { maxInputTokens: 100, predicate }, target: answers('chosen') }];
    const model = dispatcher({ ...options, rules });
    const call = callOf('Hi', { abortSignal: controller.signal });
    const unhandled = await unhandledDuring(async () => {
      expect(await errorOf(inTime(generated(model, call)))).toBeInstanceOf(Error);
      await inTime(after(100, undefined));
    });
    expect(count).toBe(1);
    expect(unhandled).toEqual([]);
  });

  it('is not called where an earlier rule matches, or anything else about its rule is not met', async () => {
    const when = vi.fn(async () => true);
    const target = { id: 'small', model: answers('small'), contextWindow: 100 };
    const model = dispatcher({
      rules: [
        { when: { hasTools: true, predicate: when }, target },
        { when: { maxInputTokens: 20, predicate: when }, target },
        { when: { minInputTokens: 50_000, predicate: when }, target },
        { when, fitsTarget: true, target },
        { when: ({ text }) => text.length > 0, target: answers('first') },
        { when, target: answers('second') },
      ],
    });
    const { rule, unmatched } = await decided(model, callOfTokens(500, { maxOutputTokens: 10 }));
    expect(rule).toBe(4);
    expect(unmatched!.map(({ because }) => because)).toEqual([
      'hasTools',
      'maxInputTokens',
      'minInputTokens',
      'fitsTarget',
    ]);
    expect(when).not.toHaveBeenCalled();
  });

  it('R-32: nothing is claimed of a smaller call, for which it was not asked', async () => {
    const target = { id: 'small', model: answers('small'), contextWindow: 100 };
    const model = dispatcher({ rules: [{ when: async () => false, fitsTarget: true, target }] });
    const error = await errorOf(inTime(generated(model, callOfTokens(500))));
    expect(error).toSatisfy(NoRuleMatchedError.isInstance);
    expect(decisionOf(error)!.unmatched).toEqual([{ rule: 0, because: 'fitsTarget' }]);
  });

  it.each<[string, (when: RulePredicate) => RoutingModel]>([
    ['retries', (when) => withRule(when, { target: { model: fails('a'), retries: 2 } })],
    ['a cascade around it', (when) => cascade({ steps: [withRule(when), answers('next')] })],
    [
      'a plan for another assumed size',
      (when) =>
        dispatcher({
          targets: [{ model: withRule(when), contextWindow: '64K' }],
          reevaluate: 'worst-case',
          assumeSessionMaxTokens: 1000,
        }),
    ],
    [
      'a rule whose target it is',
      (when) =>
        dispatcher({
          rules: [{ fitsTarget: true, target: withRule(when) }],
          targets: [answers('large')],
          reevaluate: 'worst-case',
          assumeSessionMaxTokens: 1000,
        }),
    ],
    [
      'being twice in a composition',
      (when) => {
        const inner = withRule(when, { target: fails('a') });
        return cascade({
          steps: [
            { model: inner, id: 'one' },
            { model: inner, id: 'two' },
          ],
        });
      },
    ],
    [
      'an overflow, and the limit learned by it',
      (when) =>
        withRule(when, {
          target: { model: fails('a', tooLong), contextWindow: 1000 },
        }),
    ],
  ])('is called once per call: %s', async (_, make) => {
    const when = vi.fn(() => after(1, true));
    const model = make(when);
    const answer = async () => inTime(Promise.resolve(model.doGenerate(callOf('Hi'))).catch(() => {}));
    await answer();
    expect(when).toHaveBeenCalledTimes(1);
    await answer();
    expect(when).toHaveBeenCalledTimes(2); // a call of its own
    await inTime(explain(model, { prompt: 'Hi' }));
    expect(when).toHaveBeenCalledTimes(3);
  });

  it('leaves what is synchronous as it was', async () => {
    const signals: unknown[] = [];
    const model = withRule((_, context) => signals.push(Object.keys(context)) > 0);
    expect(await inTime(generated(model, callOf('Hi')))).toBe('chosen');
    expect(vi.getTimerCount()).toBe(0);
    expect(signals).toEqual([[]]);
  });

  it('answers for its own call only, also where calls at the same time share a prompt', async () => {
    const when: RulePredicate = async ({ call }) => call['seed'] === 1;
    const call = callOf('Hi');
    let free: Promise<string> | undefined;
    const gold = answers('gold');
    const answer = gold.doGenerate.bind(gold);
    gold.doGenerate = async (own) => {
      free ??= generated(model, { ...call, seed: 2 });
      await free;
      return answer(own);
    };
    const model: RoutingModel = dispatcher({ rules: [{ when, target: gold }], targets: [answers('free')] });
    expect(await inTime(generated(model, { ...call, seed: 1 }))).toBe('gold');
    expect(await free).toBe('free');
  });

  it('shares one listener on the signal of many calls', async () => {
    const controller = new AbortController();
    const model = withRule(() => after(20, true));
    const calls = Array.from({ length: 30 }, () =>
      generated(model, callOf('Hi', { abortSignal: controller.signal })),
    );
    await Promise.resolve();
    expect(getEventListeners(controller.signal, 'abort').length).toBeLessThanOrEqual(1);
    await inTime(Promise.all(calls));
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});

describe('R-46: bad input', () => {
  const target = answers('a');
  it.each([
    [{ when: async () => true, whenMs: 0 }, /rules\[0\]\.whenMs is 0: use milliseconds above 0/],
    [{ when: async () => true, whenMs: Infinity }, /rules\[0\]\.whenMs is Infinity: use milliseconds/],
    [{ when: async () => true, whenMs: '50' }, /rules\[0\]\.whenMs is "50": use milliseconds/],
    [
      { when: { hasTools: true }, whenMs: 50 },
      /rules\[0\]\.whenMs is 50: it has no effect without a predicate: remove it/,
    ],
    [{ whenMs: 50 }, /rules\[0\]\.whenMs is 50: it has no effect/],
    [{ when: null, whenMs: 50 }, /rules\[0\]\.whenMs is 50: it has no effect/],
    [{ when: Promise.resolve(true) }, /rules\[0\]\.when is a promise: pass the function itself/],
    [
      { when: { predicate: Promise.resolve(true) } },
      /rules\[0\]\.when\.predicate is an object: pass a function/,
    ],
  ])('%j', (rule, message) => {
    expect(() => dispatcher({ rules: [{ ...rule, target } as never], targets: [target] })).toThrow(message);
  });
});
