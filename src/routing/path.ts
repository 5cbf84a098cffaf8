import type { Path, Stamp } from '../sdk/stamp.ts';
import type { Member, Router } from './router.ts';
import type { Run } from './run.ts';

/**
 * Where a nested primitive says by which path it answered, for a primitive around it that keeps conversations to such
 * paths. A fallback answers, but is not chosen.
 */
export interface Trail {
  chosen: Path;
  answered: Path;
}

/** The trail for a call on a nested primitive; undefined if nobody keeps to its path. */
export function trailFor({ router, routed }: Run, nested: Router): Trail | undefined {
  const { keeps, stamps } = router.planner;
  const isWanted = routed.trail !== undefined || keeps === true || stamps !== undefined;
  return isWanted && nested.planner.keeps !== true ? { chosen: [], answered: [] } : undefined;
}

/**
 * Says by which path a member has begun to answer, and returns the stamp for the answer, if it gets one. Called once
 * for each answer.
 */
export function stampFor(run: Run, member: Member): Stamp | undefined {
  const { router, routed } = run;
  const { trail } = routed;
  const { stamps } = router.planner;
  if (stamps === undefined && trail === undefined) return undefined;
  const answered = answeredPath(run, member);
  const chosen = isPick(run, member) ? chosenPath(run, member) : undefined;
  if (trail) Object.assign(trail, { answered, chosen: chosen ?? run.plan.kept ?? [] });
  return stamps && stampOf(stamps, answered, chosen);
}

function stampOf(
  stamps: NonNullable<Router['planner']['stamps']>,
  answered: Path,
  chosen: Path | undefined,
): Stamp | undefined {
  if (stamps === 'answers') return short(answered);
  if (stamps === 'picks' || String(chosen) === String(answered)) return chosen && short(chosen);
  return { answered: short(answered), ...(chosen && { chosen: short(chosen) }) };
}

const answeredPath = ({ innerTrail }: Run, { id, resolved }: Member): Path =>
  resolved?.router && innerTrail ? [id, ...innerTrail.answered] : [id];

const short = (path: Path): string | Path => (path.length === 1 ? path[0]! : path);

/** The path that was chosen to `member`, one that the planner chose, and on inside it. */
export function chosenPath({ innerTrail }: Run, member: Member): Path {
  return member.resolved?.router && innerTrail ? [member.id, ...innerTrail.chosen] : [member.id];
}

/**
 * Whether the member answers because the planner chose it: not because of a rule, which holds for one call only, and
 * not as the fallback for one that failed, is on cooldown or is left out by the call. If the provider of the chosen
 * member rejected the request as too long, the next larger member counts as chosen.
 */
export function isPick({ plan, pick, failures }: Run, member: Member): boolean {
  const { kept, first, decision } = plan;
  if (decision.reason === 'rule' || (kept && first?.id !== kept[0])) return false;
  if (member === pick) return true;
  // Each other member's last failure: a retry may have got past an earlier one.
  const last = new Map(failures.map((failure) => [failure.member, failure.kind]));
  last.delete(member);
  return last.has(pick!) && [...last.values()].every((kind) => kind === 'overflow');
}
