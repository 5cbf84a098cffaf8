import type { LanguageModelV4 } from '@ai-sdk/provider';
import { APICallError, wrapLanguageModel } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { describe, expect, it, vi } from 'vitest';
import {
  AllAttemptsFailedError,
  cascade,
  ContextWindowExceededError,
  decisionOf,
  defaultFallThroughOn,
  explain,
  fitCheck,
  type FailureKind,
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
  streams,
  stop,
  usage,
  type Part,
} from './support/models.ts';

const overflow = (message = 'prompt is too long: 213462 tokens > 200000 maximum'): unknown =>
  apiError(400, { message });

describe.each([
  ['generate', generated],
  ['stream', streamed],
] as const)('a cascade, %s', (_, answer) => {
  it('R-20: the first success wins, in declared order, every time', async () => {
    const [first, second] = [answers('first'), answers('second')];
    const model = cascade({ steps: [first, second] });
    for (let call = 0; call < 3; call++) expect(await answer(model, callOf('Hi'))).toBe('first');
    expect([callsOf(first), callsOf(second)]).toEqual([3, 0]);
  });

  it("R-21: a step that can't hold the demand is skipped", async () => {
    const small = answers('small');
    const model = cascade({ steps: [{ model: small, contextWindow: 4195 }, answers('large')] });
    expect(await answer(model, callOfTokens(100))).toBe('large'); // 100 + 4,096
    expect(await answer(model, callOfTokens(89))).toBe('small');
    expect(callsOf(small)).toBe(1);
  });

  it('R-23: an unsized step is always eligible', async () => {
    const model = cascade({ steps: [answers('unsized'), { model: answers('sized'), contextWindow: '1M' }] });
    expect(await answer(model, callOfTokens(100_000))).toBe('unsized');
  });

  it.each<[FailureKind, () => unknown]>([
    ['timeout', () => apiError(408)],
    ['timeout', () => new DOMException('slow', 'TimeoutError')],
    ['rate-limit', () => apiError(429)],
    ['quota', () => apiError(429, { body: { error: { code: 'insufficient_quota' } } })],
    ['server-error', () => apiError(500)],
    ['network', () => new TypeError('fetch failed')],
  ])('R-22: falls through on %s', async (kind, error) => {
    expect(defaultFallThroughOn).toContain(kind);
    expect(await answer(cascade({ steps: [fails('bad', error), answers('good')] }), callOf('Hi'))).toBe(
      'good',
    );
  });

  it.each<[FailureKind, unknown]>([
    ['auth', apiError(401)],
    ['not-found', apiError(404)],
    ['bad-request', apiError(400)],
    ['content-filter', apiError(400, { body: { error: { code: 'content_filter' } } })],
  ])('R-22: throws %s at once and unchanged', async (kind, error) => {
    const good = answers('good');
    const model = cascade({ steps: [fails('bad', () => error), good] });
    expect(await errorOf(answer(model, callOf('Hi')))).toBe(error);
    expect(callsOf(good)).toBe(0);
    expect(decisionOf(error)?.attempts).toMatchObject([{ failure: kind }]);
  });

  it.each([new Error('something'), 'a string', undefined, null])(
    'R-22: what names nobody’s mistake falls through: %s',
    async (error) => {
      const model = cascade({ steps: [fails('bad', () => error), answers('good')] });
      expect(await answer(model, callOf('Hi'))).toBe('good');
      const alone = cascade({ steps: [fails('bad', () => error)] });
      expect(await errorOf(answer(alone, callOf('Hi')))).toBe(error);
    },
  );

  it('R-22: fallThroughOn takes kinds', async () => {
    const fallThroughOn = [...defaultFallThroughOn, 'auth' as const];
    const model = cascade({ steps: [fails('expired', () => apiError(401)), answers('good')], fallThroughOn });
    expect(await answer(model, callOf('Hi'))).toBe('good');
    const strict = cascade({ steps: [fails('down'), answers('good')], fallThroughOn: ['auth'] });
    expect(await errorOf(answer(strict, callOf('Hi')))).toMatchObject({ statusCode: 503 });
  });

  it('R-22: fallThroughOn takes a predicate; one that throws leaves it to the default', async () => {
    const bad = fails('bad', () => apiError(418));
    const teapot = cascade({
      steps: [bad, answers('good')],
      fallThroughOn: ({ statusCode }) => statusCode === 418,
    });
    expect(await answer(teapot, callOf('Hi'))).toBe('good');
    const broken = (): boolean => {
      throw new Error('a bug');
    };
    expect(
      await answer(cascade({ steps: [fails('a'), answers('b')], fallThroughOn: broken }), callOf('Hi')),
    ).toBe('b');
    expect(
      await errorOf(answer(cascade({ steps: [bad, answers('b')], fallThroughOn: broken }), callOf('Hi'))),
    ).toMatchObject({ statusCode: 418 });
  });

  it('R-24: after a sized step that overflows, only larger ones and unsized ones', async () => {
    const [same, smaller] = [answers('same'), answers('smaller')];
    const model = cascade({
      steps: [
        { model: fails('liar', () => overflow()), contextWindow: '64K' },
        { model: smaller, contextWindow: '32K' },
        { model: same, contextWindow: '64K' },
        { model: fails('larger'), contextWindow: '128K' },
        answers('unsized'),
      ],
    });
    expect(await answer(model, callOf('Hi'))).toBe('unsized');
    expect([callsOf(same), callsOf(smaller)]).toEqual([0, 0]);
  });

  it('R-24: after an unsized step that overflows, every later one, above the stated limit', async () => {
    const [early, small, large] = [answers('early'), answers('small'), answers('large')];
    const steps = [
      { model: fails('unsized', () => overflow('prompt is too long: 70000 tokens > 65536 maximum')) },
      { model: small, contextWindow: 65_536 },
      { model: large, contextWindow: 65_537 },
    ];
    expect(await answer(cascade({ steps: steps.slice(0) }), callOf('Hi'))).toBe('large');
    expect(callsOf(small)).toBe(0);
    const silent = { model: fails('unsized', () => overflow('input is too long for requested model')) };
    expect(
      await answer(cascade({ steps: [silent, { model: small, contextWindow: 5000 }] }), callOf('Hi')),
    ).toBe('small');
    // Never back to a step before it.
    const back = cascade({ steps: [{ model: early, contextWindow: 4100 }, silent] });
    expect(await errorOf(answer(back, callOfTokens(100)))).toMatchObject({ statusCode: 400 });
    expect(callsOf(early)).toBe(0);
  });

  it('R-25: nothing eligible: one error with every demand and ceiling, and no call', async () => {
    const models = [answers('a'), answers('b')];
    const model = cascade({
      id: 'kimi',
      steps: [
        { model: models[0]!, contextWindow: 5000 },
        { model: models[1]!, contextWindow: 10_000, capacityFraction: 0.5, maxOutputTokens: 100 },
      ],
    });
    const error = await errorOf(answer(model, callOfTokens(5001, { maxOutputTokens: 10 })));
    expect(error).toSatisfy(ContextWindowExceededError.isInstance);
    expect((error as Error).message).toBe(
      'cascade "kimi": the request does not fit, nothing was sent. ' +
        'mock/a: 5001 input + 10 output = 5011 tokens, ceiling 5000; ' +
        'mock/b: 5001 input + 10 output = 5011 tokens, ceiling 5000, maxOutputTokens 100.',
    );
    expect(models.map(callsOf)).toEqual([0, 0]);
  });

  it('R-2: the error says when the output budget alone reaches the ceiling', async () => {
    const model = cascade({ steps: [{ model: answers('a'), contextWindow: '4K' }] });
    const { message } = (await errorOf(answer(model, callOf('Hi')))) as Error;
    expect(message).toContain('the output budget alone reaches the ceiling');
  });

  it('R-25: one attempt only: its own error, unchanged', async () => {
    const error = apiError(503);
    expect(await errorOf(answer(cascade({ steps: [fails('a', () => error)] }), callOf('Hi')))).toBe(error);
  });

  it('R-25: everything failed: one error with all attempts, retryable if one was', async () => {
    const model = cascade({
      steps: [fails('a', () => apiError(503)), fails('b', () => new TypeError('fetch failed'))],
    });
    const error = (await errorOf(answer(model, callOf('Hi')))) as AllAttemptsFailedError;
    expect(error).toSatisfy(AllAttemptsFailedError.isInstance);
    expect(error).toSatisfy(APICallError.isInstance);
    expect(error.attempts).toMatchObject([
      { id: 'mock/a', outcome: 'failed', failure: 'server-error', statusCode: 503 },
      { id: 'mock/b', outcome: 'failed', failure: 'network' },
    ]);
    expect(error.errors).toHaveLength(2);
    expect(error.lastError).toBe(error.errors[1]);
    expect(error).toMatchObject({
      isRetryable: true,
      statusCode: 503,
      responseHeaders: undefined, // nobody named a wait, so the SDK backs off by itself
    });
    expect(error.message).toContain('mock/a: server-error 503; mock/b: network');
  });

  it('R-25: no failure was retryable: an error that the SDK does not retry', async () => {
    const model = cascade({
      steps: [fails('a', () => new TypeError('fetch failed')), fails('b', () => new TypeError('terminated'))],
    });
    const error = (await errorOf(answer(model, callOf('Hi')))) as AllAttemptsFailedError;
    expect(error.isRetryable).toBe(false);
    expect(APICallError.isInstance(error)).toBe(false);
    expect(error.responseHeaders).toBeUndefined();
  });

  it('R-25: retry-after-ms is the wait for the member that may be tried first', async () => {
    const limited = (headers: Record<string, string>) => () => apiError(429, { headers });
    const waits = async (...steps: LanguageModelV4[]): Promise<number> => {
      const error = (await errorOf(answer(cascade({ steps }), callOf('Hi')))) as AllAttemptsFailedError;
      return Number(error.responseHeaders?.['retry-after-ms']);
    };
    const [long, short] = [
      fails('a', limited({ 'retry-after': '30' })),
      fails('b', limited({ 'Retry-After-Ms': '9000' })),
    ];
    const wait = await waits(long, short);
    expect(wait).toBeLessThanOrEqual(9000);
    expect(wait).toBeGreaterThan(5000);
    expect(
      await waits(
        long,
        fails('c', () => new TypeError('fetch failed')),
      ),
    ).toBeGreaterThan(25_000);
    expect(await waits(long, fails('c'))).toBeNaN(); // c may be tried whenever the SDK would try it by itself
  });

  it('R-25: the time that has passed since is taken off', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const limited = (): unknown => apiError(429, { headers: { 'retry-after': '10' } });
    const later = (): unknown => {
      vi.advanceTimersByTime(4000);
      return apiError(429, { headers: { 'retry-after': '60' } });
    };
    const error = await errorOf(
      answer(cascade({ steps: [fails('a', limited), fails('b', later)] }), callOf('Hi')),
    );
    vi.useRealTimers();
    expect((error as AllAttemptsFailedError).responseHeaders).toEqual({ 'retry-after-ms': '6000' });
  });

  it('R-25: carries no prompt', async () => {
    const error = await errorOf(
      answer(cascade({ steps: [fails('a'), fails('b')] }), callOf('the secret prompt')),
    );
    const { requestBodyValues, url, message } = error as AllAttemptsFailedError;
    expect(JSON.stringify([requestBodyValues, url, message, decisionOf(error)])).not.toContain('secret');
    expect(JSON.stringify(error)).not.toContain('secret'); // as the members' own errors would
  });

  it('R-24, R-38: a member that an overflow rules out without a call says so', async () => {
    const between = answers('between');
    const steps = [
      { model: fails('liar', () => overflow()), contextWindow: '64K' as const },
      { model: between, contextWindow: '32K' as const },
      { model: answers('larger'), contextWindow: '256K' as const }, // more than the 200,000 that are stated
    ];
    const model = cascade({ steps });
    const { warnings, providerMetadata } = await model.doGenerate(callOf('Hi'));
    expect(decisionOf({ providerMetadata })?.candidates.map(({ skipped }) => skipped)).toEqual([
      'rejected',
      'rejected',
      undefined,
    ]);
    expect(warnings).toHaveLength(2);
    expect(callsOf(between)).toBe(0);
  });

  it('R-24, R-25: if all that were tried overflowed, the error has the numbers', async () => {
    const steps = [
      { model: fails('a', () => overflow()), contextWindow: '32K' as const },
      { model: fails('b', () => overflow()), contextWindow: '256K' as const },
    ];
    const error = (await errorOf(answer(cascade({ id: 'c', steps }), callOf('Hi')))) as Error;
    expect(error).toSatisfy(ContextWindowExceededError.isInstance);
    expect(error.message).toContain(
      'cascade "c": the request is too long. mock/a: 13 input + 4096 output = 4109 tokens, ceiling 32768, ruled out',
    );
    expect(error.cause).toMatchObject({ statusCode: 400 });
  });

  it('R-25: the error of a sole attempt says who was passed over, and why', async () => {
    const small = { model: answers('small'), contextWindow: 5000 };
    const error = await errorOf(
      answer(cascade({ id: 'c', steps: [small, fails('down')] }), callOfTokens(2000)),
    );
    expect(error).toMatchObject({ name: 'AI_AllAttemptsFailedError', isRetryable: true });
    expect((error as Error).message).toMatch(
      /^cascade "c": all attempts failed\. mock\/down: server-error 503\. Passed over: mock\/small: .*ceiling 5000\.$/,
    );
  });

  it.each<[string, unknown]>([
    ['a bad request', apiError(400)],
    ['a wrong key', apiError(401)],
    ['a missing model', apiError(404)],
  ])('R-25: %s stays unchanged, whoever was passed over', async (_name, error) => {
    const small = { model: answers('small'), contextWindow: 5000 };
    const model = cascade({ steps: [small, fails('bad', () => error)] });
    expect(await errorOf(answer(model, callOfTokens(2000)))).toBe(error);
  });

  it("R-22: after a failure that falls through, a stand-in's own 4xx leads on; the error names all", async () => {
    const steps = [fails('a'), fails('b', () => apiError(400)), fails('c', () => apiError(401))];
    expect(await answer(cascade({ steps: [...steps, answers('good')] }), callOf('Hi'))).toBe('good');
    const error = await errorOf(answer(cascade({ steps }), callOf('Hi')));
    expect((error as AllAttemptsFailedError).attempts.map(({ statusCode }) => statusCode)).toEqual([
      503, 400, 401,
    ]);
  });

  it('R-25: a hint where a server has no Responses API', async () => {
    const missing = new APICallError({
      message: 'Not Found',
      url: 'http://127.0.0.1:8000/v1/responses',
      requestBodyValues: {},
      statusCode: 404,
    });
    const model = cascade({ steps: [fails('local', () => missing, 'openai.responses')] });
    const error = await errorOf(answer(model, callOf('Hi')));
    expect(error).toBe(missing);
    expect(decisionOf(error)?.attempts?.[0]?.hint).toContain('openai.chat(id)');
  });

  describe('R-24: a 400 that does not say what is wrong', () => {
    const vague = (): unknown =>
      apiError(400, { message: 'Bad Request', body: { error: { message: 'Something is wrong' } } });
    const sized = (model: MockLanguageModelV4, contextWindow: number) => ({ model, contextWindow });
    const half = callOfTokens(3000); // and 4,096 of output: above half of 10,000

    it('leads on to one larger member, once', async () => {
      const same = answers('same');
      const steps = [sized(fails('a', vague), 10_000), sized(same, 10_000), sized(answers('large'), 20_000)];
      expect(await answer(cascade({ steps }), half)).toBe('large');
      expect(callsOf(same)).toBe(0);
    });

    it('is thrown unchanged if that fails as well, whatever it fails with', async () => {
      const error = vague();
      const later = answers('later');
      const steps = [
        sized(
          fails('a', () => error),
          10_000,
        ),
        sized(fails('large'), 20_000),
        sized(later, 40_000),
      ];
      const model = cascade({ steps });
      expect(await errorOf(answer(model, half))).toBe(error);
      expect(decisionOf(error)?.attempts).toMatchObject([
        { failure: 'bad-request' },
        { failure: 'server-error' },
      ]);
      expect(callsOf(later)).toBe(0);
      const { candidates } = await explain(model, { prompt: 'Hi' });
      expect(candidates.map(({ learnedCeiling }) => learnedCeiling)).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    });

    it.each<[string, () => unknown, number]>([
      ['of a small call', vague, 100_000],
      ['with a code', () => apiError(400, { body: { error: { code: 'unknown_parameter' } } }), 10_000],
      ['with a parameter', () => apiError(400, { body: { error: { param: 'temperature' } } }), 10_000],
      ['with a sentence', () => apiError(400, { message: 'Missing required field: model' }), 10_000],
    ])('is thrown at once %s', async (_name, error, window) => {
      const large = answers('large');
      const model = cascade({ steps: [sized(fails('a', error), window), sized(large, 200_000)] });
      expect(await errorOf(answer(model, half))).toMatchObject({ statusCode: 400 });
      expect(callsOf(large)).toBe(0);
    });
  });

  it("R-5: a member's own fit check makes it not eligible", async () => {
    const inner = answers('inner');
    const checked = wrapLanguageModel({ model: inner, middleware: fitCheck({ contextWindow: 4200 }) });
    expect(await answer(cascade({ steps: [checked, answers('next')] }), callOfTokens(1000))).toBe('next');
    const error = await errorOf(
      answer(cascade({ id: 'outer', steps: [checked, checked] }), callOfTokens(1000)),
    );
    expect(error).toSatisfy(ContextWindowExceededError.isInstance);
    expect(decisionOf(error)).toMatchObject({
      id: 'outer',
      candidates: [{ skipped: 'rejected' }, { skipped: 'rejected' }],
    });
    expect(callsOf(inner)).toBe(0);
  });
});

