import { createGateway, RetryError, streamText } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { describe, expect, it } from 'vitest';
import { failureOf, type Failure } from '../../src/faults/failure.ts';
import { apiError, callOf, streamOf } from '../support/models.ts';

type Expected = readonly [kind: Failure['kind'], statusCode?: number, statedLimit?: number];
type Row = readonly [vendor: string, error: unknown, ...Expected];

/** An error of a provider package that keeps the response as it is, and a message that says nothing. */
const http = (status: number, content?: unknown, headers?: Record<string, string>): unknown =>
  apiError(status, { message: 'failed', body: content, ...(headers && { headers }) });

const body = (fields: object): object => ({ error: { message: 'No.', ...fields } });
const thrown = (name: string, fields: object = {}): Error =>
  Object.assign(new Error('No.'), { name, ...fields });
const unheard = Number.NaN; // no limit is stated

const openAI: readonly Row[] = [
  ['quota', http(429, body({ type: 'insufficient_quota', code: 'insufficient_quota' })), 'quota', 429],
  ['rate limit', http(429, body({ type: 'tokens', code: 'rate_limit_exceeded' })), 'rate-limit', 429],
  ['a wrong key', http(401, body({ code: 'invalid_api_key' })), 'auth', 401],
  ['no such model', http(404, body({ code: 'model_not_found' })), 'not-found', 404],
  ['policy', http(400, body({ code: 'content_policy_violation' })), 'content-filter', 400],
  ['in band', { type: 'server_error', code: null, message: 'No.' }, 'server-error'],
  [
    'Responses, in band',
    {
      type: 'response.failed',
      response: { metadata: { code: '429', reasons: ['billing'] }, error: { code: 'server_error' } },
    },
    'server-error',
  ],
];

const anthropic: readonly Row[] = [
  ['overloaded', http(529, body({ type: 'overloaded_error' })), 'server-error', 529],
  ['overloaded, in band', { type: 'error', ...body({ type: 'overloaded_error' }) }, 'server-error'],
  ['rate limit, in band', body({ type: 'rate_limit_error' }), 'rate-limit'],
  ['billing', http(400, body({ type: 'billing_error' })), 'quota', 400],
  ['permission', http(403, body({ type: 'permission_error' })), 'auth', 403],
  ['timeout, in band', body({ type: 'timeout_error' }), 'timeout'],
  ['a body too large', http(413, body({ type: 'request_too_large' })), 'overflow', 413, unheard],
];

const google: readonly Row[] = [
  ['rate limit', http(429, body({ code: 429, status: 'RESOURCE_EXHAUSTED' })), 'rate-limit', 429],
  ['in a list', http(200, [body({ code: 503, status: 'UNAVAILABLE' })]), 'server-error', 503],
  ['a list in band', { data: [body({ code: 429, status: 'RESOURCE_EXHAUSTED' })] }, 'rate-limit', 429],
  [
    'a wrong key',
    http(400, body({ status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }] })),
    'auth',
    400,
  ],
  ['Vertex, old reasons', body({ errors: [{ reason: 'rateLimitExceeded' }] }), 'rate-limit'],
  ['Vertex, deadline', http(504, body({ status: 'DEADLINE_EXCEEDED' })), 'timeout', 504],
  ['permission', body({ code: 403, status: 'PERMISSION_DENIED' }), 'auth', 403],
];

const azure: readonly Row[] = [
  ['rate limit, code as a string', http(429, body({ code: '429' })), 'rate-limit', 429],
  ['the same, in band', body({ code: '429' }), 'rate-limit', 429],
  [
    'content filter',
    http(400, body({ code: null, innererror: { code: 'ResponsibleAIPolicyViolation' } })),
    'content-filter',
    400,
  ],
  ['no deployment', http(404, body({ code: 'DeploymentNotFound' })), 'not-found', 404],
  ['a key that ran out', http(401, body({ code: '401' })), 'auth', 401],
];

