import type { FailureKind } from '../decision.ts';
import { AiAlloyError, AllAttemptsFailedError, ContextWindowExceededError } from '../errors.ts';
import { overflowLimit } from './overflow.ts';
import { headerOf, retryAfterIn } from './retry-after.ts';

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
    /^E(CONN|NOTFOUND|AI_|PIPE|HOST|NET)|^UND_ERR|^ERR_(STREAM|HTTP2)|^Connection[A-Z]|^FailedToOpenSocket/,
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

// Where an error keeps more of itself: response bodies, in-band parts, what it wraps, the vendor behind a proxy. Not
// a whole `response`, nor `detail` lists: those echo what the caller sent.
const parts = ['data', 'error', 'innererror', 'metadata', 'details', 'errors', '$metadata', 'cause'];
const jsonParts = ['responseBody', 'raw'];
const wordFields = ['name', 'code', 'type', 'status', 'reason', '__type', 'error_type'];
const statusFields = ['statusCode', 'status', 'status_code', 'raw_status_code', 'httpStatusCode', 'code'];
const textFields = ['message', 'error', 'detail', ...jsonParts];
const headerFields = ['responseHeaders', 'headers'];

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

/** Milliseconds that the provider asks to wait. NaN: it doesn't say. */
export function retryAfterMsOf(error: unknown): number {
  return failureOf(error).retryAfterMs ?? Number.NaN;
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
      retryAfterMs: retryAfterIn(fieldsIn(levels, headerFields), fieldsIn(levels, ['retryDelay'])),
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
      const statedLimit = overflowLimit(words, stringsIn(levels, textFields), stated);
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

/** The error and what it holds, outermost first: body, nested errors, causes. */
function levelsOf(error: unknown, isOwn: boolean): readonly unknown[] {
  const levels: unknown[] = [];
  const found = [error];
  for (const each of found) {
    if (levels.length === 24) break;
    if (!isRecord(each) || levels.includes(each)) continue;
    levels.push(each);
    if (isOwn) break; // of a primitive's own error, the rest is its members' errors
    found.push(...jsonParts.map((name) => parsed(read(each, name))));
    found.push(read(read(each, 'response'), 'error')); // OpenAI Responses, in band
    for (const name of parts) found.push(...listOf(read(each, name)));
  }
  return levels;
}

function statusIn(levels: readonly unknown[]): number | undefined {
  const statuses = fieldsIn(levels, statusFields)
    // As a string by Azure and LiteLLM.
    .map((status) => (typeof status === 'string' && /^\d{3}$/.test(status) ? Number(status) : status))
    .filter(
      (status): status is number => Number.isInteger(status) && Number(status) >= 100 && Number(status) < 600,
    );
  // In-band errors come with the status 200 of the response that they are in.
  return statuses.find((status) => status >= 400) ?? statuses[0];
}

function wordsIn(levels: readonly unknown[]): readonly string[] {
  const types = fieldsIn(levels, headerFields).map((headers) => headerOf(headers, 'x-amzn-errortype'));
  // OpenRouter says it by what it adds.
  const isFlagged = fieldsIn(levels, ['metadata']).some((metadata) =>
    ['flagged_input', 'reasons'].some((name) => read(metadata, name) != null),
  );
  // Bedrock adds addresses: `com.amazon.coral#ThrottlingException:http://internal.amazon.com/`.
  const own = [...stringsIn(levels, wordFields), ...types.map((type) => type.split(':')[0]!)];
  return [...own.map((word) => word.slice(0, 100)), ...(isFlagged ? ['content_filter'] : [])];
}

/** The values that there are of any of `names`, level by level. */
const fieldsIn = (levels: readonly unknown[], names: readonly string[]): readonly unknown[] =>
  levels.flatMap((level) => names.map((name) => read(level, name))).filter((value) => value != null);

const stringsIn = (levels: readonly unknown[], names: readonly string[]): readonly string[] =>
  fieldsIn(levels, names).filter((value) => typeof value === 'string');

/** The object that `text` is the JSON of; longer text is no provider's own. */
function parsed(text: unknown): unknown {
  if (typeof text !== 'string' || text.length > 1_000_000) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value[0] : isRecord(value) ? value : undefined; // a list: Google's streams
  } catch {
    return undefined;
  }
}

/** A field of an error of any origin, whose getters may throw. */
function read(value: unknown, name: string | symbol): unknown {
  try {
    return isRecord(value) ? value[name] : undefined;
  } catch {
    return undefined;
  }
}

function listOf(value: unknown): readonly unknown[] {
  try {
    if (!Array.isArray(value)) return [value];
    return Array.from({ length: Math.min(value.length, 64) }, (_, index): unknown => value[index]);
  } catch {
    return [];
  }
}

const isRecord = (value: unknown): value is Record<string | symbol, unknown> =>
  typeof value === 'object' && value !== null;
