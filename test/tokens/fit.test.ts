import { describe, expect, it } from 'vitest';
import { charRatio, type Call, type SizeOptions, type TokenEstimator } from '../../src/index.ts';
import { checkFit, parseLimits, type Verdict } from '../../src/tokens/fit.ts';
import { callOf, callOfTokens } from '../support/models.ts';

const check = (options: SizeOptions, call: unknown): Verdict | Promise<Verdict> =>
  checkFit(parseLimits('member', options), call as Call);

/** 100 tokens of input. */
const hundred = (options = {}): unknown => callOfTokens(100, options);

describe('the fit check', () => {
  it("R-2: the budget is the call's own limit, else the default of 4,096", () => {
    expect(check({}, hundred())).toMatchObject({ demand: { input: 100, output: 4096 } });
    expect(check({ defaultOutputTokens: '2K' }, hundred())).toMatchObject({ demand: { output: 2048 } });
    expect(check({ defaultOutputTokens: '2K' }, hundred({ maxOutputTokens: 50 }))).toMatchObject({
      demand: { output: 50 },
    });
    expect(check({}, { ...(hundred() as object), maxTokens: 51 })).toMatchObject({ demand: { output: 51 } }); // V1
  });

  it("R-2: a default budget is never more than the member's own output limit", () => {
    expect(check({ maxOutputTokens: 1000 }, hundred())).toMatchObject({
      fits: true,
      demand: { output: 1000 },
    });
  });

  it('R-3: equality fits, one token more does not', () => {
    const call = hundred({ maxOutputTokens: 50 });
    expect(check({ contextWindow: 150 }, call)).toMatchObject({ fits: true });
    expect(check({ contextWindow: 149 }, call)).toMatchObject({ fits: false });
  });

  it('R-1, R-3: the fraction derates the window', () => {
    const call = hundred({ maxOutputTokens: 50 });
    expect(check({ contextWindow: 200, capacityFraction: 0.75 }, call)).toMatchObject({ fits: true });
    expect(check({ contextWindow: 200, capacityFraction: 0.74 }, call)).toMatchObject({ fits: false });
  });

  it('R-4: the margin is in the estimate once: raw 180,000 × 1.10 = 198,000 fits 222,822', () => {
    const call = callOf('a'.repeat(180_000 * 3.5), { maxOutputTokens: 1 });
    const verdict = check({ contextWindow: '256K', capacityFraction: 0.85, estimator: charRatio() }, call);
    expect(verdict).toMatchObject({ fits: true, demand: { input: 198_000 + 12, output: 1 } });
  });

  it('R-7: maxInputTokens holds for the input alone, with the fraction', () => {
    expect(check({ maxInputTokens: 100 }, hundred({ maxOutputTokens: 9999 }))).toMatchObject({ fits: true });
    expect(check({ maxInputTokens: 99 }, hundred())).toMatchObject({ fits: false });
    expect(check({ maxInputTokens: 100, capacityFraction: 0.99 }, hundred())).toMatchObject({ fits: false });
    expect(check({ contextWindow: 9999, maxInputTokens: 99 }, hundred())).toMatchObject({ fits: false });
  });

  it('R-7: a requested output above maxOutputTokens does not fit; the limit has no fraction', () => {
    expect(
      check(
        { contextWindow: 300, maxOutputTokens: 10, capacityFraction: 0.5 },
        hundred({ maxOutputTokens: 10 }),
      ),
    ).toMatchObject({
      fits: true,
    });
    expect(
      check({ contextWindow: '1M', maxOutputTokens: 10 }, hundred({ maxOutputTokens: 11 })),
    ).toMatchObject({
      fits: false,
      demand: { output: 11 },
    });
  });

  it('R-6: the call is not touched', () => {
    const call = hundred();
    const before = JSON.stringify(call);
    check({ contextWindow: 10 }, call);
    expect(JSON.stringify(call)).toBe(before);
  });
});

describe('the estimator', () => {
  it('R-9: only estimateText is required; its counts are rounded up per leaf (R-12)', () => {
    const estimator: TokenEstimator = { id: 'half', estimateText: () => 0.5 };
    const call = {
      prompt: [
        { role: 'system', content: 'a' },
        { role: 'user', content: [{ type: 'text', text: 'b' }] },
      ],
    };
    expect(check({ estimator }, call)).toMatchObject({
      demand: { input: 16 + 2, estimator: 'half', basis: 'estimate' },
    });
  });

  it('R-9: a bound settles what it can, and says so', () => {
    const estimator: TokenEstimator = { id: 'bounded', estimateText: () => 10, upperBound: () => 20 };
    expect(check({ estimator, contextWindow: 33, defaultOutputTokens: 1 }, callOf('a'))).toMatchObject({
      fits: true,
      demand: { input: 32, basis: 'bound' },
    });
    expect(check({ estimator, contextWindow: 32, defaultOutputTokens: 1 }, callOf('a'))).toMatchObject({
      fits: true,
      demand: { input: 22, basis: 'estimate' },
    });
  });

  it('R-9: estimateCall replaces the walk and may be asynchronous', async () => {
    const estimator: TokenEstimator = { id: 'whole', estimateText: () => 0, estimateCall: async () => 7 };
    expect(await check({ estimator, contextWindow: 10, defaultOutputTokens: 3 }, callOf('a'))).toMatchObject({
      fits: true,
      demand: { input: 7 },
    });
  });

  it('a count that stopped early at a small limit is not taken for the count at a larger one', async () => {
    const limits: number[] = [];
    const estimator: TokenEstimator = {
      id: 'early',
      estimateText: () => 0,
      estimateCall: (_, limit = Infinity) => {
        limits.push(limit);
        return Math.min(500, limit + 1);
      },
    };
    const call = callOf('a', { maxOutputTokens: 1 });
    expect(check({ estimator, contextWindow: 101 }, call)).toMatchObject({ fits: false });
    expect(check({ estimator, contextWindow: 301 }, call)).toMatchObject({ fits: false });
    expect(check({ estimator, contextWindow: 201 }, call)).toMatchObject({ fits: false });
    expect(check({ estimator, contextWindow: 601 }, call)).toMatchObject({
      fits: true,
      demand: { input: 500 },
    });
    expect(check({ estimator, contextWindow: 701 }, call)).toMatchObject({ fits: true });
    expect(limits).toEqual([100, 300, 600]); // 200 and 700 follow from what is known
  });

  it('R-11: text is counted once per call and estimator, and again when the call changed', () => {
    let counted = 0;
    const estimator: TokenEstimator = { ...charRatio(), estimateText: (text) => (counted++, text.length) };
    const call = { prompt: [{ role: 'user', content: [{ type: 'text', text: 'abc' }] }] };
    check({ estimator }, call);
    check({ estimator, contextWindow: 10 }, { ...call });
    expect(counted).toBe(1);
    call.prompt[0]!.content.push({ type: 'text', text: 'defg' });
    expect(check({ estimator }, call)).toMatchObject({ demand: { input: 12 + 7 } });
    expect(check({ estimator }, { ...call, tools: [{ name: 'x' }] })).toMatchObject({
      demand: { input: 12 + 7 + 40 + Math.ceil('[{"name":"x"}]'.length * 1.1) },
    });
  });

  it.each([Number.NaN, -1, Infinity, '5', undefined])(
    'a count of %s is an error that names the estimator',
    (count) => {
      const estimator = { id: 'broken', estimateText: () => count } as unknown as TokenEstimator;
      expect(() => check({ estimator }, callOf('a'))).toThrow(/token estimator "broken" returned/);
    },
  );
});
