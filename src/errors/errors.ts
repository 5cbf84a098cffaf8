import { AISDKError } from 'ai';
import type { Attempt, Candidate, Decision } from '../decision.ts';
import { hasMarker, markerOf } from './error-marker.ts';
import { hide } from './hidden.ts';

export { hasMarker, markerOf } from './error-marker.ts';
export { assertKnownOptions, check, InvalidConfigurationError } from './invalid-configuration-error.ts';
export { found, foundInstead, foundName, foundSecret, isObject, Found } from './found.ts';

/**
 * Base class of the errors that a call on a primitive throws; carries the decision behind the error. Its `cause` can
 * be read but is not printed with the error, since it may contain the prompt.
 *
 * @example
 * ```ts
 * import { AiAlloyError } from 'ai-alloy';
 *
 * export const isRoutingError = (error: unknown): boolean => AiAlloyError.isInstance(error);
 * ```
 */
export class AiAlloyError extends AISDKError {
  /** The decision of the call: which members were considered and tried, and why they failed. */
  readonly decision: Decision;

  constructor(name: string, message: string, decision: Decision, cause?: unknown) {
    super({ name: `AI_${name}`, message: `${decision.kind} "${decision.id}": ${message}` });
    Reflect.deleteProperty(this, 'cause');
    if (cause !== undefined) hide(this, { cause });
    Object.assign(this, { [markerOf('AiAlloyError')]: true, [markerOf(name)]: true });
    this.decision = decision;
  }

  /** Whether `error` is one of this package's, from any copy of it. */
  static override isInstance(error: unknown): error is AiAlloyError {
    return hasMarker(error, 'AiAlloyError');
  }
}

/**
 * The request fits no member, or every member that was tried rejected it as too long (then the last one's error is the
 * `cause`). If the members that are large enough lack what it carries, the message says so. The message and `decision.candidates` say for every member how many tokens the request needs and how many
 * the member holds. Never retried by `ai`.
 *
 * @example
 * ```ts
 * import { ContextWindowExceededError } from 'ai-alloy';
 *
 * export function advice(error: unknown): string | undefined {
 *   return ContextWindowExceededError.isInstance(error) ? 'Start a new conversation.' : undefined;
 * }
 * ```
 */
export class ContextWindowExceededError extends AiAlloyError {
  constructor({ decision, cause }: { decision: Decision; cause?: unknown }) {
    const numbers = decision.candidates.map(describe).join('; ');
    const { from, to, atLeast } = decision.shortened ?? {};
    const also =
      from === undefined
        ? ''
        : `, also after shorten (${atLeast ? 'at least ' : ''}${from} input tokens before, ${to} after)`;
    const fate =
      cause === undefined ? `${misfitOf(decision)}${also}, nothing was sent` : 'the request is too long';
    super('ContextWindowExceededError', `${fate}. ${numbers}.`, decision, cause);
  }

  /** Whether `error` is a ContextWindowExceededError, from any copy of this package. */
  static override isInstance(error: unknown): error is ContextWindowExceededError {
    return hasMarker(error, 'ContextWindowExceededError');
  }
}

function misfitOf({ kind, reason, outgrown }: Decision): string {
  if (reason !== 'sticky' || kind !== 'dispatcher') return 'the request does not fit';
  const kept = 'the request does not fit the target that its conversation is kept to';
  if (!outgrown) return `${kept} (begin a new one)`;
  const { escalations, limit, wouldFit } = outgrown;
  const remedy = `${wouldFit} would hold it: begin a new one, or let it go on to a larger one: `;
  if (limit === 0) return `${kept} (${remedy}reevaluate: 'sticky-escalate')`;
  const times = escalations === 1 ? 'once' : `${escalations} times`;
  return `${kept}, and it has gone on to a larger one ${times}, as often as escalations allows (${remedy}escalations: ${limit + 1})`;
}

/** One member in an error message: how many tokens the request needs, and the member's limits. */
export function describe({
  id,
  ceiling,
  maxInputTokens,
  maxOutputTokens,
  demand,
  fits,
  skipped,
  lacks,
}: Candidate): string {
  if (skipped === 'unsupported') return `${id}: does not support ${namesOf(lacks)}`;
  const { input, output, outputFrom, atLeast } = demand;
  const limits = Object.entries({ ceiling, maxInputTokens, maxOutputTokens }).filter(
    ([, limit]) => limit != null,
  );
  return [
    `${id}: ${atLeast ? 'at least ' : ''}${input} input + ${output} output = ${input + output} tokens`,
    ...limits.map(([name, limit]) => `${name} ${limit}`),
    skipped === 'rejected' ? 'ruled out by a provider or a fit check of its own' : fits && 'fits',
    skipped === 'not-chosen' && 'only a rule leads to it',
    skipped === 'too-large' && lacks && `its other members do not support ${namesOf(lacks)}`,
    skipped === 'excluded' && 'left out by the call (only, except)',
    demand.basis === 'assumed' && 'the input is assumeSessionMaxTokens',
    outputFrom === 'provider' &&
      `its provider package sends max_tokens ${output} where a call sets no maxOutputTokens`,
    output >= (ceiling ?? Infinity) &&
      `the output budget alone reaches the ceiling (${outputRemedy[outputFrom]})`,
  ]
    .filter(Boolean)
    .join(', ');
}

