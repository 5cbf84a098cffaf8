import { getEventListeners } from 'node:events';
import { MockLanguageModelV4 } from 'ai/test';
import { describe, expect, it, vi } from 'vitest';
import {
  AllAttemptsFailedError,
  alloy,
  AttemptTimeoutError,
  cascade,
  decisionOf,
  dispatcher,
} from '../../src/index.ts';
import { inTime, useFakeTime } from '../support/fake-time.ts';
import {
  answers,
  callOf,
  callsOf,
  errorOf,
  fails,
  generated,
  partsOf,
  streamed,
  textParts,
  type Part,
} from '../support/models.ts';

useFakeTime();

const never = () => new Promise<never>(() => {});

/** A model that never answers and ignores its abort signal. */
const deaf = (modelId = 'deaf') =>
  new MockLanguageModelV4({ provider: 'mock', modelId, doGenerate: never, doStream: never });

/** A model that streams parts and waits where there is a number, for so many milliseconds; deaf to its signal. */
function paced(modelId: string, script: readonly (Part | number)[]) {
  const seen = { cancelled: undefined as unknown, pulled: 0 };
  const left = [...script];
  const model = new MockLanguageModelV4({
    provider: 'mock',
    modelId,
    doStream: async () => ({
      stream: new ReadableStream<Part>(
        {
          async pull(controller) {
            while (typeof left[0] === 'number') {
              const ms = left.shift() as number;
              await (ms === Infinity ? never() : new Promise((resolve) => setTimeout(resolve, ms)));
            }
            const part = left.shift() as Part | undefined;
            seen.pulled++;
            if (part) controller.enqueue(part);
            else controller.close();
          },
          cancel: (reason) => void (seen.cancelled = reason),
        },
        { highWaterMark: 0 },
      ),
    }),
  });
  return { model, seen };
}

const [start, begin, , end, finish] = textParts('') as [Part, Part, Part, Part, Part];
const word = (delta: string): Part => ({ type: 'text-delta', id: '1', delta });
const ping = { type: 'ping' } as unknown as Part;

describe('a deadline, and an abort', () => {
  const model = (deadlineMs?: number) =>
    dispatcher({
      ...(deadlineMs !== undefined && { deadlineMs }),
      estimator: { id: 'never', estimateText: () => 1, estimateCall: never },
      rules: [
        {
          fitsTarget: true,
          target: {
            model: answers('small'),
            contextWindow: 100,
            estimator: {
              id: 'slow',
              estimateText: () => 1000,
              estimateCall: async () => {
                await new Promise((resolve) => setTimeout(resolve, 5));
                return 1000;
              },
            },
          },
        },
        { when: { maxInputTokens: 1000 }, target: answers('other') },
      ],
    });

  it('end a plan that waits for an estimator, also after it waited for another', async () => {
    expect(await errorOf(inTime(model(50).doGenerate(callOf('Hi'))))).toSatisfy(
      AttemptTimeoutError.isInstance,
    );
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('left')), 50);
    const call = callOf('Hi', { abortSignal: controller.signal });
    expect(await errorOf(inTime(model().doGenerate(call)))).toMatchObject({ message: 'left' });
  });
});

