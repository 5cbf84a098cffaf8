import type { Decision } from '../decision.ts';
import type { Plan } from './plan.ts';
import type { Member, Planner, Router } from './router.ts';

/** Who is tried, in which order, and the plan's decision, which says who rests. */
export interface Ordered {
  readonly order: Member[];
  /** How many at the beginning of the order don't rest. */
  readonly awake: number;
  /** Whether members that rest are passed over. */
  readonly passesOver: boolean;
  readonly decision: Decision;
}

/** What makes the order of those awake; draws it, so that only a real call may ask, once: when it is reached. */
type Draw = Planner['order'];

/** Puts the members that fit into an order, and behind them those that a learned ceiling stands in the way of. */
export function orderOf(
  { planner }: Router,
  { fitting, first, held, decision }: Plan,
  draw: Draw = planner.order,
): Ordered {
  const order = behind(planner, inFront(first, fitting, draw), held);
  return { order, awake: fitting.length, passesOver: false, decision };
}

/** As `orderOf`; those that rest come behind those awake, the first to wake first. */
export async function orderAmongResting(
  router: Router,
  plan: Plan,
  draw: Draw = router.planner.order,
): Promise<Ordered> {
  const { planner, cooldown } = router;
  const { fitting, held, decision } = plan;
  // A dispatcher's choice is by size: passing over a target is a fallback, which it makes only when told to.
  if (!cooldown || (planner.kind === 'dispatcher' && !planner.fallback)) return orderOf(router, plan, draw);
  const rests = await cooldown.resting(fitting.map(({ id }) => id));
  if (rests.size === 0) return { ...orderOf(router, plan, draw), passesOver: true };
  const awake = fitting.filter(({ id }) => !rests.has(id));
  const last = fitting
    .filter(({ id }) => rests.has(id))
    .toSorted((a, b) => rests.get(a.id)! - rests.get(b.id)!);
  const candidates = decision.candidates.map((candidate) =>
    candidate.fits && rests.has(candidate.id) ? { ...candidate, skipped: 'resting' as const } : candidate,
  );
  const front = awake.length > 0 ? inFront(plan.first, awake, draw) : [];
  const order = behind(planner, [...front, ...last], held);
  return { order, awake: front.length, passesOver: true, decision: { ...decision, candidates } };
}

/** The order with the member that was chosen before, if it is among them, in front. */
function inFront(first: Member | undefined, members: readonly Member[], draw: Draw): readonly Member[] {
  if (!first || !members.includes(first)) return draw(members);
  return [
    first,
    ...draw(
      members.filter((member) => member !== first),
      first,
    ),
  ];
}

function behind({ order, most }: Planner, first: readonly Member[], held: readonly Member[]): Member[] {
  return (held.length > 0 ? [...first, ...order(held)] : first).slice(0, most);
}
