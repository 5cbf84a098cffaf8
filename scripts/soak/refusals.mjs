// What members throw, or send as an error part.
import { APICallError } from 'ai';
import { oneOf } from './random.mjs';

const refused = (statusCode, body, responseHeaders) =>
  new APICallError({
    message: `Refused with ${statusCode}.`,
    url: 'http://127.0.0.1/v1/chat/completions',
    requestBodyValues: {},
    statusCode,
    responseHeaders,
    responseBody: typeof body === 'string' ? body : JSON.stringify({ error: body }),
  });

const waits = ['0', '-5', '1e308', 'NaN', '9'.repeat(400), 'Wed, 21 Oct 2015 07:28:00 GMT', '99999999', ''];
const limits = ['1', '-8', '1e308', '8192', '0', '9'.repeat(50)];

/** Providers throw the very same error object more than once, too. */
const always = Object.assign(new Error('The same error object, each time.'), { statusCode: 503 });

/** What JavaScript allows to be thrown. */
const oddities = [
  () => undefined,
  () => null,
  () => 'a bare string',
  () => 17n,
  () => Symbol('odd'),
  () => Object.freeze(new Error('frozen')),
  () => Object.create(null),
  () => {
    const cyclic = new Error('cyclic');
    return Object.assign(cyclic, { cause: cyclic, errors: [cyclic], data: { error: cyclic } });
  },
  () =>
    Object.defineProperty(new Error('throws when it is read'), 'statusCode', {
      get() {
        throw new Error('hostile');
      },
    }),
];

/** Makes an error; some by chance. */
export const refusals = {
  'rate limit': () => refused(429, { message: 'Slow down.', code: 'rate_limit_exceeded' }),
  'rate limit with a wait': () => refused(429, { message: 'Slow down.' }, { 'retry-after-ms': '20' }),
  'rate limit with an absurd wait': (random) =>
    refused(429, { message: 'Slow down.' }, { 'retry-after': oneOf(random, waits) }),
  quota: () => refused(429, { message: 'You exceeded your quota.', code: 'insufficient_quota' }),
  'server error': () => refused(500, { message: 'Failed.', type: 'server_error' }),
  'page of a proxy': () => refused(502, '<html><body>Bad gateway</body></html>'),
  'bad request': () => refused(400, { message: 'Invalid value.', type: 'invalid_request_error', param: 'n' }),
  'unclear bad request': () => refused(400, { message: 'Bad request' }),
  'wrong key': () => refused(401, { message: 'Incorrect API key.', code: 'invalid_api_key' }),
  'no such model': () => refused(404, { message: 'No such model.', code: 'model_not_found' }),
  'too long': (random) =>
    refused(400, {
      message: `This model's maximum context length is ${oneOf(random, limits)} tokens.`,
      code: 'context_length_exceeded',
    }),
  'too large': () => refused(413, '<html>Payload too large</html>'),
  network: () =>
    Object.assign(new TypeError('fetch failed'), {
      cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
    }),
  'own abort': () => new DOMException('This operation was aborted', 'AbortError'),
  'the same error': () => always,
  oddity: (random) => oneOf(random, oddities)(),
};
