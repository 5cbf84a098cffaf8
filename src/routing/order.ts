import type { Decision } from '../decision.ts';
import type { Plan } from './plan.ts';
import type { Member, Planner, Router } from './router.ts';

/** Who is tried, in which order, and the plan's decision, which says who rests. */
export interface Ordered {
  readonly order: readonly Member[];
  /** How many at the beginning of the order don't rest. */
  readonly awake: number;
  readonly decision: Decision;
}

/**
 * Puts the members that fit into an order, those that rest last, the first to wake first.
 *
 * @param draw makes the order of those awake; draws it, so that only a real call may ask, once: when it is reached
 */
export async function orderOf(
  { planner, cooldown }: Router,
  { fitting, decision }: Plan,
  draw: Planner['order'] = planner.order,
): Promise<Ordered> {
  const { most } = planner;
  // A dispatcher's choice is by size: passing over a target is a fallback, which it makes only when told to.
  const passesOver = cooldown && (planner.kind !== 'dispatcher' || planner.fallback);
  const rests = passesOver ? await cooldown.resting(fitting.map(({ id }) => id)) : undefined;
  if (!rests?.size) return { order: draw(fitting).slice(0, most), awake: fitting.length, decision };
  const awake = fitting.filter(({ id }) => !rests.has(id));
  const last = fitting
    .filter(({ id }) => rests.has(id))
    .toSorted((a, b) => rests.get(a.id)! - rests.get(b.id)!);
  const candidates = decision.candidates.map((candidate) =>
    candidate.fits && rests.has(candidate.id) ? { ...candidate, skipped: 'resting' as const } : candidate,
  );
  const first = awake.length > 0 ? draw(awake) : [];
  const order = [...first, ...last].slice(0, most);
  return { order, awake: first.length, decision: { ...decision, candidates } };
}
