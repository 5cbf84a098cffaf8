import { declaredSize, sizeOf, sizeOfPrimitive } from './member-size.ts';
import type { Plan } from './plan.ts';
import type { Member } from './router.ts';

/** What sizes depend on for one call: on which members primitives may choose for it. */
type Planned = Pick<Plan, 'router' | 'first' | 'mayEscalate' | 'nested' | 'unusable'>;

/** The size of a member for a call; of a nested primitive, that of the largest member that it may call. */
export function sizeIn({ nested }: Pick<Planned, 'nested'>, member: Member): number {
  const inner = nested?.get(member);
  return inner ? Math.min(declaredSize(member), sizeOfPlan(inner)) : sizeOf(member);
}

/** The size of a primitive for a call: that of the largest member that it may call. */
export function sizeOfPlan(plan: Planned): number {
  const { first, mayEscalate, unusable } = plan;
  const { members, planner } = plan.router;
  const others = mayEscalate || planner.needs === 'every' ? members.slice(0, planner.eligible) : [];
  const usable = (first ? [first, ...others] : others).filter((member) => !unusable?.has(member));
  return sizeOfPrimitive(
    planner,
    usable.map((member) => sizeIn(plan, member)),
  );
}