const outputRemedy: Record<Candidate['demand']['outputFrom'], string> = {
  call: "lower the call's maxOutputTokens",
  settings: "lower the maxOutputTokens of the member's settings",
  'default-output-tokens': 'lower defaultOutputTokens',
  provider: 'set maxOutputTokens for the call',
  'built-in': 'set maxOutputTokens for the call, or defaultOutputTokens',
  'max-output-tokens': 'set maxOutputTokens for the call, or defaultOutputTokens',
};

/** What members lack of what the request carries. */
export function lacksIn({ candidates }: Decision): NonNullable<Candidate['lacks']> {
  const all = candidates.flatMap(({ skipped, lacks = [] }) => (skipped === 'not-chosen' ? [] : lacks));
  return [...new Set(all)];
}

/** Capabilities in words: `images and a JSON response format`. */
export const namesOf = (lacks: Candidate['lacks'] = []): string =>
  lacks.map((each) => (each === 'json' ? 'a JSON response format' : each)).join(' and ');

/** The members that a call skipped without an attempt, because they are too small for it or lack what it carries. */
export function skippedMembers({ candidates, attempts = [] }: Decision): readonly Candidate[] {
  return candidates.filter(
    ({ id, skipped }) =>
      /^(too-large|unsupported|rejected)$/.test(String(skipped)) &&
      !attempts.some((attempt) => attempt.id === id),
  );
}

/**
 * Several attempts failed, or one failed and other members were skipped: the message says which and why. `ai` retries
 * the call (`maxRetries`) if at least one of the failures was retryable: the error then reads as an APICallError. If
 * all of those failures named a wait, `responseHeaders` has the shortest as `retry-after-ms`; if not, the SDK uses its
 * own backoff. The members' errors can be read but are not printed with this one, since they may contain the prompt.
 *
 * @example
 * ```ts
 * import { AllAttemptsFailedError } from 'ai-alloy';
 *
 * export function report(error: unknown): void {
 *   if (AllAttemptsFailedError.isInstance(error)) console.error(error.attempts);
 * }
 * ```
 */
export class AllAttemptsFailedError extends AiAlloyError {
  /** The attempts, in order. */
  readonly attempts: readonly Attempt[];
  /** The errors of all attempts, in order. */
  declare readonly errors: readonly unknown[];
  declare readonly lastError: unknown;
  // The fields of an APICallError, so that `ai` and its users can read it as one.
  readonly isRetryable: boolean;
  readonly statusCode: number | undefined;
  readonly responseHeaders: Record<string, string> | undefined;
  readonly url: string = '';
  readonly requestBodyValues: Record<string, never> = {};

  constructor({
    decision,
    errors,
    retry,
  }: {
    decision: Decision;
    errors: readonly unknown[];
    /** Set when one of the failures was retryable. */
    retry?: { readonly statusCode?: number | undefined; readonly afterMs?: number | undefined };
  }) {
    const { attempts = [] } = decision;
    const failures = attempts.map(({ id, failure, reason, statusCode = reason ? `(${reason})` : '' }) =>
      `${id}: ${failure} ${statusCode}`.trim(),
    );
    const lastError = errors.at(-1);
    const others = skippedMembers(decision).map(describe);
    const skipped = others.length > 0 ? ` Passed over: ${others.join('; ')}.` : '';
    const message = `all attempts failed. ${failures.join('; ')}.${skipped}`;
    super('AllAttemptsFailedError', message, decision, lastError);
    this.attempts = attempts;
    hide(this, { errors, lastError });
    this.isRetryable = retry !== undefined;
    this.statusCode = retry?.statusCode;
    if (retry) {
      if (retry.afterMs !== undefined) this.responseHeaders = { 'retry-after-ms': `${retry.afterMs}` };
      Object.assign(this, { [Symbol.for('vercel.ai.error.AI_APICallError')]: true });
    }
  }

  /** Whether `error` is an AllAttemptsFailedError, from any copy of this package. */
  static override isInstance(error: unknown): error is AllAttemptsFailedError {
    return hasMarker(error, 'AllAttemptsFailedError');
  }
}

/**
 * Frees what an error keeps in memory: until its stack is read, V8 keeps the functions in the stack alive with
 * everything that they can reach, including the prompt.
 */
export function releaseStack(error: unknown): void {
  try {
    void (error as { readonly stack?: unknown } | undefined)?.stack;
  } catch {
    // the stack is a getter that throws
  }
}
