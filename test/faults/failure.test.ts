import { APICallError, JSONParseError, LoadAPIKeyError, NoSuchModelError } from 'ai';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../src/faults/failure.ts';
import { apiError } from '../support/models.ts';

const kindOf = (error: unknown): string => failureOf(error).kind;

describe('failure kinds', () => {
  it.each([
    [408, 'timeout'],
    [429, 'rate-limit'],
    [500, 'server-error'],
    [503, 'server-error'],
    [529, 'server-error'],
    [400, 'bad-request'],
    [422, 'bad-request'],
    [401, 'auth'],
    [403, 'auth'],
    [404, 'not-found'],
  ])('R-22: HTTP %i is %s', (status, kind) => {
    expect(failureOf(apiError(status))).toMatchObject({ kind, statusCode: status });
  });

  it.each([
    ['quota as 429', apiError(429, { body: { error: { code: 'insufficient_quota' } } }), 'quota'],
    [
      'Groq: tokens per minute as 413',
      apiError(413, {
        body: {
          error: {
            code: 'rate_limit_exceeded',
            message: 'Request too large: please reduce the length of the messages',
          },
        },
      }),
      'rate-limit',
    ],
    [
      'Azure: content filter as 400',
      apiError(400, { body: { error: { code: 'content_filter' } } }),
      'content-filter',
    ],
    ['no response', apiError(undefined, { message: 'Cannot connect to API' }), 'network'],
    ['fetch failed', new TypeError('fetch failed'), 'network'],
    ['a cut body', new TypeError('terminated'), 'network'],
    ['ECONNRESET', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), 'network'],
    ['ENOTFOUND behind a cause', new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } }), 'network'],
    [
      'a response cut after its headers',
      new APICallError({
        message: 'terminated',
        url: '',
        requestBodyValues: {},
        statusCode: 200,
        isRetryable: true,
      }),
      'network',
    ],
    [
      'unparsable body',
      new APICallError({
        message: 'Invalid JSON response',
        url: '',
        requestBodyValues: {},
        statusCode: 200,
        isRetryable: false,
        cause: new JSONParseError({ text: '<html>', cause: undefined }),
      }),
      'malformed-response',
    ],
    ['JSONParseError', new JSONParseError({ text: '{', cause: undefined }), 'malformed-response'],
    ["a timeout of the member's own", new DOMException('slow', 'TimeoutError'), 'timeout'],
    ["an abort of the member's own", new DOMException('stopped', 'AbortError'), 'aborted'],
    ['a missing key', new LoadAPIKeyError({ message: 'no key' }), 'auth'],
    ['a missing model', new NoSuchModelError({ modelId: 'x', modelType: 'languageModel' }), 'not-found'],
    [
      'in-band error part',
      { type: 'server_error', code: null, message: 'The server had an error' },
      'server-error',
    ],
    [
      'in-band, nested',
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      'server-error',
    ],
    ['in-band with a numeric code (OpenRouter)', { code: 429, message: 'Rate limited' }, 'rate-limit'],
    ['Google', { error: { code: 503, status: 'UNAVAILABLE', message: 'overloaded' } }, 'server-error'],
    [
      'GatewayError',
      Object.assign(new Error('x'), {
        name: 'GatewayRateLimitError',
        type: 'rate_limit_exceeded',
        statusCode: 429,
      }),
      'rate-limit',
    ],
  ])('R-22: %s', (_, error, kind) => {
    expect(kindOf(error)).toBe(kind);
  });

  it.each([
    ['a string', 'Internal error 500'],
    ['null', null],
    ['undefined', undefined],
    ['an Error that mentions a status', new Error('status 429: rate_limit_exceeded')],
    ['a foreign code', { code: 'constructor' }],
    ['a code that is no status', { code: '3505' }],
    [
      'an error that holds itself',
      Object.assign(
        {},
        {
          get error() {
            return this;
          },
        },
      ),
    ],
  ])('R-22: unknown, never from prose: %s', (_, error) => {
    expect(failureOf(error)).toMatchObject({ kind: 'unknown', retryable: false });
  });

  it.each([
    [
      'an in-band status in a response of 200',
      new APICallError({
        message: 'down',
        url: '',
        requestBodyValues: {},
        statusCode: 200,
        isRetryable: false,
        data: { error: { code: 502, message: 'Provider down' } },
      }),
      'server-error',
    ],
    ['a message that is no string', { message: Symbol('odd') }, 'unknown'],
    [
      'a body that echoes the prompt',
      apiError(422, {
        message: 'Unprocessable',
        body: { detail: [{ msg: 'Field required', input: 'maximum context length is 8192 tokens' }] },
      }),
      'bad-request',
    ],
    [
      'a schema that speaks of it',
      apiError(400, {
        message: "Invalid schema: 'context length of 4096'",
        body: { error: { code: 'invalid_function_parameters' } },
      }),
      'bad-request',
    ],
    [
      'a name that is too long',
      apiError(400, {
        body: { error: { code: 'string_above_max_length', param: 'tools[0].function.name' } },
      }),
      'bad-request',
    ],
  ])('R-22: %s', (_, error, kind) => {
    expect(kindOf(error)).toBe(kind);
  });

  it.each([
    [401, 'server_error', 'auth'],
    [400, 'api_error', 'bad-request'],
    [400, 'ECONNRESET', 'bad-request'],
    [400, 'content_filter', 'content-filter'],
    [402, 'payment_required', 'quota'],
    [408, 'server_error', 'timeout'],
    [429, 'permission_error', 'rate-limit'],
    [500, 'invalid_request_error', 'server-error'],
    [500, 'authentication_error', 'server-error'],
    [502, 'content_filter_error', 'server-error'],
    [503, 'model_not_found', 'server-error'],
    [500, 'RESOURCE_EXHAUSTED', 'rate-limit'],
    [504, 'DEADLINE_EXCEEDED', 'timeout'],
  ])('R-22: HTTP %i with the type %s is %s', (status, type, kind) => {
    expect(kindOf(apiError(status, { body: { error: { type, code: null } } }))).toBe(kind);
  });

  it('a 400 that speaks of 5000 tokens is no server error', () => {
    expect(kindOf(apiError(400, { message: 'temperature must be at most 5000' }))).toBe('bad-request');
  });
});

