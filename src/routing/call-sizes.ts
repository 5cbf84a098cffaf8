import { declaredSize, sizeOf, sizeOfPrimitive } from './member-size.ts';
import type { Plan } from './plan.ts';
import type { Member } from './router.ts';

/** The size of a member for a call; of a nested primitive, that of the largest member that it may call. */
export function sizeIn({ nested }: Plan, member: Member): number {
  const inner = nested?.get(member);
  return inner ? Math.min(declaredSize(member), sizeOfPlan(inner)) : sizeOf(member);
}

/** The size of a primitive for a call: that of the largest member that it may call. */
export function sizeOfPlan(plan: Plan): number {
  const { first, mayEscalate, decision } = plan;
  const { members, planner } = plan.router;
  const { needs, eligible = Infinity } = planner;
  const isOnlyFirst = !mayEscalate && needs === 'some';
  const usable = members.filter((member, index) => {
    const { skipped } = decision.candidates[index]!;
    const isOpen = member === first || (!isOnlyFirst && index < eligible);
    return isOpen && skipped !== 'excluded' && skipped !== 'unsupported';
  });
  return sizeOfPrimitive(
    planner,
    usable.map((member) => sizeIn(plan, member)),
  );
}
