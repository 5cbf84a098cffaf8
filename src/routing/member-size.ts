import type { Member, Planner } from './router.ts';

/**
 * A member's size, for display, for sorting and to tell which member is larger: its ceiling, else its input limit; at
 * most the size of the primitive that it is. Infinity if it has no size.
 */
export function sizeOf(member: Member): number {
  return Math.min(declaredSize(member), innerSize(member));
}

/** The size that is declared for a member. */
export function declaredSize({ limits }: Member): number {
  const { ceiling, maxInputTokens } = limits.declared;
  return ceiling ?? maxInputTokens ?? Infinity;
}

/**
 * The size of the primitive that a member is: of an alloy, its own ceiling; of the others, that of the largest member,
 * or Infinity if one has no size. Infinity for a plain model.
 */
export function innerSize({ resolved }: Member): number {
  if (!resolved?.router) return Infinity;
  const { members, planner } = resolved.router;
  // Members that only a rule can choose don't count.
  return sizeOfPrimitive(planner, members.slice(0, planner.eligible || undefined).map(sizeOf));
}

/** The size of a primitive whose members have the given sizes. */
export function sizeOfPrimitive({ needs, ceiling }: Planner, sizes: readonly number[]): number {
  return needs === 'every' ? (ceiling ?? Math.min(...sizes)) : Math.max(0, ...sizes);
}
