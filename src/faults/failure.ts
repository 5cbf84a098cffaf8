import type { FailureKind } from '../decision.ts';
import { AiAlloyError, AllAttemptsFailedError, ContextWindowExceededError } from '../errors.ts';
import { overflowLimit } from './overflow.ts';
import {
  fieldsIn,
  headersIn,
  isRecord,
  levelsOf,
  listOf,
  read,
  statusIn,
  textsIn,
  wordsIn,
} from './read-error.ts';
import { retryAfterIn } from './retry-after.ts';

/**
 * How a call on a model failed: what `failureOf` makes of an error, and what a `fallThroughOn` predicate is given.
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { cascade, defaultFallThroughOn, type Failure } from 'ai-alloy';
 *
 * // A rate limit that is over within a second is left to the SDK's own retry.
 * const isWorthAnotherModel = ({ kind, retryAfterMs = Infinity }: Failure): boolean =>
 *   defaultFallThroughOn.includes(kind) && (kind !== 'rate-limit' || retryAfterMs > 1000);
 *
 * export const model = cascade({
 *   steps: [openai('gpt-5'), openai('gpt-5-mini')],
 *   fallThroughOn: isWorthAnotherModel,
 * });
 * ```
 */
export interface Failure {
  readonly kind: FailureKind;
  readonly error: unknown;
  /** The HTTP status, also of an error that came in band: 400 to 599 where there is one. */
  readonly statusCode?: number | undefined;
  /** For `overflow`: the context window in tokens that the provider states, or NaN. */
  readonly statedLimit?: number | undefined;
  /** Milliseconds that the provider asks to wait, at most an hour; undefined if it does not say. */
  readonly retryAfterMs?: number | undefined;
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
  [
    'quota',
    /insufficient_?(quota|balance|credit|funds)|billing|payment_required|(exceeded_current|Service)_?Quota|Arrearage/i,
  ],
  [
    'rate-limit',
    /rate.?limit|too.?many.?requests|resource.{1,10}exhausted|throttl|capacity_exceeded|ModelNotReady/i,
  ],
  ['timeout', /time(d_?)?_?out|DEADLINE/i],
  [
    'network',
    /^E(CONN|NOTFOUND|AI_|PIPE|HOST|NET)|^UND_ERR|^ERR_(STREAM|HTTP2|TLS|SSL)|^Connection[A-Z]|^FailedToOpenSocket|^CERT_|_CERT/,
  ],
  ['content-filter', /content_(filter|policy)|ResponsibleAI|moderation|data_?inspection/i],
  [
    'auth',
    /api_?key|authentication|permission|unauth|forbidden|AccessDenied|ExpiredToken|UnrecognizedClient/i,
  ],
  ['not-found', /not.?found|NoSuch|decommissioned/i],
  [
    'server-error',
    /server_?error|api_error|internal_?(server|error)|overloaded|unavailable|Model(Stream)?Error|^INTERNAL$|^(incomplete_)?generation$/i,
  ],
  ['malformed-response', /JSONParse|TypeValidation|EmptyResponse|InvalidResponse|NoContent|GatewayResponse/],
  ['aborted', /Abort/], // by the member itself: the caller's own abort is seen before
  ['bad-request', /invalid.?(request|argument)|validation|BadRequest/i],
];

const kindByStatus: Readonly<Record<number, FailureKind>> = {
  401: 'auth',
  402: 'quota',
  403: 'auth',
  404: 'not-found',
  410: 'not-found',
  408: 'timeout',
  429: 'rate-limit',
  498: 'rate-limit', // Groq: no capacity in the flex tier
};

// What a status leaves to be said more exactly: of a 5xx only who is at fault for it, of a 4xx anything about the call.
const refinesServerError = /quota|rate-limit|timeout/;
const refinesRequestError = /quota|rate-limit|timeout|auth|not-found|content-filter/;

// Without a code: the TypeErrors of Node, Deno, edge runtimes and browsers.
const networkMessage =
  /^(fetch failed|terminated|Failed to fetch|Load failed|network error|Network connection lost\.?)$/i;

