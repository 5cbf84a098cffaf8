import type { Attempt, Candidate, Decision } from '../decision.ts';
import { rememberDecision } from '../decision-of.ts';
import { describe } from '../errors.ts';
import { isAboutMember, type Trial } from '../faults/cooldown.ts';
import type { Failure } from '../faults/failure.ts';
import type { Watch } from '../faults/watch.ts';
import type { Warning } from '../spec/model.ts';
import type { Failed } from './all-failed.ts';
import { fallsThrough } from './next-step.ts';
import type { Plan } from './plan.ts';
import { truncationIn, type CallRecord } from './record.ts';
import type { Request } from './request.ts';
import type { Member, Router } from './router.ts';

/** A member that has begun to answer. */
export interface Answer<Opened> {
  readonly member: Member;
  /** Whether the answer is to carry who gave it. */
  readonly isStamped: boolean;
  readonly opened: Opened;
  readonly watch: Watch;
  /** For members that were passed over. */
  readonly warnings: readonly Warning[];
  /** Closes the attempt, and announces the decision; only the first time counts. */
  conclude(outcome: Partial<Attempt>, failure?: Failure, truncated?: Decision['truncated']): Decision;
}

/** A member's answer, and how the call ends with it. */
export function answerOf<Opened>(
  { router, call }: Request,
  member: Member,
  record: CallRecord,
  begun: Pick<Answer<Opened>, 'opened' | 'watch'> & {
    readonly isPick: boolean;
    readonly trial: Trial | undefined;
    close(outcome: Partial<Attempt>): void;
  },
): Answer<Opened> {
  const { opened, watch: watching, close, trial, isPick } = begun;
  let made: Decision | undefined;
  const passedOver = ({ id, skipped }: Candidate): boolean =>
    skipped !== undefined && skipped !== 'resting' && id !== member.id;
  const { stamps } = router.planner;
  return {
    member,
    isStamped: stamps === 'answers' || (stamps === 'picks' && isPick),
    opened,
    watch: watching,
    warnings: router.planner.warnOnSkip
      ? record
          .candidates()
          .filter(passedOver)
          .map((candidate) => skipWarning(router, candidate))
      : [],
    conclude(outcome, failure, truncated = truncationIn(failure?.error)) {
      if (made) return rememberDecision(failure?.error, made);
      close(outcome);
      if (!outcome.failure) {
        if (isPick) router.planner.answered?.(call, member);
        trial?.answered();
      } else if (trial && failure && isMembersFault(outcome) && isAboutMember(failure)) {
        if (fallsThrough(router, failure)) trial.failed(failure);
      }
      const answeredBy = outcome.failure ? undefined : member.id;
      return (made = record.conclude(failure?.error, { answeredBy, truncated }));
    },
  };
}

/**
 * Whether a member answers by a planner's own choice: not by a rule's, which is for its turn only, nor as a stand-in for
 * one that failed or rests. Where the pick is too small by its provider's word, the next larger one is it.
 */
export function isPickOf(
  { planner }: Router,
  { first, fitting, held, decision }: Plan,
  member: Member,
  failures: readonly Failed[],
): boolean {
  // To ask for an order of others would be a draw.
  if (planner.stamps !== 'picks' && !planner.answered) return false;
  if (decision.reason === 'rule') return false;
  const pick = first ?? planner.order(fitting)[0] ?? planner.order(held)[0];
  if (member === pick) return true;
  // What each other member said last: a retry may have got over what was before.
  const last = new Map(failures.map((failure) => [failure.member, failure.kind]));
  last.delete(member);
  return last.has(pick!) && [...last.values()].every((kind) => kind === 'overflow');
}

/** Of an answer that has begun: its reader may have been slow, or have left. */
const isMembersFault = ({ outcome, deadline = 'idleMs' }: Partial<Attempt>): boolean =>
  outcome === 'failed' && deadline === 'idleMs';

/** A call warning for a member that was passed over. */
function skipWarning({ id, planner }: Router, candidate: Candidate): Warning {
  return { type: 'other', message: `ai-alloy: ${planner.kind} "${id}" skipped ${describe(candidate)}.` };
}