it('R-6: a member gets the call as it came, however close to the ceiling', async () => {
  const [first, second] = [fails('first'), answers('second')];
  const call = callOfTokens(904, {
    maxOutputTokens: 4096,
    temperature: 0.3,
    providerOptions: { mock: { a: 1 } },
  });
  const before = structuredClone(call);
  await generated(cascade({ steps: [first, { model: second, contextWindow: 5000 }] }), call);
  await streamed(cascade({ steps: [first, { model: second, contextWindow: 5000 }] }), call);
  for (const received of [...first.doGenerateCalls, ...second.doGenerateCalls, ...second.doStreamCalls]) {
    expect(received).toEqual(before);
  }
  expect(callsOf(second)).toBe(2);
});

describe('R-22: nothing whole began', () => {
  const other = { unified: 'other' as const, raw: undefined };
  it.each<[string, Part[]]>([
    ['an empty stream', []],
    ['a stream that ends after its preamble', [{ type: 'stream-start', warnings: [] }]],
    [
      'empty deltas, then the end',
      [
        { type: 'text-start', id: '1' },
        { type: 'text-delta', id: '1', delta: '' },
      ],
    ],
    [
      'a finish for no reason',
      [
        { type: 'stream-start', warnings: [] },
        { type: 'finish', finishReason: other, usage },
      ],
    ],
  ])('%s falls through', async (_, parts) => {
    const model = cascade({ steps: [streams('empty', parts), answers('good')] });
    expect(await streamed(model, callOf('Hi'))).toBe('good');
    const alone = cascade({ steps: [streams('empty', parts)] });
    expect(decisionOf(await errorOf(streamed(alone, callOf('Hi'))))?.attempts).toMatchObject([
      { failure: 'malformed-response' },
    ]);
  });

  it('an empty result without a reason falls through, and its usage is kept (R-39)', async () => {
    const empty = new MockLanguageModelV4({
      doGenerate: async () => ({
        content: [{ type: 'text', text: '' }],
        finishReason: other,
        usage,
        warnings: [],
      }),
    });
    const { providerMetadata } = await cascade({ steps: [empty, answers('good')] }).doGenerate(callOf('Hi'));
    expect(providerMetadata?.['ai-alloy']).toMatchObject({
      attempts: [
        { failure: 'malformed-response', usage: { inputTokens: 7, outputTokens: 2 } },
        { outcome: 'answered' },
      ],
    });
  });

  it('a result that is no result at all falls through', async () => {
    const odd = new MockLanguageModelV4({ doGenerate: async () => undefined as never });
    const model = cascade({ steps: [odd, answers('good')] });
    expect(await generated(model, callOf('Hi'))).toBe('good');
  });

  it('no result and no stream at all fall through', async () => {
    const nothing = { doGenerate: async () => null as never, doStream: async () => ({}) as never };
    const model = cascade({ steps: [new MockLanguageModelV4(nothing), answers('good')] });
    expect([await generated(model, callOf('Hi')), await streamed(model, callOf('Hi'))]).toEqual([
      'good',
      'good',
    ]);
  });

  it('an empty answer that finished for a reason is an answer', async () => {
    const parts: Part[] = [
      { type: 'stream-start', warnings: [] },
      { type: 'finish', finishReason: stop, usage },
    ];
    const next = answers('next');
    const received = await partsOf(cascade({ steps: [streams('silent', parts), next] }), callOf('Hi'));
    expect(received.map(({ type }) => type)).toEqual(['stream-start', 'response-metadata', 'finish']);
    expect(callsOf(next)).toBe(0);
  });
});