/**
 * What kind of failure an error is, of whatever provider and version of the AI SDK: read from its type, status,
 * codes, headers and response body, never from digits or words in prose. Takes anything that can be thrown or
 * arrive as an error part, and never throws itself; what says nothing of itself is `unknown`.
 *
 * @example
 * ```ts
 * import { failureOf } from 'ai-alloy';
 *
 * export function advice(error: unknown): string {
 *   const { kind, statusCode, statedLimit, retryAfterMs = 1000 } = failureOf(error);
 *   if (kind === 'rate-limit') return `Try again in ${Math.ceil(retryAfterMs / 1000)} seconds.`;
 *   if (kind === 'overflow') return `Too long: the model holds ${statedLimit || 'fewer'} tokens.`;
 *   return `Failed: ${kind} (${statusCode ?? 'no status'}).`;
 * }
 * ```
 */
export function failureOf(error: unknown): Failure {
  return classify(error, { left: 256 });
}

/** `budget`: how many errors to look at, since those that hold others may hold each other. */
function classify(error: unknown, budget: { left: number }): Failure {
  budget.left--;
  const marked = (marker: string): boolean => read(error, Symbol.for(`vercel.ai.${marker}`)) === true;
  try {
    if (marked('error.AI_RetryError') && budget.left > 0) {
      // Whose retries are over: the SDK starts no more.
      return { ...classify(read(error, 'lastError'), budget), error, retryable: false };
    }
    const isOwn = AiAlloyError.isInstance(error);
    const levels = levelsOf(error, isOwn);
    const retriable = read(error, 'isRetryable') === true;
    const usage = read(error, 'usage');
    const common = {
      error,
      statusCode: statusIn(levels),
      retryAfterMs: retryAfterIn(headersIn(levels), fieldsIn(levels, ['retryDelay'])),
      usage: isRecord(usage) ? usage : undefined,
      retryable: retriable && (marked('error.AI_APICallError') || marked('gateway.error')),
    };
    if (ContextWindowExceededError.isInstance(error)) return { kind: 'overflow', ...common, inner: [] };
    const inner = AllAttemptsFailedError.isInstance(error) ? innerOf(error.errors, budget) : [];
    // A nested primitive fails like the first of its own that did not just overflow.
    const nested = inner.find((each) => each.kind !== 'overflow') ?? inner[0];
    if (nested) return { kind: nested.kind, ...common, inner };

    const words = wordsIn(levels);
    const message = read(error, 'message') ?? error;
    const isNetwork = retriable || (typeof message === 'string' && networkMessage.test(message));
    const kind = kindOf(common.statusCode, words, isNetwork);
    if (kind === 'unknown' || kind === 'bad-request') {
      const [stated] = fieldsIn(levels, ['n_ctx']); // llama.cpp
      const statedLimit = overflowLimit(words, textsIn(levels), stated);
      if (statedLimit !== undefined) return { kind: 'overflow', statedLimit, ...common, inner };
    }
    return { kind, ...common, inner };
  } catch {
    return { kind: 'unknown', error, retryable: false, inner: [] }; // as a proxy can make it
  }
}

function kindOf(statusCode = 0, words: readonly string[], isNetwork: boolean): FailureKind {
  const kind = kindByWord.find(([, pattern]) => words.some((word) => pattern.test(word)))?.[0];
  if (statusCode >= 500) return kind && refinesServerError.test(kind) ? kind : 'server-error';
  if (statusCode === 408 || statusCode === 429) return kind === 'quota' ? kind : kindByStatus[statusCode]!;
  // 424: the model behind the API failed (Bedrock, TGI), or what the caller asked for is not to be had (gateway).
  if (statusCode === 424 && kind === 'server-error') return kind;
  if (statusCode >= 400)
    return kind && refinesRequestError.test(kind) ? kind : (kindByStatus[statusCode] ?? 'bad-request');
  return kind ?? (isNetwork ? 'network' : 'unknown');
}

/** What the failures of a nested primitive's members are, and the failures in those. */
function innerOf(errors: unknown, budget: { left: number }): readonly Failure[] {
  const failures: Failure[] = [];
  for (const error of listOf(errors)) {
    if (budget.left <= 0) break;
    const failure = classify(error, budget);
    failures.push(failure, ...failure.inner);
  }
  return failures;
}
