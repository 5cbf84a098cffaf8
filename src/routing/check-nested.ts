import type { Candidate, Decision } from '../decision.ts';
import { isSized, type Verdict } from '../tokens/fit.ts';
import { whenKnown } from '../tokens/when-known.ts';
import { candidateOf, checkPlain, type MemberCheck, type MemberVerdict } from './check-size.ts';
import { sizeIn, sizeOfPlan } from './call-sizes.ts';
import type { Plan } from './plan.ts';
import { declaredSize, sizeOf } from './member-size.ts';
import type { Router } from './router.ts';
import { decidingCandidate, lackedBy, noRuleReaches } from './verdict.ts';

/** A nested primitive plans the call itself; a context window declared on the member is checked as well. */
export function checkNested(check: MemberCheck, nested: Router): MemberVerdict | Promise<MemberVerdict> {
  const { context, member, ceiling } = check;
  return whenKnown(context.planNested(nested, check), (plan) => {
    const isSizedHere = ceiling < Infinity || isSized(member.limits);
    const decision = context.nestedDecision ? context.nestedDecision(plan.router, plan) : plan.decision;
    // One after the other: a count that fails while the decision is awaited would be an unhandled rejection.
    return whenKnown(decision, (knownDecision) =>
      whenKnown(plan.fits && isSizedHere ? checkPlain(check) : undefined, (beside) =>
        nestedVerdict(check, plan, knownDecision, beside),
      ),
    );
  });
}

function nestedVerdict(
  check: MemberCheck,
  plan: Plan,
  decision: Decision,
  beside: Verdict | undefined,
): MemberVerdict {
  const { fits, first, isUnsupported, router } = plan;
  const { needs } = router.planner;
  const { candidates } = plan.decision;
  const chosen = first && needs === 'some' ? candidates[router.members.indexOf(first)]! : undefined;
  const deciding = chosen ?? decidingCandidate(needs, candidates, fits);
  const lacks = lackedBy(plan, needs, chosen ? [chosen] : candidates);
  // If only a smaller member supports what the request carries, the ceiling is that of the smaller member.
  const supporting = lacks && !isUnsupported ? (deciding.ceiling ?? Infinity) : Infinity;
  const ceiling = Math.min(check.ceiling, sizeInside(check, plan, chosen), supporting);
  const candidate = candidateOf({ ...check, ceiling }, beside ?? { fits, demand: deciding.demand });
  if (lacks) Object.assign(candidate, { lacks }, isUnsupported && { skipped: 'unsupported' });
  if (noRuleReaches(needs, candidates)) Object.assign(candidate, { skipped: 'not-chosen' });
  return { plan, candidate: Object.assign(candidate, { decision }) };
}

/** How much a nested primitive holds of this call: as much as the member that it chose, else of those that may be used. */
function sizeInside({ member }: MemberCheck, plan: Plan, chosen: Candidate | undefined): number {
  if (chosen) return sizeIn(plan, plan.first!);
  return plan.named ? Math.min(declaredSize(member), sizeOfPlan(plan)) : sizeOf(member);
}
