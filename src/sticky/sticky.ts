import type { Choice, Member, MembersNow } from '../routing/router.ts';
import { sizeOf } from '../routing/member-size.ts';
import type { Path } from '../sdk/stamp.ts';

/** How a dispatcher keeps a conversation on its target. */
export interface Sticking {
  /** How often a conversation may go on to a larger target. */
  readonly escalations: number;
  /** The targets to choose from, the preferred ones first. */
  readonly preferred: readonly Member[];
}

/**
 * The choice for a conversation that was answered by `picks`, the last one first; undefined on its first turn. Ids
 * that are not targets here are ignored: a client may send any id.
 */
export async function stickyChoice(
  members: readonly Member[],
  now: MembersNow,
  picks: readonly Path[],
  { escalations, preferred }: Sticking,
): Promise<Choice | undefined> {
  const isKnown = ([id]: Path): boolean => preferred.some((member) => member.id === id);
  const kept = picks.find(isKnown);
  if (!kept) return undefined;
  const known = picks.filter(isKnown).map(([id]) => preferred.find((member) => member.id === id)!);
  const pick = known[0]!;
  const indexOf = (member: Member): number => members.indexOf(member);
  const isPromotion = (member: Member, before: Member | undefined): boolean =>
    before !== undefined && before !== member && sizeOf(member) >= sizeOf(before);
  const promotions = known.filter((member, index) => isPromotion(member, known[index + 1])).length;
  // Another target stands in for this call, as on a first turn.
  if (now.isLeftOut(indexOf(pick))) return { kept };
  const inside = kept.slice(1);
  const limits = (made: number): Choice =>
    made < escalations ? {} : { mayEscalate: false, escalations: { escalations: made, limit: escalations } };
  const stay: Choice = { reason: 'sticky', first: indexOf(pick), kept, inside, ...limits(promotions) };
  if (promotions >= escalations) return stay;
  const { fits, skipped } = await now.fits(indexOf(pick), inside);
  if (fits) return stay;
  // A target that lacks what the request carries is also left for a smaller one.
  const mayFollow = (member: Member): boolean =>
    skipped === 'unsupported' ? member !== pick : sizeOf(member) > sizeOf(pick);
  for (const follower of preferred.filter(mayFollow)) {
    const first = indexOf(follower);
    if ((await now.fits(first)).fits) return { reason: 'escalated', first, ...limits(promotions + 1) };
  }
  return stay; // its target can't take it: the call is refused, and the error says why
}
