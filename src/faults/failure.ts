import type { FailureKind } from '../decision.ts';
import { AiAlloyError, AllAttemptsFailedError, ContextWindowExceededError } from '../errors/errors.ts';
import { UnsupportedRequestError } from '../errors/unsupported-request-error.ts';
import { kindOf } from './kind-of.ts';
import { ownWords } from './own-words.ts';
import { levelsOf, statusIn, textsIn, wordsIn } from './read-error.ts';
import { longestResetMs, longestRetryAfterMs, waitIn } from './retry-after.ts';
import { fieldOf, hasSdkMarker, isRecord, itemsOf } from './safe-read.ts';

/**
 * How a call of a model failed. `failureOf` returns it for an error, and a `fallThroughOn` function is called with it.
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { cascade, defaultFallThroughOn, type Failure } from 'ai-alloy';
 *
 * // A rate limit that ends within a second is retried by the SDK on the same model.
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
  /** The HTTP status, or the status inside an error that came in a response with status 200; 400 to 599 if there is one. */
  readonly statusCode?: number | undefined;
  /** For `overflow`: the context window in tokens that the provider states, or NaN. */
  readonly statedLimit?: number | undefined;
  /** Milliseconds that the provider asks to wait, at most an hour; undefined if it does not say. */
  readonly retryAfterMs?: number | undefined;
  /** For `quota`: milliseconds until the quota is available again, as the provider says, at most a day. */
  readonly quotaResetMs?: number | undefined;
  /** For `rate-limit`: set if this one request alone is above the limit, so that waiting does not help. */
  readonly exceedsRateLimit?: true | undefined;
  /** For `bad-request`: set if the provider does not say what is wrong, so the request may be too long. */
  readonly mayBeOverflow?: true | undefined;
  /** Whether the SDK would retry this error. */
  readonly retryable: boolean;
  /** The token usage of the failed call, if its provider reported it. */
  readonly usage?: object | undefined;
  /** For an error of a nested primitive: the failures of its own attempts. */
  readonly inner: readonly Failure[];
}

/**
 * Classifies an error of any provider and any version of the AI SDK. It reads the error's type, status, codes, headers and
 * response body, and sentences that begin like vendors' own messages, but never digits or words in the middle of a text,
 * which may be the prompt. Accepts anything that can be thrown or arrive as an error part, and never throws itself. An
 * error that it doesn't recognise is `unknown`.
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

/** `budget` limits how many errors are looked at, since errors can contain each other. */
function classify(error: unknown, budget: { left: number }): Failure {
  budget.left--;
  try {
    if (hasSdkMarker(error, 'error.AI_RetryError') && budget.left > 0) {
      // The SDK has used up its retries for this error, so it is not retryable.
      return { ...classify(fieldOf(error, 'lastError'), budget), error, retryable: false };
    }
    const levels = levelsOf(error, AiAlloyError.isInstance(error));
    const retriable = fieldOf(error, 'isRetryable') === true;
    const isOfApi = hasSdkMarker(error, 'error.AI_APICallError') || hasSdkMarker(error, 'gateway.error');
    const usage = fieldOf(error, 'usage');
    const { status, isGuess } = statusIn(levels);
    const common = { error, statusCode: status, usage: isRecord(usage) ? usage : undefined };
    const inner = AllAttemptsFailedError.isInstance(error) ? innerOf(error.errors, budget) : [];
    // A nested primitive's failure has the kind of its first attempt that failed otherwise than by an overflow.
    const nested = inner.find((each) => each.kind !== 'overflow') ?? inner[0];
    const said = textsIn(levels);
    const own = [...new Set(said.map(ownWords))];
    const kind = refusalOf(error) ?? nested?.kind;
    const found = kind
      ? { kind }
      : kindOf({ levels, words: wordsIn(levels), said, own, status, isGuess, isNetwork: retriable });
    return {
      ...common,
      ...found,
      ...waitsIn(levels, own, found.kind),
      retryable: retriable && isOfApi,
      inner,
    };
  } catch {
    return { kind: 'unknown', error, retryable: false, inner: [] }; // a Proxy object can throw at every access
  }
}

/** The kind of an error by which a primitive has refused a request; undefined for any other. */
function refusalOf(error: unknown): FailureKind | undefined {
  if (ContextWindowExceededError.isInstance(error)) return 'overflow';
  return UnsupportedRequestError.isInstance(error) ? 'unsupported' : undefined;
}

/** How long the provider asks to wait, and how long until a used-up quota is reset. */
function waitsIn(
  levels: readonly unknown[],
  own: readonly string[],
  kind: FailureKind,
): Pick<Failure, 'retryAfterMs' | 'quotaResetMs'> {
  const wait = waitIn(levels, own, kind === 'rate-limit' || kind === 'quota');
  if (wait === undefined) return { retryAfterMs: undefined };
  return {
    retryAfterMs: Math.min(Math.ceil(wait), longestRetryAfterMs),
    ...(kind === 'quota' && { quotaResetMs: Math.min(Math.ceil(wait), longestResetMs) }),
  };
}

/** The failures of a nested primitive's members, each followed by its own inner failures. */
function innerOf(errors: unknown, budget: { left: number }): readonly Failure[] {
  const failures: Failure[] = [];
  for (const error of itemsOf(errors)) {
    if (budget.left <= 0) break;
    const failure = classify(error, budget);
    failures.push(failure, ...failure.inner);
  }
  return failures;
}
