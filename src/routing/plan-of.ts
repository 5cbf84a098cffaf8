import type { Candidate, Decision } from '../decision.ts';
import type { Asked, Asking } from './ask-member.ts';
import { CallSizes } from './call-sizes.ts';
import type { Plan } from './plan.ts';
import type { Choice, Member, Router } from './router.ts';
import { notChosen } from './verdict.ts';

const none: readonly Member[] = [];

/** What members said of a call, put together. */
export function planOf(
  { router, recalled, around }: Pick<Asking, 'router' | 'recalled'> & { readonly around: number },
  asked: readonly Asked[],
  choice: Choice,
  assumed: number,
): Plan {
  const { members, planner } = router;
  const { needs, eligible = members.length } = planner;
  const { first, mayEscalate = true, tooLarge } = choice;
  const candidates = asked.map(candidateIn);
  const nested = plansIn(members, asked);
  const mayHold = (index: number): boolean =>
    candidates[index]!.fits || asked[index]!.ignoringLearnedLimit !== undefined;
  const among = indicesAmong(members.length, eligible, first);
  const isChosen = first !== undefined && needs === 'some';
  const fits = isChosen ? mayHold(first) : among.length > 0 && among[needs](mayHold);
  setLearnedLimitsAside(asked, candidates, among, choice, needs);
  for (let index = eligible; index < members.length; index++) {
    // They are this plan's own; copying them to add a property takes longer than all the rest.
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
    fitting,
    first: first === undefined ? undefined : members[first],
    lastResort,
    mayEscalate,
    nested,
    assumedForFirst: around,
    assumedForOthers: assumed,
    sizes: new CallSizes(router, nested, choice),
    recalled,
    decision: plannedDecision(router, candidates, choice),
  };
}

/** Members that can be chosen, by their index. */
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

const candidateIn = ({ candidate }: Asked): Candidate => candidate;

function plansIn(members: readonly Member[], asked: readonly Asked[]): ReadonlyMap<Member, Plan> | undefined {
  let plans: Map<Member, Plan> | undefined;
  for (let index = 0; index < asked.length; index++) {
    const { plan } = asked[index]!;
    if (plan) (plans ??= new Map()).set(members[index]!, plan);
  }
  return plans;
}

/**
 * A provider's word from an earlier call may be wrong, or of another call's kind: it is no reason to refuse, nor for an
 * alloy to choose. Then the candidates are what they are without it.
 */
function setLearnedLimitsAside(
  asked: readonly Asked[],
  candidates: Candidate[],
  among: readonly number[],
  { first }: Choice,
  needs: 'every' | 'some',
): void {
  if (!asked.some(({ ignoringLearnedLimit }) => ignoringLearnedLimit)) return;
  const areIgnored = needs === 'every' || !among.some((index) => candidates[index]!.fits);
  asked.forEach(({ ignoringLearnedLimit }, index) => {
    if (ignoringLearnedLimit && (areIgnored || index === first)) candidates[index] = ignoringLearnedLimit;
  });
}
