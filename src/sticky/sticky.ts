import type { Choice, FitsNow, Member } from '../routing/router.ts';
import { sizeOf } from '../routing/router.ts';

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
  fitsNow: FitsNow,
  picks: readonly string[],
  { escalations, preferred }: Sticking,
): Promise<Choice | undefined> {
  const known = picks.flatMap((id) => preferred.find((member) => member.id === id) ?? []);
  const [pick] = known;
  if (!pick) return undefined;
  const indexOf = (member: Member): number => members.indexOf(member);
  const isPromotion = (member: Member, before: Member | undefined): boolean =>
    before !== undefined && before !== member && sizeOf(member) >= sizeOf(before);
  const promotions = known.filter((member, index) => isPromotion(member, known[index + 1])).length;
  const kept = { reason: 'sticky' as const, first: indexOf(pick), mayEscalate: promotions < escalations };
  if (promotions >= escalations) return kept;
  const { fits, skipped } = await fitsNow(indexOf(pick));
  if (fits) return kept;
  // A target that lacks what the request carries is also left for a smaller one.
  const mayFollow = (member: Member): boolean =>
    skipped === 'unsupported' ? member !== pick : sizeOf(member) > sizeOf(pick);
  for (const follower of preferred.filter(mayFollow)) {
    const first = indexOf(follower);
    if ((await fitsNow(first)).fits)
      return { reason: 'escalated', first, mayEscalate: promotions + 1 < escalations };
  }
  return kept; // its target can't take it: the call is refused, and the error says why
}