describe('R-21: warnings', () => {
  const steps = [{ model: answers('small'), contextWindow: 4100 }, answers('large')];
  const warning = {
    type: 'other',
    message: expect.stringContaining(
      'skipped mock/small: 100 input + 4096 output = 4196 tokens, ceiling 4100.',
    ),
  };

  it('a skipped step is a call warning', async () => {
    const model = cascade({ id: 'kimi', steps });
    expect((await model.doGenerate(callOfTokens(100))).warnings).toEqual([warning]);
    expect((await partsOf(model, callOfTokens(100)))[0]).toEqual({
      type: 'stream-start',
      warnings: [warning],
    });
  });

  it('also when the member sends no stream-start', async () => {
    const bare = streams('bare', [
      { type: 'text-delta', id: '1', delta: 'x' },
      { type: 'finish', finishReason: stop, usage },
    ]);
    const parts = await partsOf(cascade({ steps: [steps[0]!, bare] }), callOfTokens(100));
    expect(parts[0]).toEqual({ type: 'stream-start', warnings: [warning] });
  });

  it('not with warnOnSkip: false, and none when nothing was skipped', async () => {
    expect((await cascade({ steps, warnOnSkip: false }).doGenerate(callOfTokens(100))).warnings).toEqual([]);
    expect((await cascade({ steps }).doGenerate(callOf('Hi', { maxOutputTokens: 5 }))).warnings).toEqual([]);
  });
});
