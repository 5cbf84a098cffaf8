import type { Attempt, Candidate, Decision } from '../decision.ts';

const maxBytes = 4096;
const maxCandidates = 64;

/** The decision itself, or a summary of it if it has more than 64 candidates or more than about 4 KB of JSON. */
export function bounded(decision: Decision): Decision {
  const { candidates, attempts = [], unmatched = [] } = decision;
  // An estimate shows that the usual record is short, without making its JSON on every call: an id appears in a
  // candidate, in the order and in an attempt, and takes at most three bytes per character.
  let bytes = 0;
  for (const { id, model, demand } of candidates)
    bytes += 260 + 3 * (3 * id.length + model.length + demand.estimator.length);
  for (const { rule } of unmatched) bytes += 60 + 3 * String(rule).length;
  for (const { id } of attempts.slice(candidates.length)) bytes += 160 + 3 * id.length; // retries of the same members
  const isNested =
    candidates.some((each) => each.decision) || attempts.some((each) => each.decision || each.usage);
  if (bytes < 0.6 * maxBytes && !isNested) return decision;
  const isShort = (each: Decision): boolean =>
    new TextEncoder().encode(JSON.stringify(each)).length <= maxBytes;
  if (candidates.length <= maxCandidates && isShort(decision)) return decision;
  // Attempts say more than candidates (what failed, and which member answered), so they and their nested decisions are
  // dropped last.
  for (let count = maxCandidates; count >= 1; count /= 2) {
    const summary = summarized(decision, count, 2 * count);
    if (isShort(summary)) return summary;
  }
  return summarized(decision, 1, 0);
}

/**
 * Keeps the first candidates and the last attempts; with `attemptsKept` 0, only the last attempt and no nested
 * decisions.
 */
function summarized(decision: Decision, candidatesKept: number, attemptsKept: number): Decision {
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
      ? { ...attempt, decision: summarized(attempt.decision, candidatesKept, attemptsKept) }
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

/** A candidate or an attempt without the nested primitive's decision. */
export function withoutDecision<Entry extends Candidate | Attempt>({ decision: _, ...entry }: Entry): Entry {
  return entry as unknown as Entry;
}

/**
 * A provider's usage as plain, short JSON, without the raw copy that it may contain; undefined if it is not
 * serializable or too long.
 */
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
