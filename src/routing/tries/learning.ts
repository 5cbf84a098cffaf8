import type { Run } from '../run.ts';
import type { Failed } from './try.ts';

/** Remembers of a member what its provider said of its limit. */
export function learn(run: Run, { member, statedLimit }: Failed): void {
  (run.rejected ??= new Set()).add(member);
  if (!member.resolved?.router && statedLimit) member.learned.rejected(statedLimit);
}