describe('deadlines of an attempt', () => {
  it.each(['doGenerate', 'doStream'] as const)('R-22: totalMs ends a deaf member: %s', async (how) => {
    const next = answers('next');
    const model = cascade({ steps: [{ model: deaf(), totalMs: 100 }, next] });
    const text = await inTime(
      how === 'doGenerate' ? generated(model, callOf('Hi')) : streamed(model, callOf('Hi')),
    );
    expect(text).toBe('next');
  });

  it('aborts the signal that the member has, with the error that it fails by', async () => {
    const silent = deaf();
    const error = await errorOf(inTime(generated(cascade({ steps: [silent], totalMs: 100 }), callOf('Hi'))));
    expect(silent.doGenerateCalls[0]!.abortSignal!.reason).toBe(error);
    expect(AttemptTimeoutError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      name: 'AI_AttemptTimeoutError',
      member: 'mock/deaf',
      deadline: 'totalMs',
      ms: 100,
      message: 'mock/deaf did not finish within 100 ms (totalMs).',
    });
    expect(decisionOf(error)!.attempts).toEqual([
      {
        id: 'mock/deaf',
        startedAt: expect.any(Number),
        outcome: 'failed',
        failure: 'timeout',
        deadline: 'totalMs',
        durationMs: 100,
      },
    ]);
  });

  it("a member's own comes before the primitive's; the others have the primitive's", async () => {
    const model = cascade({ totalMs: 100, steps: [{ model: deaf('a'), totalMs: 30 }, deaf('b')] });
    const error = await errorOf(inTime(generated(model, callOf('Hi'))));
    expect(decisionOf(error)!.attempts!.map(({ durationMs }) => durationMs)).toEqual([30, 100]);
  });

  it('firstContentMs is for content: neither a ping nor raw parts keep it off', async () => {
    const { model: a, seen } = paced('a', [start, 60, ping, { type: 'raw', rawValue: 1 }, 60, word('late')]);
    const model = cascade({ steps: [a, answers('next')], firstContentMs: 100 });
    expect(await inTime(streamed(model, callOf('Hi')))).toBe('next');
    expect(AttemptTimeoutError.isInstance(seen.cancelled)).toBe(true);
  });

  it('firstContentMs and idleMs say nothing about generate, whose answer comes in one piece', async () => {
    const slow = new MockLanguageModelV4({
      provider: 'mock',
      modelId: 'slow',
      doGenerate: async (call) => {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        return answers('slow').doGenerate(call);
      },
    });
    const model = cascade({ steps: [slow], firstContentMs: 10, idleMs: 10 });
    expect(await inTime(generated(model, callOf('Hi')))).toBe('slow');
  });

  it('a ping keeps a stream from being idle', async () => {
    const { model: a } = paced('a', [
      start,
      begin,
      60,
      ping,
      60,
      ping,
      60,
      word('yes'),
      60,
      ping,
      60,
      end,
      finish,
    ]);
    expect(await inTime(streamed(cascade({ steps: [a], idleMs: 100 }), callOf('Hi')))).toBe('yes');
  });

  it('idleMs begins with the first content: a model that thinks may be silent before', async () => {
    const { model: a } = paced('a', [start, begin, 500, word('yes'), end, finish]);
    expect(await inTime(streamed(cascade({ steps: [a], idleMs: 100 }), callOf('Hi')))).toBe('yes');
  });

  it('after the first content a stall is an error part, and nothing is switched', async () => {
    const { model: a, seen } = paced('a', [start, begin, word('half'), Infinity]);
    const next = answers('next');
    const parts = await inTime(partsOf(cascade({ steps: [a, next], idleMs: 100 }), callOf('Hi')));
    expect(parts.map(({ type }) => type)).toEqual([
      'stream-start',
      'response-metadata',
      'text-start',
      'text-delta',
      'error',
      'finish',
    ]);
    expect(parts.at(-2)).toMatchObject({ error: { deadline: 'idleMs', member: 'mock/a' } });
    expect(callsOf(next)).toBe(0);
    expect(AttemptTimeoutError.isInstance(seen.cancelled)).toBe(true);
  });

  it('a slow reader of a healthy stream is no fault', async () => {
    const script = [start, begin, ...[...'abcdef'].flatMap((each) => [50, word(each)]), end, finish];
    const { model: a } = paced('a', script);
    const model = cascade({ steps: [a], firstContentMs: 100, idleMs: 100 });
    const reading = async (): Promise<string> => {
      let text = '';
      const { stream } = await model.doStream(callOf('Hi'));
      for await (const part of stream) {
        await new Promise((resolve) => setTimeout(resolve, 10_000));
        if (part.type === 'text-delta') text += part.delta;
      }
      return text;
    };
    expect(await inTime(reading())).toBe('abcdef');
  });

  it('totalMs ends a stream as well, whoever is slow', async () => {
    const { model: a } = paced('a', [start, begin, word('a'), 60, word('b'), 60, word('c'), end, finish]);
    const parts = await inTime(partsOf(cascade({ steps: [a], totalMs: 100 }), callOf('Hi')));
    expect(parts.at(-2)).toMatchObject({ type: 'error', error: { deadline: 'totalMs' } });
  });

  it('a consumer who cancels leaves no timer behind', async () => {
    const { model: a, seen } = paced('a', [start, begin, word('half'), Infinity]);
    const model = cascade({ steps: [a], idleMs: 100, totalMs: 1000, deadlineMs: 1000 });
    const { stream } = await model.doStream(callOf('Hi'));
    await stream.cancel('enough');
    expect(seen.cancelled).toBe('enough');
  });

  it('of a nested primitive bound its whole chain, whose record is kept', async () => {
    const inner = alloy({
      id: 'inner',
      strategy: 'round-robin',
      constituents: [
        { model: fails('down'), contextWindow: '8K' },
        { model: deaf(), contextWindow: '8K' },
      ],
    });
    const model = dispatcher({ targets: [{ model: inner, totalMs: 100 }, answers('next')], fallback: true });
    const result = await inTime(model.doGenerate(callOf('Hi')));
    expect(decisionOf(result)!.attempts).toMatchObject([
      {
        failure: 'timeout',
        deadline: 'totalMs',
        decision: { id: 'inner', attempts: [{ failure: 'server-error' }, { outcome: 'aborted' }] },
      },
      { id: 'mock/next', outcome: 'answered' },
    ]);
  });

  it('of a primitive hold for each attempt inside nested ones, unless those say otherwise', async () => {
    const steps = [deaf('a'), answers('b')];
    for (const inner of [cascade({ id: 'inner', steps }), cascade({ id: 'inner', steps, totalMs: 50 })]) {
      const result = await inTime(cascade({ steps: [inner], totalMs: 100 }).doGenerate(callOf('Hi')));
      expect(decisionOf(result)!.attempts![0]).toMatchObject({
        outcome: 'answered',
        decision: { attempts: [{ failure: 'timeout', deadline: 'totalMs' }, { id: 'mock/b' }] },
      });
    }
  });

  it('are on record as soon as they pass, also where nobody reads', async () => {
    for (const idleMs of [undefined, 500]) {
      const onDecision = vi.fn();
      const { model: a } = paced('a', [start, begin, word('half'), Infinity]);
      const inner = cascade({ id: 'inner', steps: [a] });
      const outer = cascade({ onDecision, totalMs: 100, ...(idleMs && { idleMs }), steps: [inner] });
      const { stream } = await outer.doStream(callOf('Hi'));
      await vi.advanceTimersByTimeAsync(101);
      expect(onDecision).toHaveBeenCalledTimes(1);
      expect(onDecision.mock.calls[0]![0]).toMatchObject({
        attempts: [{ failure: 'timeout', decision: { attempts: [{ deadline: 'totalMs' }] } }],
      });
      const parts: Part[] = [];
      for await (const part of stream) parts.push(part);
      expect(parts.slice(-2).map(({ type }) => type)).toEqual(['error', 'finish']);
      expect(onDecision).toHaveBeenCalledTimes(1);
    }
  });

  it('are on record also behind what a nested primitive holds back', async () => {
    const onDecision = vi.fn();
    const { model: a } = paced('a', [start, begin, word('a'), word('b'), word('c'), Infinity]);
    const inner = cascade({ steps: [a], afterContent: 'buffer', maxBufferedParts: 4, totalMs: 60 });
    const { stream } = await cascade({ onDecision, idleMs: 500, steps: [inner] }).doStream(callOf('Hi'));
    await vi.advanceTimersByTimeAsync(100);
    expect(onDecision).toHaveBeenCalledTimes(1);
    const types: string[] = [];
    for await (const { type } of stream) types.push(type);
    expect(types.filter((type) => type === 'text-delta')).toHaveLength(2); // the third nobody asked for in time
    expect(types.slice(-2)).toEqual(['error', 'finish']);
  });

  it('go on only where timeouts do', async () => {
    const next = answers('next');
    const model = cascade({ steps: [deaf(), next], totalMs: 100, fallThroughOn: ['network'] });
    expect(await errorOf(inTime(generated(model, callOf('Hi'))))).toMatchObject({ deadline: 'totalMs' });
    expect(callsOf(next)).toBe(0);
  });
});

