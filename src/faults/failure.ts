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

// By the words that errors use as name, code, type or reason, never by their prose; the first match counts.
const kindByWord: readonly (readonly [FailureKind, RegExp])[] = [
  ['truncated', /PromptTruncated/],
  ['quota', /insufficient_quota|billing/],
  ['rate-limit', /rate_limit|RESOURCE_EXHAUSTED/],
  ['timeout', /TimeoutError|timeout_error|DEADLINE|ETIMEDOUT|_TIMEOUT/],
  [
    'network',
    /^E(CONN|NOTFOUND|AI_|PIPE|HOST|NET)|^UND_ERR|^ERR_(STREAM|HTTP2)|^Connection[A-Z]|^FailedToOpenSocket/,
  ],
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
  402: 'quota',
  403: 'auth',
  404: 'not-found',
  408: 'timeout',
  429: 'rate-limit',
};

// What a status leaves to be said more exactly: of a 5xx only who is at fault for it, of a 4xx anything about the call.
const refinesServerError = /quota|rate-limit|timeout/;
const refinesRequestError = /quota|rate-limit|timeout|auth|not-found|content-filter/;

// Without a code: the TypeErrors of Node, Deno, edge runtimes and browsers.
const networkMessage =
  /^(fetch failed|terminated|Failed to fetch|Load failed|network error|Network connection lost\.?)$/i;

type Shape = Readonly<Record<string, any>>; // errors of any origin, read by shape

/** What kind of failure `error` is: from its type, status, codes and response body. */
export function failureOf(error: unknown): Failure {
  const shape = typeof error === 'string' ? { message: error } : shapeOf(error);
  const body = bodyOf(shape);
  const { cause, usage, isRetryable, responseBody } = shape;
  const message = stringOf(shape['message']);
  const inner = AllAttemptsFailedError.isInstance(error)
    ? error.errors.map(failureOf).flatMap((each) => [each, ...each.inner])
    : [];
  const statuses = [shape['statusCode'], shape['status'], body['status'], body['code']].filter(
    (status): status is number => Number.isInteger(status) && status >= 100 && status <= 599,
  );
  // In-band errors come with the status 200 of the response that they are in.
  const statusCode = statuses.find((status) => status >= 400) ?? statuses[0];
  const { code, type, status, details, n_ctx: limit } = body;
  const reasons = Array.isArray(details) ? details.map((detail) => shapeOf(detail)['reason']) : []; // Google
  const words = [
    code,
    type,
    status,
    ...reasons,
    ...[shape, shapeOf(cause)].flatMap((each) => [each['name'], each['code']]),
  ];
  const common = { error, statusCode, usage, inner, retryable: isRetryable === true };
  const kind = kindOf(statusCode, words, isRetryable || networkMessage.test(message));
  // What the provider says itself: a body may also echo the prompt.
  const said = [message, body['message'], body['error'], shapeOf(body['metadata'])['raw']].map(stringOf);
  const text = [...said, parsed(responseBody) ? '' : stringOf(responseBody)].join('\n');
  const overflow = kind === 'unknown' || kind === 'bad-request' ? overflowLimit(words, text) : undefined;
  const statedLimit = overflow === undefined ? undefined : Number(limit ?? overflow);
  if (ContextWindowExceededError.isInstance(error) || statedLimit !== undefined) {
    return { kind: 'overflow', statedLimit, ...common };
  }
  // A nested primitive fails like the first of its own that did not just overflow.
  const nested = inner.find((each) => each.kind !== 'overflow') ?? inner[0];
  return { kind: nested?.kind ?? kind, ...common };
}

function kindOf(statusCode = 0, words: readonly unknown[], seemsNetwork: boolean): FailureKind {
  const matches = (pattern: RegExp): boolean =>
    words.some((word) => typeof word === 'string' && pattern.test(word));
  const kind = kindByWord.find(([, pattern]) => matches(pattern))?.[0];
  if (statusCode >= 500) return kind && refinesServerError.test(kind) ? kind : 'server-error';
  if (statusCode === 408 || statusCode === 429) return kind === 'quota' ? kind : kindByStatus[statusCode]!;
  if (statusCode >= 400)
    return kind && refinesRequestError.test(kind) ? kind : (kindByStatus[statusCode] ?? 'bad-request');
  return kind ?? (seemsNetwork ? 'network' : 'unknown');
}

/** The innermost `error`: of a body that is JSON text, of a parsed one, or of an in-band error part. */
function bodyOf(shape: Shape): Shape {
  let body = shapeOf(parsed(shape['responseBody']) ?? shape['data'] ?? shape);
  for (let depth = 0; depth < 5 && isObject(body['error']); depth++) body = body['error'];
  return body;
}

/** The object that `text` is the JSON of; a provider package may keep less of it in `data`. */
function parsed(text: unknown): object | undefined {
  try {
    const value: unknown = JSON.parse(stringOf(text));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const shapeOf = (value: unknown): Shape => (isObject(value) ? value : {});

/** Milliseconds that the provider asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date. NaN: it doesn't say. */
export function retryAfterMsOf(error: unknown): number {
  const headers = Object.entries(shapeOf(shapeOf(error)['responseHeaders']));
  const header = (name: string): string => headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
  const after = header('retry-after');
  const seconds = /^\s*[\d.]+\s*$/.test(after) ? Number(after) : (Date.parse(after) - Date.now()) / 1000;
  const waits = [Number.parseFloat(header('retry-after-ms')), seconds * 1000];
  return waits.find((wait) => wait >= 0) ?? Number.NaN;
}
