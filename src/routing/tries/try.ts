import type { Attempt, Decision } from '../../decision.ts';
import type { Failure } from '../../faults/failure.ts';
import type { Watch } from '../../faults/watch.ts';
import type { AttemptObserver } from '../../observer.ts';
import type { CompleteAnswer } from '../../sdk/answer.ts';
import type { Call } from '../../sdk/model.ts';
import type { Remembered } from '../../tokens/call/recall.ts';
import type { Plan } from '../plan.ts';
import type { Member } from '../router.ts';
import type { Run } from '../run.ts';

/** A member that is about to be called. */
export interface Trying {
  readonly run: Run;
  readonly member: Member;
  /** The call, with the signal that the attempt's deadlines abort. */
  readonly call: Call;
  readonly sent: Remembered;
  readonly watch: Watch;
  /** On this process' monotonic clock, in milliseconds. */
  readonly startedAt: number;
  /** Of a stream: when its first content or reasoning came, on the same clock. */
  firstContentAt: number | undefined;
  /** What was planned for a nested primitive, if that still holds. */
  readonly plan: Plan | undefined;
  /** Is told of this attempt, if anything observes calls. */
  readonly observer: AttemptObserver | undefined;
}

/** A complete answer, and a nested primitive's decision about it. */
export interface Complete extends CompleteAnswer {
  readonly inner: Decision | undefined;
}

/** How an answer is obtained from a member: one mode for `generate`, one for `stream`. */
export interface Mode<Answer, Opened> {
  /** Calls the member. */
  call(trying: Trying): PromiseLike<Answer>;
  /** Reads until it is clear that the member has begun to answer. */
  open(trying: Trying, answer: Answer): Opened | Promise<Opened>;
  /** The answer that has begun, if all of it is there; undefined if its rest is passed on as it comes. */
  complete(opened: Opened): Complete | undefined;
  /** The complete answer was rejected: frees what it holds. */
  discard?(opened: Opened, error: unknown): void;
  /** The member was abandoned before it answered: discards what may still arrive. */
  abandon?(calling: PromiseLike<Answer>, error: unknown): void;
}

/** A member that has begun to answer. */
export interface Begun<Opened = unknown> {
  readonly member: Member;
  readonly opened: Opened;
  readonly watch: Watch;
  /** Called in this order when the attempt ends. */
  readonly onEnd: OnEnd[];
}

export type OnEnd = (outcome: Partial<Attempt>, failure: Failure | undefined) => void;

/** A try that failed. */
export interface Failed extends Failure {
  readonly member: Member;
  /** On this process' monotonic clock, in milliseconds. */
  readonly failedAt: number;
  /** Whether the failure, or one inside it, is of a kind that falls through. */
  readonly fallsThrough: boolean;
  /** Whether another member may be tried: because of the kind, or since others failed before. */
  readonly canFallBack: boolean;
  /** Whether the member went on cooldown in such a way that a retry is not worth it. */
  onCooldown?: boolean;
}

/**
 * Tries a member once. @param waitedMs for a retry: how many milliseconds were waited before it
 */
export type Try = <Answer, Opened>(
  run: Run,
  mode: Mode<Answer, Opened>,
  member: Member,
  waitedMs?: number,
) => Promise<Begun<Opened> | Failed>;

/** Wraps a try with one concern, such as retries or cooldown. */
export type Layer = (next: Try) => Try;

export const hasFailed = <Opened>(tried: Begun<Opened> | Failed): tried is Failed => 'kind' in tried;
