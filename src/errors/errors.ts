import { AISDKError } from 'ai';
import type { Attempt, Candidate, Decision } from '../decision.ts';
import { hasMarker, markerOf } from './error-marker.ts';
import { hide } from './hidden.ts';

export { hasMarker, markerOf } from './error-marker.ts';
export { assertKnownOptions, check, InvalidConfigurationError } from './invalid-configuration-error.ts';
export { found, foundInstead, foundName, foundSecret, isObject, Found } from './found.ts';

/**
 * Base of the errors that a call on a primitive throws; carries the decision behind it. Its `cause` can be read, and is
 * not printed with it, as it may hold the prompt.
 *
 * @example
 * ```ts
 * import { AiAlloyError } from 'ai-alloy';
 *
 * export const isRoutingError = (error: unknown): boolean => AiAlloyError.isInstance(error);
 * ```
 */
export class AiAlloyError extends AISDKError {
  /** What was decided, and why it did not work out. */
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
 * The request fits no member, or every member that was tried rejected it as too long (then with the last
 * one's error as `cause`). The message and `decision.candidates` have every member's demand and ceiling in
 * tokens. Never retried by `ai`.
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
    const what =
      decision.reason === 'sticky'
        ? "the request does not fit the target that its conversation is kept to (begin a new one, or let it go on to a larger one: reevaluate: 'sticky-escalate', escalations)"
        : 'the request does not fit';
    const fate = cause === undefined ? `${what}, nothing was sent` : 'the request is too long';
    super('ContextWindowExceededError', `${fate}. ${numbers}.`, decision, cause);
  }

  /** Whether `error` is a ContextWindowExceededError, from any copy of this package. */
  static override isInstance(error: unknown): error is ContextWindowExceededError {
    return hasMarker(error, 'ContextWindowExceededError');
  }
}

/** What a member was asked to hold and what it can, in a message. */
export function describe({
  id,
  ceiling,
  maxInputTokens,
  maxOutputTokens,
  demand,
  fits,
  skipped,
}: Candidate): string {
  const { input, output, outputFrom, atLeast } = demand;
  const limits = Object.entries({ ceiling, maxInputTokens, maxOutputTokens }).filter(
    ([, limit]) => limit != null,
  );
  return [
    `${id}: ${atLeast ? 'at least ' : ''}${input} input + ${output} output = ${input + output} tokens`,
    ...limits.map(([name, limit]) => `${name} ${limit}`),
    skipped === 'rejected' ? 'ruled out by a provider or a fit check of its own' : fits && 'fits',
    skipped === 'not-chosen' && 'only a rule leads to it',
    demand.basis === 'assumed' && 'the input is assumeSessionMaxTokens',
    outputFrom === 'provider' &&
      `its provider package sends max_tokens ${output} where a call sets no maxOutputTokens`,
    output >= (ceiling ?? Infinity) &&
      `the output budget alone reaches the ceiling (${lowering[outputFrom]})`,
  ]
    .filter(Boolean)
    .join(', ');
}

const lowering: Record<Candidate['demand']['outputFrom'], string> = {
  call: "lower the call's maxOutputTokens",
  'default-output-tokens': 'lower defaultOutputTokens',
  provider: 'set maxOutputTokens for the call',
  'built-in': 'set maxOutputTokens for the call, or defaultOutputTokens',
  'max-output-tokens': 'set maxOutputTokens for the call, or defaultOutputTokens',
};

/** The members that a call passed over: too small, or not able to do what it asks for. */
export function passedOver({ candidates, attempts = [] }: Decision): readonly Candidate[] {
  return candidates.filter(
    ({ id, skipped }) =>
      (skipped === 'too-large' || skipped === 'rejected') && !attempts.some((attempt) => attempt.id === id),
  );
}

/**
 * Several members were tried and all failed, or one, and others were passed over: the message says who and why. `ai` retries it (`maxRetries`) exactly when one of the
 * failures was retryable: it then reads as an APICallError. If those failures all named a wait,
 * `responseHeaders` has the shortest as `retry-after-ms`; else the SDK backs off by itself. The members' errors behind it
 * may hold the prompt: they are there to be read, and printing this error shows nothing of them.
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
  /** What was tried, in order. */
  readonly attempts: readonly Attempt[];
  /** The members' errors, all of them, in the order in which they were tried. */
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
    const failures = attempts.map(({ id, failure, statusCode = '' }) =>
      `${id}: ${failure} ${statusCode}`.trim(),
    );
    const lastError = errors.at(-1);
    const others = passedOver(decision).map(describe);
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
 * Lets go of what an error keeps alive: until its stack is read, V8 holds the functions in it with all that they can
 * see, the prompt among it.
 */
export function releaseStack(error: unknown): void {
  try {
    void (error as { readonly stack?: unknown } | undefined)?.stack;
  } catch {
    // a getter of somebody's own
  }
}
