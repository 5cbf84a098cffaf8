import type { Candidate, Decision } from '../decision.ts';
import type { MemberVerdict, CheckContext } from './check-member.ts';
import { CallSizes } from './call-sizes.ts';
import type { Plan } from './plan.ts';
import type { Choice, Member, Router } from './router.ts';
import { isUnsupportedBy, notChosen } from './verdict.ts';

const none: readonly Member[] = [];

/** Makes the plan of a call from the verdicts on its members. */
export function planOf(
  {
    router,
    recalled,
    prepared,
    outerAssumedInput,
  }: Pick<CheckContext, 'router' | 'recalled'> &
    Pick<Plan, 'prepared'> & { readonly outerAssumedInput: number },
  verdicts: readonly MemberVerdict[],
  choice: Choice,
  assumed: number,
): Plan {
  const { members, planner } = router;
  const { needs, eligible = members.length } = planner;
  const { first, mayEscalate = true, tooLarge } = choice;
  const candidates = verdicts.map(candidateIn);
  const nested = plansIn(members, verdicts);
  const mayHold = (index: number): boolean =>
    candidates[index]!.fits || verdicts[index]!.ignoringLearnedLimit !== undefined;
  const among = indicesAmong(members.length, eligible, first);
  const isChosen = first !== undefined && needs === 'some';
  const fits = isChosen ? mayHold(first) : among.length > 0 && among[needs](mayHold);
  setLearnedLimitsAside(verdicts, candidates, among, choice, needs);
  for (let index = eligible; index < members.length; index++) {
    // The candidates belong to this plan alone, so they are changed in place: copying them is slower than the rest of
    // the planning.
    if (index !== first)
      Object.assign(candidates[index]!, notChosen(candidates[index]!, tooLarge?.get(index)));
  }
  const fitting: Member[] = [];
  let lastResort = none;
  for (const index of among) {
    if (candidates[index]!.fits) fitting.push(members[index]!);
    else if (mayHold(index)) lastResort = [...lastResort, members[index]!];
  }
  return {
    fits,
    isUnmatched: among.length === 0 && tooLarge === undefined,
    isUnsupported: !fits && isUnsupportedBy(needs, candidates, first),
    fitting,
    first: first === undefined ? undefined : members[first],
    lastResort,
    mayEscalate,
    nested,
    assumedForFirst: outerAssumedInput,
    assumedForOthers: assumed,
    sizes: new CallSizes(router, nested, choice),
    recalled,
    prepared,
    decision: plannedDecision(router, candidates, choice),
  };
}

/** The indices of the members that can be chosen. */
function indicesAmong(count: number, eligible: number, first: number | undefined): readonly number[] {
  const among: number[] = [];
  for (let index = 0; index < count; index++) if (index < eligible || index === first) among.push(index);
  return among;
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

const candidateIn = ({ candidate }: MemberVerdict): Candidate => candidate;

function plansIn(
  members: readonly Member[],
  verdicts: readonly MemberVerdict[],
): ReadonlyMap<Member, Plan> | undefined {
  let plans: Map<Member, Plan> | undefined;
  for (let index = 0; index < verdicts.length; index++) {
    const { plan } = verdicts[index]!;
    if (plan) (plans ??= new Map()).set(members[index]!, plan);
  }
  return plans;
}

/**
 * A limit that a provider stated in an earlier call may be wrong, or may not apply to this call. It is no reason to
 * refuse a call, nor to change what an alloy draws from: then the candidates are set to what they are without it.
 */
function setLearnedLimitsAside(
  verdicts: readonly MemberVerdict[],
  candidates: Candidate[],
  among: readonly number[],
  { first }: Choice,
  needs: 'every' | 'some',
): void {
  if (!verdicts.some(({ ignoringLearnedLimit }) => ignoringLearnedLimit)) return;
  const areIgnored = needs === 'every' || !among.some((index) => candidates[index]!.fits);
  verdicts.forEach(({ ignoringLearnedLimit }, index) => {
    if (ignoringLearnedLimit && (areIgnored || index === first)) candidates[index] = ignoringLearnedLimit;
  });
}
