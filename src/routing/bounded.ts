import type { Attempt, Candidate, Decision } from '../decision.ts';

const mostBytes = 4096;

/** The decision itself; a summary of it if it has over 64 candidates or is longer than about 4 KB of JSON. */
export function bounded(decision: Decision): Decision {
  const { candidates, attempts = [] } = decision;
  // The usual record is known to be short without making its JSON on every call.
  if (
    candidates.length <= 6 &&
    ![...candidates, ...attempts].some((entry) => entry.decision || 'usage' in entry)
  ) {
    return decision;
  }
  const isLong = (each: Decision): boolean => JSON.stringify(each).length > mostBytes;
  if (candidates.length <= 64 && !isLong(decision)) return decision;
  let summary = cut(decision, 64);
  for (let most = 16; most >= 1 && isLong(summary); most /= 4) summary = cut(decision, most);
  return summary;
}

/** Leaves out what nested primitives decided, and all but the first candidates and the last attempts. */
function cut({ candidates, order, attempts, ...rest }: Decision, most: number): Decision {
  const slim = <Entry extends Candidate | Attempt>({ decision: _, ...entry }: Entry): Entry =>
    entry as unknown as Entry;
  return {
    ...rest,
    candidates: candidates.slice(0, most).map(slim),
    ...(order && { order: order.slice(0, most) }),
    ...(attempts && { attempts: attempts.slice(-most).map(slim) }),
    omitted: {
      candidates: Math.max(0, candidates.length - most),
      attempts: Math.max(0, (attempts?.length ?? 0) - most),
    },
  };
}
