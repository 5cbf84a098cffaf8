import { AISDKError } from 'ai';
import type { Deadline } from '../decision.ts';
import { hasMarker, markerOf } from './errors.ts';

/**
 * A timeout: an attempt on a member took longer than its `firstContentMs`, `idleMs` or `totalMs`, or the whole call
 * took longer than `deadlineMs`, and was aborted. A timeout of an attempt before the first content makes the next
 * member be tried, and is thrown if there is none; after the first content it is the stream's error part. Never
 * retried by `ai`.
 *
 * @example
 * ```ts
 * import { AttemptTimeoutError } from 'ai-alloy';
 *
 * export function report(error: unknown): void {
 *   if (AttemptTimeoutError.isInstance(error)) console.error(error.member, error.deadline, error.ms);
 * }
 * ```
 */
export class AttemptTimeoutError extends AISDKError {
  /** The id of the member that timed out; for `deadlineMs`, it may be the primitive's own id. */
  readonly member: string;
  /** The option that set the timeout. */
  readonly deadline: Deadline;
  /** How long the timeout is, in milliseconds. */
  readonly ms: number;

  constructor({ member, deadline, ms }: { member: string; deadline: Deadline; ms: number }) {
    super({
      name: 'AI_AttemptTimeoutError',
      message: `${member} ${missed[deadline]} ${ms} ms (${deadline}).`,
    });
    Object.assign(this, { [markerOf('AttemptTimeoutError')]: true });
    this.member = member;
    this.deadline = deadline;
    this.ms = ms;
  }

  /** Whether `error` is an AttemptTimeoutError, from any copy of this package. */
  static override isInstance(error: unknown): error is AttemptTimeoutError {
    return hasMarker(error, 'AttemptTimeoutError');
  }
}

const missed: Readonly<Record<Deadline, string>> = {
  firstContentMs: 'sent no content within',
  idleMs: 'fell silent for',
  totalMs: 'did not finish within',
  deadlineMs: 'was still at it when the call had taken',
};
