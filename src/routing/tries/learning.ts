import type { Run } from '../run.ts';
import type { Failed } from './try.ts';

/** Remembers the limit that a member's provider stated when it rejected a request as too long. */
export function learn(run: Run, { member, statedLimit }: Failed): void {
  (run.rejected ??= new Set()).add(member);
  if (!member.resolved?.router && statedLimit) member.learned.rejected(statedLimit);
}
