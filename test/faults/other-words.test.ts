import { APICallError } from 'ai';
import { describe, expect, it } from 'vitest';
import { isErrorLike } from '../../src/faults/error-like.ts';
import { cascade, failureOf } from '../../src/index.ts';
import { answers, apiError, callOfTokens, fails, generated } from '../support/models.ts';

// Members of the kinds that reports name, in words that no report has.
const failure = (status: number, message: string, headers: Record<string, string> = {}) =>
  failureOf(apiError(status, { message, headers, body: { error: { message } } }));

describe('R-22, R-24: other words', () => {
  it.each([
    ['max sequence length is 4096 but got 5120 tokens', 4096],
    ['The model supports at most 32768 tokens, but 40000 were given', 32_768],
    ['max_model_len is 4096, prompt has 5000 tokens', 4096],
    ['输入长度超过模型最大长度限制', Number.NaN],
    ['Prompt 超长', Number.NaN],
    ['Please use a shorter prompt', Number.NaN],
  ])('%s', (message, limit) => {
    expect(failure(400, message)).toMatchObject({ kind: 'overflow', statedLimit: limit });
  });

  it.each([
    [403, 'You have depleted your monthly included credits. Subscribe to PRO'],
    [403, 'The API key has exceeded its budget of $10'],
    [412, 'User is locked, monthly usage exceeded'],
    [429, 'You have run out of tokens for today. Upgrade your plan'],
  ])('%i %s', (status, message) => {
    expect(failure(status, message).kind).toBe('quota');
  });

  it('a code of the context in a 429 is an overflow, a limit of tokens is not', () => {
    const coded = (code: string) => failureOf(apiError(429, { body: { error: { code, message: 'no' } } }));
    expect(coded('context_length_exceeded').kind).toBe('overflow');
    expect(coded('tokens_limit_exceeded').kind).toBe('rate-limit');
  });

  it.each([
    [{ 'retry-after': '60 seconds' }, 60_000],
    [{ 'retry-after': 'PT30S' }, 30_000],
    [{ 'retry-after': 'PT1M30S' }, 90_000],
    [{ 'x-ms-retry-after-ms': '300' }, 300],
    [{ 'x-rate-limit-reset': '7' }, 7000],
    [{ 'x-ratelimit-reset-after': '7', 'x-ratelimit-remaining': '0' }, 7000],
  ])('waits: %j', (headers, ms) => {
    expect(failure(429, 'slow down', headers).retryAfterMs).toBe(ms);
  });

  it('waits: Please wait 30 seconds before retrying', () => {
    expect(failure(429, 'Please wait 30 seconds before retrying').retryAfterMs).toBe(30_000);
  });
});

it.each([[{}], [{ 'content-type': 'application/json' }], [{ 'x-amzn-errortype': '' }]])(
  'R-24: a vague 400 may be an overflow, whatever headers it comes with: %j',
  async (headers) => {
    const message = 'Der Prompt passt nicht in das Modell.';
    const error = (): APICallError => apiError(400, { message, headers, body: { error: { message } } });
    const model = cascade({
      steps: [
        { model: fails('a', error), contextWindow: 10_000, defaultOutputTokens: 10 },
        { model: answers('b'), contextWindow: 100_000 },
      ],
    });
    expect(await generated(model, callOfTokens(6000))).toBe('b');
  },
);

describe('R-22: a notice in a stream that names no failure is passed over', () => {
  const failed = (type: string): boolean => isErrorLike({ type, message: 'words' });

  it.each(['rate_limits', 'rate_limit_event', 'limit_info', 'timeout_extended', 'tool_failed'])(
    '%s',
    (type) => {
      expect(failed(type)).toBe(false);
    },
  );

  it.each(['rate_limit', 'rate_limit_error', 'request_timeout', 'timed_out_error', 'generation_failed'])(
    'but not %s',
    (type) => {
      expect(failed(type)).toBe(true);
    },
  );
});
