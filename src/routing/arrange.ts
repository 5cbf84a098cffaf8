import type { Decision } from '../decision.ts';
import type { Plan } from './plan.ts';
import type { Member, Planner, Router } from './router.ts';
import { whenKnown } from '../tokens/when-known.ts';

/** Who is tried, in which order, and the plan's decision, which says who is on cooldown. */
export interface Arranged {
  readonly order: readonly Member[];
  /** How many at the beginning of the order are not on cooldown. */
  readonly availableCount: number;
  /** Whether members on cooldown are passed over. */
  readonly passesOver: boolean;
  readonly decision: Decision;
  /** Who would come first without any cooldown; undefined where that is drawn. */
  readonly pick: Member | undefined;
}

/** What makes the order: a draw, which only a real call may make, once, when it is reached. */
type Order = Planner['order'];

/**
 * Puts the members that fit into an order: those on cooldown behind the others, the one whose cooldown ends first in
 * front; and last of all those that only a learned limit stands in the way of.
 */
export function arrange(
  router: Router,
  plan: Plan,
  order: Order = router.planner.order,
): Arranged | Promise<Arranged> {
  const { planner, cooldown } = router;
  if (planner.rank) {
    return whenKnown(rankedBy(planner.rank, plan), (ranked) => among(router, ranked, asTheyAre));
  }
  // A dispatcher's choice is by size: passing over a target is a fallback, which it makes only when told to.
  if (!cooldown || (planner.kind === 'dispatcher' && !planner.fallback))
    return arrangedBy(router, plan, order);
  return among(router, plan, order);
}

/**
 * The plan with its members by rank, behind one that was chosen before. Members that the rank leaves out are not tried.
 * Those that only a learned limit stands in the way of stay last.
 */
function rankedBy(rank: NonNullable<Planner['rank']>, plan: Plan): Plan | Promise<Plan> {
  const { first, fitting, lastResort } = plan;
  const others = [...fitting, ...lastResort].filter((member) => member !== first);
  if (others.length === 0) return plan;
  const isFirst = (member: Member): boolean => member === first;
  return whenKnown(rank({ ...plan, fitting: others }), (ranked) => ({
    ...plan,
    fitting: [...fitting.filter(isFirst), ...ranked.filter((member) => fitting.includes(member))],
    lastResort: [...lastResort.filter(isFirst), ...ranked.filter((member) => lastResort.includes(member))],
  }));
}

function arrangedBy(
  { planner }: Router,
  { fitting, first, lastResort, decision }: Plan,
  order: Order,
): Arranged {
  const front = inFront(first, fitting, order);
  const whole = withLastResort(planner, front, lastResort);
  return { order: whole, availableCount: front.length, passesOver: false, decision, pick: first ?? whole[0] };
}

async function among(router: Router, plan: Plan, order: Order): Promise<Arranged> {
  const { planner, cooldown } = router;
  const { fitting, first, lastResort, decision } = plan;
  const resting = await cooldown?.resting(fitting.map(({ id }) => id));
  if (!resting?.size) {
    const arranged = arrangedBy(router, plan, order);
    return { ...arranged, order: [...arranged.order], passesOver: cooldown !== undefined };
  }
  const isResting = ({ id }: { readonly id: string }): boolean => resting.has(id);
  const available = fitting.filter((member) => !isResting(member));
  const last = fitting.filter(isResting).toSorted((a, b) => resting.get(a.id)! - resting.get(b.id)!);
  const candidates = decision.candidates.map((candidate) =>
    candidate.fits && isResting(candidate) ? { ...candidate, skipped: 'resting' as const } : candidate,
  );
  const front = available.length > 0 ? inFront(first, available, order) : [];
  return {
    order: withLastResort(planner, [...front, ...last], lastResort),
    availableCount: front.length,
    passesOver: true,
    decision: { ...decision, candidates },
    pick: first ?? (planner.draws ? undefined : order(fitting)[0]),
  };
}

/** The order with the member that was chosen before, if it is among them, in front. */
function inFront(first: Member | undefined, members: readonly Member[], order: Order): readonly Member[] {
  if (!first || !members.includes(first)) return order(members);
  const others = members.filter((member) => member !== first);
  return [first, ...order(others, first)];
}

function withLastResort(
  { order, rank, most = Infinity }: Planner,
  front: readonly Member[],
  last: readonly Member[],
): readonly Member[] {
  const ordered = rank || last.length === 0 ? last : order(last);
  const whole = last.length > 0 ? [...front, ...ordered] : front;
  return whole.length > most ? whole.slice(0, most) : whole;
}

const asTheyAre: Order = (members) => members;
