import type { Candidate, Decision } from '../decision.ts';
import { sizeIn } from './call-sizes.ts';
import type { MemberVerdict, CheckContext } from './check-size.ts';
import type { Plan } from './plan.ts';
import type { Choice, Member, Planner, Router } from './router.ts';
import { isUnsupportedBy, notChosen, sharedOut } from './verdict.ts';

interface Planned
  extends Pick<CheckContext, 'router' | 'recalled' | 'named'>, Pick<Plan, 'inside' | 'prepared'> {
  readonly outerAssumedInput: number;
}

/** Makes the plan of a call from the verdicts on its members. */
export function planOf(
  { router, recalled, prepared, named, inside, outerAssumedInput }: Planned,
  verdicts: readonly MemberVerdict[],
  choice: Choice,
  assumed: number,
): Plan {
  const { planner, members } = router;
  const { needs } = planner;
  const { first, mayEscalate = true, tooLarge, kept, escalations } = choice;
  const among = verdicts.filter(({ candidate }, index) => isAmong(planner, candidate, index, first));
  const isChosen = first !== undefined && needs === 'some';
  const fits = isChosen ? mayHold(verdicts[first]!) : among.length > 0 && among[needs](mayHold);
  const { candidates, fitting, lastResort, nested } = sortedOut(router, verdicts, among, choice);
  const plan = {
    router,
    fits,
    isUnmatched: among.length === 0 && tooLarge === undefined,
    isUnsupported: !fits && isUnsupportedBy(needs, candidates, first),
    fitting,
    first: first === undefined ? undefined : members[first],
    lastResort,
    mayEscalate,
    kept,
    inside,
    named,
    escalations,
    nested,
    assumedForFirst: outerAssumedInput,
    assumedForOthers: assumed,
    recalled,
    prepared,
    decision: plannedDecision(router, named ? sharedOut(candidates) : candidates, choice),
  };
  if (!fits) Object.assign(plan.decision, outgrown(plan));
  return plan;
}

/** Whether a member can be chosen: from the index `eligible` on, only a rule leads to them. */
const isAmong = (
  { eligible = Infinity }: Planner,
  { skipped }: Candidate,
  index: number,
  first: number | undefined,
): boolean => (index < eligible || index === first) && skipped !== 'excluded';

/** Whether a member can hold the call, a limit that was learned set aside. */
const mayHold = ({ candidate, ignoringLearnedLimit }: MemberVerdict): boolean =>
  candidate.fits || ignoringLearnedLimit !== undefined;

interface SortedOut extends Pick<Plan, 'fitting' | 'lastResort' | 'nested'> {
  readonly candidates: readonly Candidate[];
}

/**
 * Sorts out which members can be called, and completes the candidates. They belong to one plan alone, so they are
 * changed in place: copying them is slower than the rest of the planning.
 */
function sortedOut(
  { members, planner }: Router,
  verdicts: readonly MemberVerdict[],
  among: readonly MemberVerdict[],
  { first, tooLarge }: Choice,
): SortedOut {
  // A limit that a provider stated in an earlier call may be wrong, or may not apply to this call. It is no reason to
  // refuse a call, nor to change what an alloy draws from: then the candidates are set to what they are without it.
  const ignoresLimits = planner.needs === 'every' || !among.some(({ candidate }) => candidate.fits);
  const candidates: Candidate[] = [];
  const fitting: Member[] = [];
  const lastResort: Member[] = [];
  let nested: Map<Member, Plan> | undefined;
  for (let index = 0; index < members.length; index++) {
    const member = members[index]!;
    const { candidate: limited, ignoringLearnedLimit, plan } = verdicts[index]!;
    const candidate = (ignoresLimits || index === first ? ignoringLearnedLimit : undefined) ?? limited;
    candidates.push(candidate);
    if (plan) (nested ??= new Map()).set(member, plan);
    if (candidate.skipped === 'excluded') continue;
    if (!isAmong(planner, candidate, index, first))
      Object.assign(candidate, notChosen(candidate, tooLarge?.get(index)));
    else if (candidate.fits) fitting.push(member);
    else if (ignoringLearnedLimit) lastResort.push(member);
  }
  return { candidates, fitting, lastResort, nested };
}

/** What the decision says if only the limit of `escalations` keeps a conversation from a larger member. */
export function outgrown(plan: Plan): Pick<Decision, 'outgrown'> | undefined {
  const { router, escalations, first, fitting } = plan;
  if (!escalations) return undefined;
  const larger = router.planner.order(fitting).find((member) => sizeIn(plan, member) > sizeIn(plan, first!));
  return larger && { outgrown: { ...escalations, wouldFit: larger.id } };
}

function plannedDecision(
  { id, planner }: Router,
  candidates: readonly Candidate[],
  { reason = planner.reason, rule, unmatched }: Choice,
): Decision {
  const decision: { -readonly [Name in keyof Decision]: Decision[Name] } = {
    id,
    kind: planner.kind,
    candidates,
    reason,
  };
  if (rule !== undefined) decision.rule = rule;
  if (unmatched) decision.unmatched = unmatched;
  return decision;
}
