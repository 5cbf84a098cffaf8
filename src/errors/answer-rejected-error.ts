import { AISDKError } from 'ai';
import { hasMarker, markerOf } from './errors.ts';
import { hide } from './hidden.ts';

/** No longer reason is kept, since it is shown in decisions and messages. */
const maxReasonLength = 200;

/**
 * A member's answer that the primitive's `acceptAnswer` rejected. If it was the only attempt, the call throws it;
 * otherwise it is one of the `errors` of an AllAttemptsFailedError. What `acceptAnswer` threw, if it did, is the
 * `cause`, which can be read but is not printed, since it may contain the answer.
 *
 * @example
 * ```ts
 * import { AnswerRejectedError, failureOf } from 'ai-alloy';
 *
 * export function adviceFor(error: unknown): string | undefined {
 *   if (AnswerRejectedError.isInstance(error)) return `No model gave a usable answer: ${error.reason ?? 'no reason given'}`;
 *   return failureOf(error).kind === 'rejected' ? 'No model gave a usable answer.' : undefined;
 * }
 * ```
 */
export class AnswerRejectedError extends AISDKError {
  /** What `acceptAnswer` returned or threw, up to 200 characters; undefined if it returned false. */
  readonly reason: string | undefined;
  /** The usage of the answer, as its provider reported it. */
  readonly usage: unknown;

  constructor({ reason, usage, cause }: { reason?: string | undefined; usage?: unknown; cause?: unknown }) {
    const short = reason?.slice(0, maxReasonLength);
    super({
      name: 'AI_AnswerRejectedError',
      message: `acceptAnswer rejected the answer${short ? `: ${short}` : '.'}`,
    });
    Reflect.deleteProperty(this, 'cause');
    if (cause !== undefined) hide(this, { cause });
    Object.assign(this, { [markerOf('AnswerRejectedError')]: true });
    this.reason = short || undefined;
    this.usage = usage;
  }

  /** Whether `error` is an AnswerRejectedError, from any copy of this package. */
  static override isInstance(error: unknown): error is AnswerRejectedError {
    return hasMarker(error, 'AnswerRejectedError');
  }
}
