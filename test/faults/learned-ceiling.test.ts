import { MockLanguageModelV4 } from 'ai/test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { alloy, cascade, decisionOf, dispatcher, explain, type RoutingModel } from '../../src/index.ts';
import {
  answers,
  apiError,
  callOfTokens,
  callsOf,
  errorOf,
  fails,
  textOfTokens,
  textResult,
  usage,
} from '../support/models.ts';

afterEach(() => void vi.useRealTimers());

const tooLong = (limit: number) =>
  apiError(400, {
    body: {
      error: {
        code: 'context_length_exceeded',
        message: `This model's maximum context length is ${limit} tokens. However, your messages resulted in 99999 tokens.`,
      },
    },
  });

/** A model that fails with these errors, and then answers, reporting so many input tokens. */
function rejects(modelId: string, errors: readonly unknown[], reported = 7) {
  const left = [...errors];
  return new MockLanguageModelV4({
    provider: 'mock',
    modelId,
    doGenerate: async () => {
      const error = left.shift();
      if (error) throw error;
      const inputTokens = { total: reported, noCache: reported, cacheRead: 0, cacheWrite: 0 };
      return { ...textResult(modelId), usage: { ...usage, inputTokens } };
    },
  });
}

const ask = (model: RoutingModel, tokens: number) =>
  model.doGenerate(callOfTokens(tokens, { maxOutputTokens: 10 }));
const answeredBy = async (model: RoutingModel, tokens: number) =>
  decisionOf(await ask(model, tokens))!.answeredBy;

describe('learned ceilings', () => {
  it('R-24: a limit that the provider stated holds for the next calls, and decisions show it', async () => {
    const small = rejects('small', [tooLong(4000)]);
    const model = cascade({
      steps: [
        { model: small, contextWindow: '32K' },
        { model: answers('large'), contextWindow: '64K' },
      ],
    });
    expect(await answeredBy(model, 5000)).toBe('mock/large');
    const result = await ask(model, 5000);
    expect(decisionOf(result)!.candidates[0]).toMatchObject({
      ceiling: 4000,
      learnedCeiling: 4000,
      fits: false,
      skipped: 'too-large',
    });
    expect(callsOf(small)).toBe(1);
    expect(await answeredBy(model, 1000)).toBe('mock/small');
    const { candidates } = await explain(model, { prompt: textOfTokens(5000), maxOutputTokens: 10 });
    expect(candidates.map(({ fits }) => fits)).toEqual([false, true]);
  });

  it('also for a member without a size', async () => {
    const model = cascade({
      steps: [rejects('a', [tooLong(4000)]), { model: answers('b'), contextWindow: '64K' }],
    });
    expect(await answeredBy(model, 5000)).toBe('mock/b');
    expect(decisionOf(await ask(model, 5000))!.candidates[0]).toMatchObject({
      ceiling: 4000,
      skipped: 'too-large',
    });
  });

  it('for ten minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const model = cascade({ steps: [rejects('a', [tooLong(4000)]), answers('b')] });
    expect(await answeredBy(model, 5000)).toBe('mock/b');
    vi.setSystemTime(Date.now() - 86_400_000); // the wall clock has no say in it
    vi.advanceTimersByTime(599_000);
    expect(await answeredBy(model, 5000)).toBe('mock/b');
    vi.advanceTimersByTime(2000);
    expect(await answeredBy(model, 5000)).toBe('mock/a');
  });

  it('the member is tried anyway if nothing else stands in the way', async () => {
    const only = rejects('only', [tooLong(4000)]);
    const model = cascade({ steps: [{ model: only, contextWindow: '32K' }] });
    await errorOf(ask(model, 5000));
    const decision = decisionOf(await ask(model, 5000))!;
    expect(decision.answeredBy).toBe('mock/only');
    expect(decision.candidates).toMatchObject([{ fits: true, ceiling: 32_768, learnedCeiling: 4000 }]);
    expect(decision.candidates[0]!.skipped).toBeUndefined();
  });

  it('R-17: an alloy neither refuses nor chooses by it', async () => {
    const a = rejects('a', [tooLong(4000)]);
    const model = alloy({
      strategy: 'round-robin',
      constituents: [
        { model: a, contextWindow: '32K' },
        { model: answers('b'), contextWindow: '64K' },
      ],
    });
    for (const id of ['b', 'b', 'a', 'b', 'a']) expect(await answeredBy(model, 5000)).toBe(`mock/${id}`);
    expect(decisionOf(await ask(model, 5000))!.candidates[0]).toMatchObject({
      fits: true,
      learnedCeiling: 4000,
    });
  });

  it('goes last, not away: it may be wrong', async () => {
    const a = rejects('a', [tooLong(4000)]);
    const b = fails('b');
    const model = cascade({
      steps: [
        { model: a, contextWindow: '32K' },
        { model: b, contextWindow: '64K' },
      ],
    });
    await errorOf(ask(model, 5000));
    const decision = decisionOf(await ask(model, 5000))!;
    expect(decision.order).toEqual(['mock/b', 'mock/a']);
    expect(decision.attempts).toMatchObject([{ id: 'mock/b', outcome: 'failed' }, { id: 'mock/a' }]);
    expect(decision.candidates[0]).toMatchObject({ fits: true, learnedCeiling: 4000 });
    expect(decision.candidates[0]!.skipped).toBeUndefined();
  });

  it('is no lower than an input that the member has accepted', async () => {
    const small = rejects('small', [], 6000);
    const model = dispatcher({
      targets: [
        { model: small, contextWindow: '32K' },
        { model: answers('large'), contextWindow: '64K' },
      ],
    });
    expect(await answeredBy(model, 6500)).toBe('mock/small');
    small.doGenerate = rejects('small', [tooLong(4000)]).doGenerate;
    await ask(model, 7000);
    expect(decisionOf(await ask(model, 7000))!.candidates[0]).toMatchObject({ learnedCeiling: 6000 });
  });

  it.each<[string, unknown]>([
    [
      'a rate limit',
      apiError(429, { body: { error: { message: 'maximum context length is 4000 tokens' } } }),
    ],
    [
      'a limit of the output',
      apiError(400, {
        message: 'max_tokens: 100000 > 4000, which is the maximum allowed number of output tokens for x',
      }),
    ],
    ['an overflow without a number', apiError(400, { body: { error: { code: 'context_length_exceeded' } } })],
    ['more than was declared', tooLong(200_000)],
  ])('nothing is learned from %s', async (_, error) => {
    const model = cascade({
      steps: [
        { model: rejects('a', [error]), contextWindow: '32K' },
        { model: answers('b'), contextWindow: '64K' },
      ],
    });
    await ask(model, 5000);
    const { candidates } = decisionOf(await ask(model, 5000))!;
    expect(candidates[0]).toMatchObject({ ceiling: 32_768, fits: true });
    expect(candidates[0]!.learnedCeiling).toBeUndefined();
  });
});
