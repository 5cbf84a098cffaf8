import { AISDKError } from 'ai';
import type { Deadline } from '../decision.ts';
import { hasMarker, markerOf } from './errors.ts';

/**
 * A member did not keep a deadline, and was aborted: `firstContentMs`, `idleMs` or `totalMs` of the attempt on it,
 * or `deadlineMs` of the whole call. Before the first content it leads on to the next member; it is thrown where
 * none is left, and is a stream's error part after the first content. Never retried by `ai`.
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
  /** The id of the member that was waited for. */
  readonly member: string;
  /** The option that set the deadline. */
  readonly deadline: Deadline;
  /** How long the deadline is, in milliseconds. */
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
