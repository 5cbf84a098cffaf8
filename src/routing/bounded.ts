import type { Attempt, Candidate, Decision } from '../decision.ts';

const mostBytes = 4096;
const mostCandidates = 64;

/** The decision itself; a summary of it if it has over 64 candidates or is longer than about 4 KB of JSON. */
export function bounded(decision: Decision): Decision {
  const { candidates, attempts = [], unmatched = [] } = decision;
  // The usual record is known to be short without making its JSON on every call: an id stands in a candidate,
  // in the order and in an attempt, and is at most three bytes a character.
  let bytes = 0;
  for (const { id, model, demand } of candidates)
    bytes += 260 + 3 * (3 * id.length + model.length + demand.estimator.length);
  for (const { rule } of unmatched) bytes += 60 + 3 * String(rule).length;
  for (const { id } of attempts.slice(candidates.length)) bytes += 160 + 3 * id.length; // tries of the same members
  const isNested =
    candidates.some((each) => each.decision) || attempts.some((each) => each.decision || each.usage);
  if (bytes < 0.6 * mostBytes && !isNested) return decision;
  const isShort = (each: Decision): boolean =>
    new TextEncoder().encode(JSON.stringify(each)).length <= mostBytes;
  if (candidates.length <= mostCandidates && isShort(decision)) return decision;
  // What failed and who answered says more than who was asked, so attempts go last, and nested decisions with them.
  for (let most = mostCandidates; most >= 1; most /= 2) {
    const summary = cut(decision, most, 2 * most);
    if (isShort(summary)) return summary;
  }
  return cut(decision, 1, 0);
}

/** Keeps the first candidates and the last attempts; with 0, only the last attempt and nothing nested. */
function cut(decision: Decision, candidatesKept: number, attemptsKept: number): Decision {
  const { candidates, order, attempts = [], unmatched = [] } = decision;
  const kept = attempts.slice(-Math.max(1, attemptsKept));
  const nested = [...candidates, ...(attemptsKept > 0 ? [] : kept)].filter((each) => each.decision);
  const omitted = {
    candidates: Math.max(0, candidates.length - candidatesKept),
    attempts: attempts.length - kept.length,
    decisions: nested.length,
    rules: Math.max(0, unmatched.length - candidatesKept),
  };
  const inner = (attempt: Attempt): Attempt =>
    attempt.decision && attemptsKept > 0
      ? { ...attempt, decision: cut(attempt.decision, candidatesKept, attemptsKept) }
      : withoutDecision(attempt);
  return {
    ...decision,
    candidates: candidates.slice(0, candidatesKept).map(withoutDecision),
    ...(order && { order: order.slice(0, candidatesKept) }),
    ...(decision.unmatched && { unmatched: unmatched.slice(0, candidatesKept) }),
    ...(decision.attempts && { attempts: kept.map(inner) }),
    ...(Object.values(omitted).some(Boolean) && { omitted }),
  };
}

/** An entry of a decision less the nested primitive's own. */
export function withoutDecision<Entry extends Candidate | Attempt>({ decision: _, ...entry }: Entry): Entry {
  return entry as unknown as Entry;
}

/** A provider's usage as plain, short JSON, without the provider's raw copy of it; undefined if it can't be that. */
export function plainUsage(usage: unknown): object | undefined {
  try {
    const json = JSON.stringify(usage, (name, value: unknown) => {
      return name === 'raw' ? undefined : typeof value === 'bigint' ? Number(value) : value;
    });
    return json.length <= 1000 ? JSON.parse(json) : undefined;
  } catch {
    return undefined;
  }
}
