import type { Candidate, Decision } from '../decision.ts';
import type { Plan } from './plan.ts';
import type { Member, Planner, Router } from './router.ts';
import { sharedOut } from './verdict.ts';
import { whenKnown } from '../tokens/when-known.ts';

/** The members in the order in which they are tried, and the plan's decision with members on cooldown marked. */
export interface Arranged {
  readonly order: Member[];
  /** How many members, from the first, are not on cooldown, including those that `maxMembers` leaves out. */
  readonly availableCount: number;
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
  const { rank } = router.planner;
  if (!rank) return aroundCooldowns(router, plan, order);
  return whenKnown(rankedBy(rank, plan), (ranked) => aroundCooldowns(router, ranked, unchanged));
}

const unchanged: Order = (members) => members;

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

type CooldownEnds = ReadonlyMap<string, number>;

function aroundCooldowns(
  { planner, cooldown }: Router,
  plan: Plan,
  order: Order,
): Arranged | Promise<Arranged> {
  if (!cooldown) return arranged(planner, plan, order);
  const reading = cooldown.cooldownEnds(plan.fitting.map(({ id }) => id));
  return reading.then((ends) => arranged(planner, plan, order, ends.size > 0 ? ends : undefined));
}

/** @param ends the cooldowns of members; undefined if there are none */
function arranged(
  { draws, maxMembers }: Planner,
  { fitting, first, lastResort, decision }: Plan,
  order: Order,
  ends?: CooldownEnds,
): Arranged {
  const available = ends ? fitting.filter(({ id }) => !ends.has(id)) : fitting;
  const front = inFront(first, available, order);
  const members = [...front];
  if (ends) members.push(...endingFirst(fitting, ends));
  if (lastResort.length > 0) members.push(...order(lastResort));
  return {
    order: maxMembers ? members.slice(0, maxMembers) : members,
    availableCount: front.length,
    decision: ends ? withResting(decision, ends) : decision,
    pick: first ?? (ends && !draws ? order(fitting) : members)[0],
  };
}

/** The order of `members`, with the member that was chosen before, if it is one of them, in front. */
function inFront(first: Member | undefined, members: readonly Member[], order: Order): readonly Member[] {
  if (!first || !members.includes(first)) return order(members);
  const others = members.filter((member) => member !== first);
  return [first, ...order(others, first)];
}

/** The members on cooldown, the one whose cooldown ends first in front. */
const endingFirst = (members: readonly Member[], ends: CooldownEnds): readonly Member[] =>
  members.filter(({ id }) => ends.has(id)).toSorted((a, b) => ends.get(a.id)! - ends.get(b.id)!);

/** The decision with the candidates on cooldown marked: an alloy draws only among the others. */
function withResting(decision: Decision, ends: CooldownEnds): Decision {
  const candidates = decision.candidates.map((candidate): Candidate => {
    if (!candidate.fits || !ends.has(candidate.id)) return candidate;
    const { share: _, ...others } = candidate;
    return { ...others, skipped: 'resting' };
  });
  return { ...decision, candidates: sharedOut(candidates) };
}