describe('deadlineMs', () => {
  it('bounds the whole chain, and nobody is tried after it', async () => {
    const last = answers('last');
    const model = cascade({ steps: [fails('down'), deaf('a'), last], deadlineMs: 100 });
    const error = await errorOf(inTime(generated(model, callOf('Hi'))));
    expect(AllAttemptsFailedError.isInstance(error)).toBe(true);
    // A retry by the SDK would begin a new chain, and break the promise.
    expect(error).toMatchObject({
      isRetryable: false,
      attempts: [
        { failure: 'server-error' },
        { failure: 'timeout', deadline: 'deadlineMs', durationMs: 100 },
      ],
    });
    expect(callsOf(last)).toBe(0);
  });

  it('bounds the counting as well, as does an abort', async () => {
    const estimator = { id: 'stuck', estimateText: () => 1, estimateCall: never };
    const model = cascade({
      id: 'c',
      steps: [{ model: answers('a'), contextWindow: '8K', estimator }],
      deadlineMs: 100,
    });
    const error = await errorOf(inTime(generated(model, callOf('Hi'))));
    expect(error).toMatchObject({ member: 'c', deadline: 'deadlineMs' });
    expect(decisionOf(error)).toMatchObject({ id: 'c', candidates: [] });
    const controller = new AbortController();
    const aborted = errorOf(generated(model, callOf('Hi', { abortSignal: controller.signal })));
    controller.abort(new Error('left'));
    expect(await aborted).toBe(controller.signal.reason);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it("bounds the store's answer, as does an abort; nobody is called after it", async () => {
    const member = answers('a');
    const store = { get: never, set: never };
    const model = cascade({ steps: [member], deadlineMs: 20, cooldown: { failures: 1, ms: 1000, store } });
    expect(await errorOf(inTime(generated(model, callOf('Hi'))))).toMatchObject({ deadline: 'deadlineMs' });
    expect(callsOf(member)).toBe(0);
  });

  it('ends a call that something else held up', async () => {
    const member = answers('a');
    const estimator = {
      id: 'busy',
      estimateText: () => {
        vi.setSystemTime(Date.now());
        vi.advanceTimersByTime(50);
        return 1;
      },
    };
    const model = cascade({ steps: [{ model: member, contextWindow: '8K', estimator }], deadlineMs: 20 });
    expect(await errorOf(inTime(generated(model, callOf('Hi'))))).toMatchObject({ deadline: 'deadlineMs' });
    expect(callsOf(member)).toBe(0);
  });

  it('goes on while a stream is read', async () => {
    const { model: a } = paced('a', [start, begin, word('a'), 60, word('b'), 60, word('c'), end, finish]);
    const parts = await inTime(
      partsOf(cascade({ steps: [fails('down'), a], deadlineMs: 100 }), callOf('Hi')),
    );
    expect(parts.at(-2)).toMatchObject({ type: 'error', error: { deadline: 'deadlineMs', ms: 100 } });
  });

  it('of a nested primitive is a failure like any other to the outer one', async () => {
    const inner = cascade({ id: 'inner', steps: [deaf()], deadlineMs: 50 });
    const model = cascade({ steps: [inner, answers('next')] });
    expect(await inTime(generated(model, callOf('Hi')))).toBe('next');
  });
});

describe("the caller's own signal", () => {
  it('R-22: is never a timeout, and never falls through', async () => {
    const next = answers('next');
    const controller = new AbortController();
    const model = cascade({ steps: [deaf(), next], totalMs: 1000, deadlineMs: 2000 });
    const failing = errorOf(generated(model, callOf('Hi', { abortSignal: controller.signal })));
    await vi.advanceTimersByTimeAsync(10);
    controller.abort(new DOMException('too slow for me', 'TimeoutError'));
    const error = await failing;
    expect(error).toBe(controller.signal.reason);
    expect(decisionOf(error)!.attempts).toMatchObject([{ outcome: 'aborted', failure: 'aborted' }]);
    expect(callsOf(next)).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('ends a stream whose member is deaf to it, also after the first content', async () => {
    const { model: a, seen } = paced('a', [start, begin, word('half'), Infinity]);
    const controller = new AbortController();
    const call = callOf('Hi', { abortSignal: controller.signal });
    const reading = errorOf(partsOf(cascade({ steps: [a] }), call));
    await vi.advanceTimersByTimeAsync(10);
    controller.abort(new Error('left'));
    expect(await reading).toBe(controller.signal.reason);
    expect(seen.cancelled).toBe(controller.signal.reason);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });
});
