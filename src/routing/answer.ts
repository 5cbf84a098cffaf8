import type { Attempt, Candidate, Decision } from '../decision.ts';
import { rememberDecision } from '../decision-of.ts';
import { describe } from '../errors/errors.ts';
import type { Failure } from '../faults/failure.ts';
import type { Warning } from '../sdk/model.ts';
import type { Member, Router } from './router.ts';
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
  if (router.planner.answered && isPick(run, member)) router.planner.answered(call, member);
  return run.conclude(undefined, member.id, truncated);
}

/** Whether the id of the member is stamped on the answer. */
export function isStamped(run: Run, { member }: Begun): boolean {
  const { stamps } = run.router.planner;
  return stamps === 'answers' || (stamps === 'picks' && isPick(run, member));
}

/**
 * Whether the member answers because the planner chose it: not because of a rule, which holds for one call only, and
 * not as the fallback for one that failed or is on cooldown. If the provider of the chosen member rejected the request
 * as too long, the next larger member counts as chosen.
 */
function isPick({ plan, pick, failures }: Run, member: Member): boolean {
  if (plan.decision.reason === 'rule') return false;
  if (member === pick) return true;
  // Each other member's last failure: a retry may have got past an earlier one.
  const last = new Map(failures.map((failure) => [failure.member, failure.kind]));
  last.delete(member);
  return last.has(pick!) && [...last.values()].every((kind) => kind === 'overflow');
}

/** Call warnings for members that were skipped. */
export function skipWarnings(run: Run, { member }: Begun): Warning[] {
  const { router } = run;
  if (!router.planner.warnOnSkip) return [];
  const wasSkipped = ({ id, skipped }: Candidate): boolean =>
    skipped !== undefined && skipped !== 'resting' && id !== member.id;
  return run
    .candidates()
    .filter(wasSkipped)
    .map((candidate) => skipWarning(router, candidate));
}

function skipWarning({ id, planner }: Router, candidate: Candidate): Warning {
  return { type: 'other', message: `ai-alloy: ${planner.kind} "${id}" skipped ${describe(candidate)}.` };
}
