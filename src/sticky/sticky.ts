import type { Choice, FitsNow, Member } from '../routing/router.ts';
import { sizeOf } from '../routing/router.ts';

/** How a dispatcher keeps to its pick. */
export interface Sticking {
  /** How often it may go on to a larger target. */
  readonly escalations: number;
  /** The targets it chooses from, in the order in which it prefers them. */
  readonly preferred: readonly Member[];
}

/**
 * The choice for a conversation whose earlier answers were `picks`, the last one first; undefined on its first turn. A
 * pick that is no target here is none: clients may say anything.
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
  const promotions = known.filter(
    (member, index) => index + 1 < known.length && sizeOf(member) > sizeOf(known[index + 1]!),
  ).length;
  const kept = { reason: 'sticky' as const, first: indexOf(pick), mayEscalate: promotions < escalations };
  if (promotions >= escalations || (await fitsNow(indexOf(pick)))) return kept;
  for (const larger of preferred.filter((member) => sizeOf(member) > sizeOf(pick))) {
    const first = indexOf(larger);
    if (await fitsNow(first))
      return { reason: 'escalated', first, mayEscalate: promotions + 1 < escalations };
  }
  return kept; // outgrown: refused, with its numbers
}
