import type { Attempt, Candidate, Decision } from '../decision.ts';
import { rememberDecision } from '../decision-of.ts';
import { describe } from '../errors/errors.ts';
import type { Failure } from '../faults/failure.ts';
import type { Warning } from '../sdk/model.ts';
import { candidatesOf } from './decision-draft.ts';
import { chosenPath, isPick } from './path.ts';
import type { Run } from './run.ts';
import type { Begun } from './tries/try.ts';

/** A member's answer has ended: closes its attempt, and the call. Only the first end of a call counts. */
export function endAnswer(
  run: Run,
  { member, onEnd }: Begun,
  outcome: Partial<Attempt>,
  failure?: Failure,
  truncated?: Decision['truncated'],
): Decision {
  if (run.decision) return rememberDecision(failure?.error, run.decision);
  for (const hear of onEnd) hear(outcome, failure);
  if (outcome.failure) return run.conclude(failure?.error);
  const { router, call } = run;
  if (router.planner.answered && isPick(run, member)) router.planner.answered(call, chosenPath(run, member));
  return run.conclude(undefined, member.id, truncated);
}

/** Call warnings for members that were skipped. */
export function skipWarnings(run: Run, { member }: Begun): Warning[] {
  const { router } = run;
  if (!router.planner.warnOnSkip) return [];
  const wasSkipped = ({ id, skipped = 'resting' }: Candidate): boolean =>
    skipped !== 'resting' && skipped !== 'excluded' && id !== member.id;
  const warningOf = (candidate: Candidate): Warning => {
    const { id, planner } = router;
    return { type: 'other', message: `ai-alloy: ${planner.kind} "${id}" skipped ${describe(candidate)}.` };
  };
  return candidatesOf(run).filter(wasSkipped).map(warningOf);
}
