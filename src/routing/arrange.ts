import type { Candidate, Decision } from '../decision.ts';
import type { Plan } from './plan.ts';
import type { Member, Planner, Router } from './router.ts';
import { sharedOut } from './verdict.ts';
import { whenKnown } from '../tokens/when-known.ts';

/** The members in the order in which they are tried, and the plan's decision with members on cooldown marked. */
export interface Arranged {
  readonly order: readonly Member[];
  /** How many members, from the first, are not on cooldown. */
  readonly availableCount: number;
  /** Whether members that are found to be on cooldown later are moved to the end. */
  readonly skipsCooldown: boolean;
  readonly decision: Decision;
  /** The member that would come first without any cooldown; if the order is drawn, the one that does come first. */
  readonly pick: Member | undefined;
}

/** Makes the order. It may draw at random, so it is called only in a real call, once. */
type Order = Planner['order'];

/**
 * Puts the members that fit into an order: first those not on cooldown; then those on cooldown, the one whose cooldown
 * ends first in front; last those that are too small only by a learned limit.
 */
export function arrange(
  router: Router,
  plan: Plan,
  order: Order = router.planner.order,
): Arranged | Promise<Arranged> {
  const { planner, cooldown } = router;
  if (planner.rank) {
    return whenKnown(rankedBy(planner.rank, plan), (ranked) => arrangeByCooldown(router, ranked, unchanged));
  }
  // A dispatcher chooses by size: to skip a target on cooldown is a fallback, which it does only with `fallback: true`.
  if (!cooldown || (planner.kind === 'dispatcher' && !planner.fallback))
    return arrangeIgnoringCooldown(router, plan, order);
  return arrangeByCooldown(router, plan, order);
}

/**
 * The plan with its members ranked; a member that was chosen before (`first`) stays in front. Members that the rank
 * leaves out are not tried. Those that are too small only by a learned limit stay last.
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

function arrangeIgnoringCooldown(
  { planner }: Router,
  { fitting, first, lastResort, decision }: Plan,
  order: Order,
): Arranged {
  const front = inFront(first, fitting, order);
  const members = withLastResort(planner, front, lastResort);
  return {
    order: members,
    availableCount: front.length,
    skipsCooldown: false,
    decision,
    pick: first ?? members[0],
  };
}

async function arrangeByCooldown(router: Router, plan: Plan, order: Order): Promise<Arranged> {
  const { planner, cooldown } = router;
  const { fitting, first, lastResort, decision } = plan;
  const cooldownEnds = await cooldown?.cooldownEnds(fitting.map(({ id }) => id));
  if (!cooldownEnds?.size) {
    const arranged = arrangeIgnoringCooldown(router, plan, order);
    return { ...arranged, order: [...arranged.order], skipsCooldown: cooldown !== undefined };
  }
  const isOnCooldown = ({ id }: { readonly id: string }): boolean => cooldownEnds.has(id);
  const available = fitting.filter((member) => !isOnCooldown(member));
  const last = fitting
    .filter(isOnCooldown)
    .toSorted((a, b) => cooldownEnds.get(a.id)! - cooldownEnds.get(b.id)!);
  const candidates = sharedOut(
    decision.candidates.map((candidate) =>
      candidate.fits && isOnCooldown(candidate) ? resting(candidate) : candidate,
    ),
  );
  const front = available.length > 0 ? inFront(first, available, order) : [];
  const members = withLastResort(planner, [...front, ...last], lastResort);
  return {
    order: members,
    availableCount: front.length,
    skipsCooldown: true,
    decision: { ...decision, candidates },
    pick: first ?? (planner.draws ? members : order(fitting))[0],
  };
}

/** A candidate on cooldown: an alloy draws only among the others. */
const resting = ({ share: _, ...candidate }: Candidate): Candidate => ({ ...candidate, skipped: 'resting' });

/** The order of `members`, with the member that was chosen before, if it is one of them, in front. */
function inFront(first: Member | undefined, members: readonly Member[], order: Order): readonly Member[] {
  if (!first || !members.includes(first)) return order(members);
  const others = members.filter((member) => member !== first);
  return [first, ...order(others, first)];
}

function withLastResort(
  { order, rank, maxMembers = Infinity }: Planner,
  front: readonly Member[],
  last: readonly Member[],
): readonly Member[] {
  const ordered = rank || last.length === 0 ? last : order(last);
  const members = last.length > 0 ? [...front, ...ordered] : front;
  return members.length > maxMembers ? members.slice(0, maxMembers) : members;
}

const unchanged: Order = (members) => members;
