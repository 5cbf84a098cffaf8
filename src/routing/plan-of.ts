import type { Candidate, Decision } from '../decision.ts';
import type { MemberVerdict, CheckContext } from './check-size.ts';
import { CallSizes } from './call-sizes.ts';
import type { Plan } from './plan.ts';
import type { Choice, Member, Router } from './router.ts';
import { isUnsupportedBy, notChosen, sharedOut } from './verdict.ts';

const none: readonly Member[] = [];

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
  const { members, planner } = router;
  const { needs, eligible = members.length } = planner;
  const { first, mayEscalate = true, tooLarge, kept, escalations } = choice;
  const candidates = verdicts.map(candidateIn);
  const nested = plansIn(members, verdicts);
  const mayHold = (index: number): boolean =>
    candidates[index]!.fits || verdicts[index]!.ignoringLearnedLimit !== undefined;
  const leftOut = named && new Set(members.filter((_, index) => isExcluded(candidates[index]!)));
  const among = indicesAmong(members, eligible, first, leftOut);
  const isChosen = first !== undefined && needs === 'some';
  const fits = isChosen ? mayHold(first) : among.length > 0 && among[needs](mayHold);
  setLearnedLimitsAside(verdicts, candidates, among, choice, needs);
  markNotChosen(candidates, eligible, choice);
  const { fitting, lastResort, lacking } = serving(among, members, candidates, mayHold);
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
    sizes: new CallSizes(router, nested, choice, leftOut, lacking),
    recalled,
    prepared,
    decision: plannedDecision(router, leftOut ? sharedOut(candidates) : candidates, choice),
  };
  if (!fits && escalations) Object.assign(plan.decision, outgrown(router, plan));
  return plan;
}

/** The members that fit, those that only a learned limit stands in the way of, and those that lack what is carried. */
function serving(
  among: readonly number[],
  members: readonly Member[],
  candidates: readonly Candidate[],
  mayHold: (index: number) => boolean,
): Pick<Plan, 'fitting' | 'lastResort'> & { readonly lacking: ReadonlySet<Member> | undefined } {
  const fitting: Member[] = [];
  let lastResort = none;
  let lacking: Set<Member> | undefined;
  for (const index of among) {
    if (candidates[index]!.fits) fitting.push(members[index]!);
    else if (mayHold(index)) lastResort = [...lastResort, members[index]!];
    else if (candidates[index]!.skipped === 'unsupported') (lacking ??= new Set()).add(members[index]!);
  }
  return { fitting, lastResort, lacking };
}

/** What the decision says if only the limit of `escalations` keeps a conversation from a larger member. */
export function outgrown(
  { planner }: Router,
  { escalations, first, fitting, sizes }: Pick<Plan, 'escalations' | 'first' | 'fitting' | 'sizes'>,
): Pick<Decision, 'outgrown'> | undefined {
  if (!escalations) return undefined;
  const larger = planner.order(fitting).find((member) => sizes.sizeOf(member) > sizes.sizeOf(first!));
  return larger && { outgrown: { ...escalations, wouldFit: larger.id } };
}

const isExcluded = ({ skipped }: Candidate): boolean => skipped === 'excluded';

// The candidates belong to one plan alone, so they are changed in place: copying them is slower than the rest of the
// planning.

/** Marks the members that only rules lead to, from the index `eligible` on, where no rule has chosen them. */
function markNotChosen(
  candidates: readonly Candidate[],
  eligible: number,
  { first, tooLarge }: Choice,
): void {
  for (let index = eligible; index < candidates.length; index++) {
    const candidate = candidates[index]!;
    if (index !== first && !isExcluded(candidate))
      Object.assign(candidate, notChosen(candidate, tooLarge?.get(index)));
  }
}

/** The indices of the members that can be chosen. */
function indicesAmong(
  members: readonly Member[],
  eligible: number,
  first: number | undefined,
  leftOut: ReadonlySet<Member> | undefined,
): readonly number[] {
  const among: number[] = [];
  for (let index = 0; index < members.length; index++) {
    if (leftOut?.has(members[index]!)) continue;
    if (index < eligible || index === first) among.push(index);
  }
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
