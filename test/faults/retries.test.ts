import { getEventListeners } from 'node:events';
import { MockLanguageModelV4 } from 'ai/test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AllAttemptsFailedError, alloy, cascade, decisionOf, dispatcher } from '../../src/index.ts';
import { inTime, useFakeTime } from '../support/fake-time.ts';
import {
  answers,
  apiError,
  callOf,
  callsOf,
  errorOf,
  fails,
  generated,
  textResult,
} from '../support/models.ts';

useFakeTime();
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0.5));
afterEach(() => void vi.restoreAllMocks());

/** A model that fails with these errors, one call after the other, and then answers. */
function failsFirst(modelId: string, errors: readonly unknown[]) {
  const left = [...errors];
  const calledAt: number[] = [];
  const model = new MockLanguageModelV4({
    provider: 'mock',
    modelId,
    doGenerate: async () => {
      calledAt.push(Date.now());
      if (left.length > 0) throw left.shift();
      return textResult(modelId);
    },
  });
  const gaps = (): number[] => calledAt.slice(1).map((at, index) => at - calledAt[index]!);
  return { model, gaps };
}

const limited = (headers: Record<string, string>) => apiError(429, { headers });

describe('retries', () => {
  it('are none by default', async () => {
    const { model, gaps } = failsFirst('a', [apiError(503)]);
    expect(await inTime(generated(cascade({ steps: [model, answers('next')] }), callOf('Hi')))).toBe('next');
    expect(gaps()).toEqual([]);
  });

  it('back off exponentially, with full jitter', async () => {
    const { model, gaps } = failsFirst(
      'a',
      [503, 500, 503, 503].map((status) => apiError(status)),
    );
    const result = await inTime(cascade({ steps: [model], retries: 4 }).doGenerate(callOf('Hi')));
    expect(gaps()).toEqual([250, 500, 1000, 2000]); // half of 500, 1000, 2000, 4000
    expect(decisionOf(result)!.attempts!.map(({ waitedMs }) => waitedMs)).toEqual([
      undefined,
      250,
      500,
      1000,
      2000,
    ]);
  });

  it.each<[string, Record<string, string>, number]>([
    ['seconds', { 'retry-after': '3' }, 3000],
    ['milliseconds', { 'Retry-After-Ms': '1234' }, 1234],
    ['a date', { 'RETRY-AFTER': 'Thu, 26 Nov 2026 00:00:20 GMT' }, 20_000],
    ['none that is usable', { 'retry-after': '-5' }, 0],
    ['no time at all', { 'retry-after': '0' }, 0],
  ])('R-22: wait for as long as the provider asks: %s', async (_, headers, wait) => {
    vi.setSystemTime('2026-11-26T00:00:00Z');
    const { model, gaps } = failsFirst('a', [limited(headers)]);
    expect(await inTime(generated(cascade({ steps: [{ model, retries: 1 }] }), callOf('Hi')))).toBe('a');
    expect(gaps()).toEqual([wait + 250]); // and the jitter of a first backoff
  });

  it('move on from a long Retry-After where another member is ready', async () => {
    for (const [maxRetryAfterMs, answer] of [
      [undefined, 'next'],
      [1500, 'next'],
      [2000, 'a'],
    ] as const) {
      const { model } = failsFirst('a', [limited({ 'retry-after': '2' })]);
      const steps = [model, answers('next')];
      const composed = cascade({ steps, retries: 1, ...(maxRetryAfterMs && { maxRetryAfterMs }) });
      expect(await inTime(generated(composed, callOf('Hi')))).toBe(answer);
    }
  });

  it('wait for a long Retry-After where none is, but not for more than a minute', async () => {
    for (const [seconds, tries] of [
      [60, 2],
      [61, 1],
    ] as const) {
      const { model, gaps } = failsFirst('a', [limited({ 'retry-after': `${seconds}` }), apiError(401)]);
      await errorOf(inTime(generated(cascade({ steps: [model], retries: 1 }), callOf('Hi'))));
      expect(gaps()).toHaveLength(tries - 1);
    }
  });

  it('where the others would not be asked, because the failure does not fall through', async () => {
    const { model } = failsFirst('a', [limited({ 'retry-after': '2' })]);
    const composed = cascade({ steps: [model, answers('next')], retries: 1, fallThroughOn: ['network'] });
    expect(await inTime(generated(composed, callOf('Hi')))).toBe('a');
  });

  it.each<[string, unknown]>([
    ['a quota', apiError(429, { body: { error: { code: 'insufficient_quota' } } })],
    ['a wrong key', apiError(401)],
    ['a bad request', apiError(400)],
    ['a timeout in which nothing came', new DOMException('slow', 'TimeoutError')],
  ])('R-22: not after %s', async (_, error) => {
    const { model, gaps } = failsFirst('a', [error]);
    const failing = cascade({ steps: [model], retries: 3 }).doGenerate(callOf('Hi'));
    expect(await errorOf(inTime(failing))).toBe(error);
    expect(gaps()).toEqual([]);
  });

  it('not of a member that stayed silent', async () => {
    const silent = new MockLanguageModelV4({
      provider: 'mock',
      modelId: 's',
      doGenerate: () => new Promise(() => {}),
    });
    const model = cascade({ steps: [silent, answers('next')], retries: 3, totalMs: 100 });
    expect(await inTime(generated(model, callOf('Hi')))).toBe('next');
    expect(callsOf(silent)).toBe(1);
  });

  it('after a 408 or a 504, which are answers', async () => {
    const { model } = failsFirst('a', [apiError(408), apiError(504)]);
    expect(await inTime(generated(cascade({ steps: [model], retries: 2 }), callOf('Hi')))).toBe('a');
  });

  it('not beyond the deadline of the call', async () => {
    const { model, gaps } = failsFirst('a', [limited({ 'retry-after': '5' })]);
    const composed = cascade({ steps: [model], retries: 1, deadlineMs: 4000 });
    expect(await errorOf(inTime(generated(composed, callOf('Hi'))))).toMatchObject({ statusCode: 429 });
    expect(gaps()).toEqual([]);
  });

  it("R-22: an abort ends the wait at once, with the caller's reason", async () => {
    const { model, gaps } = failsFirst('a', [limited({ 'retry-after': '50' })]);
    const controller = new AbortController();
    const call = callOf('Hi', { abortSignal: controller.signal });
    const failing = errorOf(generated(cascade({ steps: [model], retries: 1 }), call));
    await vi.advanceTimersByTimeAsync(10);
    controller.abort(new Error('left'));
    const error = await failing;
    expect(error).toBe(controller.signal.reason);
    expect(decisionOf(error)!.attempts).toMatchObject([{ id: 'mock/a', failure: 'rate-limit' }]);
    expect(gaps()).toEqual([]);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('R-25: are not multiplied by those of the SDK, however deep they are', async () => {
    const inner = cascade({ id: 'inner', steps: [{ model: fails('a'), retries: 1 }] });
    for (const model of [inner, cascade({ steps: [inner, fails('b')] })]) {
      const error = await errorOf(inTime(generated(model, callOf('Hi'))));
      expect(AllAttemptsFailedError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ isRetryable: false });
    }
    const without = await errorOf(
      inTime(generated(cascade({ steps: [fails('a'), fails('b')] }), callOf('Hi'))),
    );
    expect(without).toMatchObject({ isRetryable: true });
  });

  it('R-25, R-33: nor where the first error of the only target would be thrown', async () => {
    const contextWindow = '8K' as const;
    const error = () => apiError(503);
    const without = [
      dispatcher({ targets: [fails('a', error), answers('b')], retries: 1 }),
      cascade({ steps: [fails('a', error), answers('b')], retries: 1, fallThroughOn: [] }),
      alloy({
        retries: 1,
        fallback: false,
        constituents: [
          { model: fails('a', error), contextWindow },
          { model: fails('b', error), contextWindow },
        ],
      }),
    ];
    for (const model of without) {
      const thrown = await errorOf(inTime(generated(model, callOf('Hi'))));
      expect(AllAttemptsFailedError.isInstance(thrown)).toBe(true);
      expect(thrown).toMatchObject({ isRetryable: false, attempts: [{}, {}] });
    }
    const { model } = failsFirst('a', [apiError(503), apiError(401)]);
    const thrown = await errorOf(
      inTime(generated(dispatcher({ targets: [model], retries: 2 }), callOf('Hi'))),
    );
    expect(thrown).toMatchObject({ statusCode: 401 });
  });

  it("R-25: nor where another member's failure ends the call", async () => {
    const conflict = () => apiError(409); // which the SDK retries
    const inner = cascade({ id: 'inner', steps: [{ model: fails('a'), retries: 1 }] });
    for (const steps of [
      [{ model: fails('a'), retries: 1 }, fails('b', conflict)],
      [inner, fails('b', conflict)],
    ]) {
      const thrown = await errorOf(inTime(generated(cascade({ steps }), callOf('Hi'))));
      expect(thrown).toMatchObject({ name: 'AI_AllAttemptsFailedError', isRetryable: false });
    }
    const thrown = await errorOf(
      generated(cascade({ steps: [fails('a'), fails('b', conflict)] }), callOf('Hi')),
    );
    expect(thrown).toMatchObject({ name: 'AI_AllAttemptsFailedError', isRetryable: true });
  });

  it('of a primitive are for its own members, not for nested ones', async () => {
    const member = fails('a');
    const model = cascade({ steps: [cascade({ steps: [member] })], retries: 3 });
    await errorOf(inTime(generated(model, callOf('Hi'))));
    expect(callsOf(member)).toBe(1);
  });
});