const coral = (name: string): Record<string, string> => ({
  'X-Amzn-ErrorType': `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
});
const bedrock: readonly Row[] = [
  ['throttled, by header', http(400, { message: 'No.' }, coral('ThrottlingException')), 'rate-limit', 400],
  ['quota', http(400, { message: 'No.' }, coral('ServiceQuotaExceededException')), 'quota', 400],
  ['timeout', http(408, { message: 'No.' }, coral('ModelTimeoutException')), 'timeout', 408],
  ['not ready', http(429, { message: 'No.' }, coral('ModelNotReadyException')), 'rate-limit', 429],
  ['the model failed', http(424, { message: 'No.' }, coral('ModelErrorException')), 'server-error', 424],
  ['its stream failed', http(424, {}, coral('ModelStreamErrorException')), 'server-error', 424],
  [
    'an address is no type',
    http(400, {}, { 'x-amzn-errortype': 'X:http://throttling/' }),
    'bad-request',
    400,
  ],
  ['access', { __type: 'com.amazon.coral.service#AccessDeniedException' }, 'auth'],
  ['not found', thrown('ResourceNotFoundException'), 'not-found'],
  ['unavailable', thrown('ServiceUnavailableException'), 'server-error'],
  ['internal', thrown('internalServerException'), 'server-error'],
  ['throttled, by name', thrown('ThrottlingException'), 'rate-limit'],
  ['timeout, by name', thrown('ModelTimeoutException'), 'timeout'],
  ['quota, by name', thrown('ServiceQuotaExceededException'), 'quota'],
  ['stream, by name', thrown('ModelStreamErrorException'), 'server-error'],
  ['not ready, by name', thrown('ModelNotReadyException'), 'rate-limit'],
  ['invalid', thrown('ValidationException', { $metadata: { httpStatusCode: 400 } }), 'bad-request', 400],
];

const others: readonly Row[] = [
  [
    'Groq: tokens per minute',
    http(413, body({ type: 'tokens', code: 'rate_limit_exceeded' })),
    'rate-limit',
    413,
  ],
  ['Groq: flex capacity', http(498, body({ code: 'capacity_exceeded' })), 'rate-limit', 498],
  ['Groq: flex capacity, by status', http(498), 'rate-limit', 498],
  ['Groq: a retired model', http(400, body({ code: 'model_decommissioned' })), 'not-found', 400],
  [
    'Mistral: capacity',
    { object: 'error', type: 'service_tier_capacity_exceeded', code: '3505', raw_status_code: 429 },
    'rate-limit',
    429,
  ],
  ['Mistral: capacity, no status', { type: 'service_tier_capacity_exceeded', code: '3505' }, 'rate-limit'],
  [
    'Mistral: a list of details',
    http(422, { object: 'error', message: { detail: [{ type: 'missing', msg: 'No.' }] } }),
    'bad-request',
    422,
  ],
  ['OpenRouter: credits', http(402, body({ code: 402 })), 'quota', 402],
  ['OpenRouter: forbidden', http(403, body({ code: 403 })), 'auth', 403],
  [
    'OpenRouter: moderation',
    http(403, body({ code: 403, metadata: { reasons: ['hate'], flagged_input: '…' } })),
    'content-filter',
    403,
  ],
  ['OpenRouter: in band', { code: 502, message: 'No.', metadata: {} }, 'server-error', 502],
  ['OpenRouter: in a 200', http(200, body({ code: 429 })), 'rate-limit', 429],
  [
    'OpenRouter: what the vendor said',
    http(
      400,
      body({ code: 400, metadata: { raw: JSON.stringify(body({ code: 'context_length_exceeded' })) } }),
    ),
    'overflow',
    400,
    unheard,
  ],
  ['Ollama: no such model', http(404, { error: 'model "x" not found' }), 'not-found', 404],
  ['Ollama: a bare error', { error: 'model is too busy' }, 'unknown'],
  [
    'llama.cpp: loading',
    http(503, { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } }),
    'server-error',
    503,
  ],
  ['llama.cpp: loading, in band', body({ type: 'unavailable_error' }), 'server-error'],
  ['vLLM, flat', { object: 'error', message: 'No.', type: 'BadRequestError', code: 400 }, 'bad-request', 400],
  ['vLLM, nested', body({ type: 'NotFoundError', code: 404 }), 'not-found', 404],
  ['DeepSeek: balance', http(402, body({ code: 'invalid_request_error' })), 'quota', 402],
  ['DeepSeek: balance, in band', body({ code: 'insufficient_balance' }), 'quota'],
  [
    'xAI: rate limit',
    http(429, { code: 'Some resource has been exhausted', error: 'No.' }),
    'rate-limit',
    429,
  ],
  ['xAI: in band', { code: 'Some resource has been exhausted', error: 'No.' }, 'rate-limit'],
  ['xAI: a wrong argument', http(400, { code: 'Client specified an invalid argument' }), 'bad-request', 400],
  ['TGI: busy', http(429, { error: 'Model is overloaded', error_type: 'overloaded' }), 'rate-limit', 429],
  ['TGI: busy, in band', { error: 'No.', error_type: 'overloaded' }, 'server-error'],
  ['TGI: generation failed', http(424, { error: 'No.', error_type: 'generation' }), 'server-error', 424],
  ['TGI: invalid', http(422, { error: 'No.', error_type: 'validation' }), 'bad-request', 422],
  ['Cohere: rate limit', http(429, { id: '1', message: 'No.' }), 'rate-limit', 429],
  ['Cohere: a wrong token', http(401, { message: 'invalid api token' }), 'auth', 401],
  ['Moonshot: quota', http(429, body({ type: 'exceeded_current_quota_error' })), 'quota', 429],
  ['DashScope: inspection', http(400, { code: 'data_inspection_failed' }), 'content-filter', 400],
  ['a status in snake case', { status_code: 429, message: 'No.' }, 'rate-limit', 429],
  ['no status', { status: 700, code: 42 }, 'unknown'],
  [
    'prose as a code',
    { code: `${'The input could not be read. '.repeat(5)} rate_limit_exceeded` },
    'unknown',
  ],
  ['problem+json', http(500, { status: 429, title: 'No.' }), 'server-error', 500],
  ['nginx', http(502, '<html><h1>502 Bad Gateway</h1></html>'), 'server-error', 502],
  ['happy eyeballs', new AggregateError([{ code: 'ECONNREFUSED' }]), 'network'],
  ['wrapped', new Error('The model failed', { cause: apiError(429) }), 'rate-limit', 429],
  ['wrapped deeply', new Error('1', { cause: new Error('2', { cause: { code: 'ECONNRESET' } }) }), 'network'],
];

describe.each([
  ['OpenAI', openAI],
  ['Anthropic', anthropic],
  ['Google', google],
  ['Azure', azure],
  ['Bedrock', bedrock],
  ['others', others],
] as const)('R-22: kind and status, %s', (_, rows) => {
  it.each(rows)('%s', (_name, value, kind, statusCode, statedLimit) => {
    const failure = failureOf(value);
    expect(failure).toMatchObject({ kind, error: value });
    expect(failure.statusCode).toBe(statusCode);
    expect(failure.statedLimit).toBe(statedLimit);
  });
});

describe('R-22: errors of the SDK itself', () => {
  const gatewayError = async (status: number, type: string, headers = {}): Promise<unknown> => {
    const content = JSON.stringify(body({ type }));
    const fetch = async (): Promise<Response> => new Response(content, { status, headers });
    const model = createGateway({ apiKey: 'none', fetch })('openai/gpt-5');
    return model.doGenerate(callOf('hi')).then(
      () => undefined,
      (reason: unknown) => reason,
    );
  };

  it.each([
    ['authentication_error', 401, 'auth', false],
    ['invalid_request_error', 400, 'bad-request', false],
    ['rate_limit_exceeded', 429, 'rate-limit', true],
    ['model_not_found', 404, 'not-found', false],
    ['not_found', 404, 'not-found', false],
    ['internal_server_error', 500, 'server-error', true],
    ['failed_dependency', 424, 'bad-request', false],
    ['forbidden', 403, 'auth', false],
    ['timeout_error', 408, 'timeout', true],
  ] as const)('GatewayError %s', async (type, statusCode, kind, retryable) => {
    const reason = await gatewayError(statusCode, type);
    expect(reason).toMatchObject({ name: expect.stringMatching(/^Gateway/), isRetryable: retryable });
    expect(failureOf(reason)).toMatchObject({ kind, statusCode, retryable });
  });

  it('a gateway that answers what it should not', async () => {
    const fetch = async (): Promise<Response> => new Response('<html>');
    const reason: unknown = await createGateway({ apiKey: 'none', fetch })('openai/gpt-5')
      .doGenerate(callOf('hi'))
      .then(undefined, (why: unknown) => why);
    expect(failureOf(reason)).toMatchObject({ kind: 'malformed-response', statusCode: 200 });
  });

  it('R-25: a GatewayError has its wait in its cause', async () => {
    const reason = await gatewayError(429, 'rate_limit_exceeded', { 'retry-after': '7' });
    expect(failureOf(reason).retryAfterMs).toBe(7000);
  });

  it('a RetryError is as its last error, and its retries are over', () => {
    const errors = [apiError(500), apiError(429, { headers: { 'retry-after': '3' } })];
    const error = new RetryError({ message: 'No.', reason: 'maxRetriesExceeded', errors });
    expect(failureOf(errors[1])).toMatchObject({ retryable: true });
    expect(failureOf(error)).toEqual({ ...failureOf(errors[1]), error, retryable: false });
  });

  it('a RetryError of nothing, and of itself', () => {
    const error = new RetryError({ message: 'No.', reason: 'maxRetriesExceeded', errors: [] });
    expect(failureOf(error)).toMatchObject({ kind: 'unknown', error });
    Object.assign(error, { lastError: error });
    expect(failureOf(error)).toMatchObject({ kind: 'unknown', error });
  });

  it("ai 7's StreamProviderError: the SDK does not retry it", async () => {
    const part = { type: 'error' as const, error: { type: 'rate_limit_error', code: 429, message: 'No.' } };
    const model = new MockLanguageModelV4({ doStream: async () => ({ stream: streamOf([part]) }) });
    const reasons: unknown[] = [];
    await streamText({
      model,
      prompt: 'hi',
      onError: ({ error }) => void reasons.push(error),
    }).consumeStream();
    expect(reasons[0]).toMatchObject({ name: 'AI_StreamProviderError', isRetryable: true });
    expect(failureOf(reasons[0])).toMatchObject({ kind: 'rate-limit', statusCode: 429, retryable: false });
  });
});

describe('R-22: a bare string says what it would say inside an error', () => {
  it.each([
    'status 429: rate_limit_exceeded',
    '503',
    'fetch failed: 500',
    'the server is overloaded',
    "My app says: this model's maximum context length is 8192 tokens.",
  ])('prose, unknown: %s', (text) => {
    expect(failureOf(text)).toMatchObject({ kind: 'unknown', statusCode: undefined, error: text });
  });

  it.each([
    ['overloaded_error', { kind: 'server-error' }],
    ['ECONNRESET', { kind: 'network' }],
    ['{"error":{"code":429}}', { kind: 'rate-limit', statusCode: 429 }],
    ["This model's maximum context length is 8192 tokens.", { kind: 'overflow', statedLimit: 8192 }],
  ])('%s', (text, failure) => {
    expect(failureOf(text)).toMatchObject(failure);
    expect(failureOf({ type: 'error', error: text })).toMatchObject({ kind: failure.kind });
  });

  it.each(['fetch failed', 'Failed to fetch', 'Load failed', 'terminated', 'Network connection lost.'])(
    'network: %s',
    (text) => {
      expect(failureOf(text)).toMatchObject({ kind: 'network', retryable: false });
    },
  );

  it.each(['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'DEPTH_ZERO_SELF_SIGNED_CERT'])(
    'network: a certificate, %s',
    (code) => {
      expect(failureOf(new TypeError('fetch failed', { cause: { code } })).kind).toBe('network');
      expect(failureOf({ code }).kind).toBe('network');
    },
  );
});