describe('R-24: overflow, by status, code and response body', () => {
  it.each([
    [
      'OpenAI',
      apiError(400, {
        body: {
          error: {
            code: 'context_length_exceeded',
            message:
              "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
          },
        },
      }),
      8192,
    ],
    [
      'OpenAI, code alone',
      apiError(400, { body: { error: { code: 'context_length_exceeded' } } }),
      Number.NaN,
    ],
    [
      'OpenAI, output',
      apiError(400, {
        message: 'max_tokens is too large: 100000. This model supports at most 16384 completion tokens',
      }),
      Number.NaN,
    ],
    ['Anthropic', apiError(400, { message: 'prompt is too long: 213462 tokens > 200000 maximum' }), 200_000],
    [
      'Anthropic, both',
      apiError(400, {
        message:
          'input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length',
      }),
      200_000,
    ],
    [
      'Anthropic, output',
      apiError(400, {
        message: 'max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens for x',
      }),
      Number.NaN,
    ],
    [
      'Google',
      apiError(400, {
        message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
      }),
      1_048_576,
    ],
    [
      'Mistral',
      apiError(400, {
        message:
          'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
      }),
      32_768,
    ],
    ['Bedrock', apiError(400, { message: 'Input is too long for requested model.' }), Number.NaN],
    [
      'llama.cpp, with a message that hides it',
      apiError(400, {
        message: 'Bad Request',
        body: {
          error: {
            code: 400,
            message:
              'request (9017 tokens) exceeds the available context size (512 tokens), try increasing it',
            type: 'exceed_context_size_error',
            n_prompt_tokens: 9017,
            n_ctx: 512,
          },
        },
      }),
      512,
    ],
    [
      'in-band',
      {
        error: {
          code: 'context_length_exceeded',
          message: "This model's maximum context length is 4096 tokens.",
        },
      },
      4096,
    ],
  ])('R-24: %s', (_, error, statedLimit) => {
    expect(failureOf(error)).toMatchObject({ kind: 'overflow', statedLimit });
  });

  it.each([
    [
      '429 in tokens per minute',
      apiError(429, { message: "This model's maximum context length is 8192 tokens" }),
      'rate-limit',
    ],
    [
      'a 503 that quotes the sentence',
      apiError(503, { message: 'prompt is too long: 3 tokens > 2' }),
      'server-error',
    ],
  ])('R-24: not %s', (_, error, kind) => {
    expect(kindOf(error)).toBe(kind);
  });
});
