import type { FailureKind } from '../decision.ts';
import { AllAttemptsFailedError, ContextWindowExceededError, isObject } from '../errors.ts';
import { overflowLimit } from './overflow.ts';

/** A member's failure, as `fallThroughOn` gets to see it. */
export interface Failure {
  readonly kind: FailureKind;
  readonly error: unknown;
  readonly statusCode?: number | undefined;
  /** For `overflow`: the limit in tokens that the provider states, or NaN. */
  readonly statedLimit?: number | undefined;
  /** Whether the SDK would retry this error. */
  readonly retryable: boolean;
  /** What the failed call is known to have used, as its provider reported it. */
  readonly usage?: object | undefined;
  /** What a nested primitive's own attempts failed with. */
  readonly inner: readonly Failure[];
}

/**
 * The failure kinds on which a primitive goes on to the next member by default.
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { cascade, defaultFallThroughOn } from 'ai-alloy';
 *
 * // An expired key or a retired model falls through as well.
 * export const model = cascade({
 *   steps: [openai('gpt-5'), openai('gpt-5-mini')],
 *   fallThroughOn: [...defaultFallThroughOn, 'auth', 'not-found'],
 * });
 * ```
 */
export const defaultFallThroughOn: readonly FailureKind[] = [
  'timeout',
  'rate-limit',
  'quota',
  'server-error',
  'network',
  'malformed-response',
];

// By the words that errors use as name, code or type, never by their prose; the first match counts.
const kindByWord: readonly (readonly [FailureKind, RegExp])[] = [
  ['quota', /insufficient_quota|billing/],
  ['rate-limit', /rate_limit|RESOURCE_EXHAUSTED/],
  ['timeout', /TimeoutError|timeout_error|DEADLINE|ETIMEDOUT|_TIMEOUT/],
  ['network', /^E(CONN|NOTFOUND|AI_|PIPE|HOST|NET)|^UND_ERR/],
  ['auth', /api_key|authentication|permission|APIKey|UNAUTHENTICATED/i],
  ['not-found', /not_?found|NoSuch/i],
  ['content-filter', /content_(filter|policy)/],
  ['server-error', /server_error|api_error|overloaded|unavailable|^INTERNAL$/i],
  ['malformed-response', /JSONParse|TypeValidation|EmptyResponse|InvalidResponse|NoContent/],
  ['aborted', /Abort/], // by the member itself: the caller's own abort is seen before
  ['bad-request', /invalid_request|INVALID_ARGUMENT/],
];

const kindByStatus: Readonly<Record<number, FailureKind>> = {
  401: 'auth',
  403: 'auth',
  404: 'not-found',
  408: 'timeout',
  429: 'rate-limit',
};

type Shape = Readonly<Record<string, any>>; // errors of any origin, read by shape

/** What kind of failure `error` is: from its type, status, codes and response body. */
export function failureOf(error: unknown): Failure {
  const shape = shapeOf(error);
  const body = bodyOf(shape);
  const { cause, usage, isRetryable } = shape;
  const inner = AllAttemptsFailedError.isInstance(error) ? error.errors.map(failureOf) : [];
  const statusCode: number | undefined = [
    shape['statusCode'],
    shape['status'],
    body['status'],
    body['code'],
  ].find((status) => Number.isInteger(status) && status >= 100 && status <= 599);
  const words = [
    body['code'],
    body['type'],
    body['status'],
    shape['name'],
    shape['code'],
    shapeOf(cause)['name'],
    shapeOf(cause)['code'],
  ];
  const statedLimit = overflowLimit(
    statusCode,
    words,
    [shape['message'], body['message'], shape['responseBody']].join(),
  );
  const common = { error, statusCode, usage, inner, retryable: isRetryable === true };
  if (ContextWindowExceededError.isInstance(error) || statedLimit !== undefined)
    return { kind: 'overflow', statedLimit, ...common };
  // A nested primitive fails like the first of its own that did not just overflow.
  const nested = inner.find(({ kind }) => kind !== 'overflow') ?? inner[0];
  return { kind: nested?.kind ?? kindOf(statusCode, words, shape), ...common };
}

function kindOf(statusCode = 0, words: readonly unknown[], { isRetryable, message }: Shape): FailureKind {
  const byWord = kindByWord.find(([, pattern]) =>
    words.some((word) => typeof word === 'string' && pattern.test(word)),
  );
  const kind = byWord?.[0];
  // A code may say more than the status, but a 4xx never becomes a fault of the server, nor a 5xx one of the call.
  if (statusCode >= 400 && (!kind || ['bad-request', 'server-error', 'network'].includes(kind))) {
    return kindByStatus[statusCode] ?? (statusCode < 500 ? 'bad-request' : 'server-error');
  }
  // Without a code: undici's TypeErrors, and a request that got no response, or a response that was cut off.
  return kind ?? (isRetryable || /^(fetch failed|terminated)$/.test(message) ? 'network' : 'unknown');
}

/** The innermost `error`: of a parsed body, of a body that is JSON text, or of an in-band error part. */
function bodyOf(shape: Shape): Shape {
  let body = shapeOf(shape['data'] ?? parsed(shape['responseBody']) ?? shape);
  for (let depth = 0; depth < 5 && isObject(body['error']); depth++) body = body['error'];
  return body;
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

const shapeOf = (value: unknown): Shape => (isObject(value) ? value : {});

/** Milliseconds that the provider asks to wait, from `retry-after-ms` or `retry-after` (seconds or a date). */
export function retryAfterMsOf(error: unknown): number {
  const headers = Object.entries(shapeOf(shapeOf(error)['responseHeaders']));
  const header = (name: string): string => headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
  const after = header('retry-after');
  const waits = [header('retry-after-ms'), Number(after) * 1000, Date.parse(after) - Date.now()];
  return waits.map((wait) => Number.parseFloat(String(wait))).find((wait) => wait >= 0) ?? 0;
}
