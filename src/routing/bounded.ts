import type { Attempt, Candidate, Decision } from '../decision.ts';

const maxBytes = 4096;
const maxCandidates = 64;

/** The decision itself, or a summary of it if it has more than 64 candidates or more than about 4 KB of JSON. */
export function bounded(decision: Decision): Decision {
  const { candidates, attempts = [], unmatched = [] } = decision;
  // An estimate shows that the usual record is short, without making its JSON on every call: an id appears in a
  // candidate and in the order, and a character takes at most three bytes.
  let bytes = 0;
  for (const { id, model, demand } of candidates)
    bytes += 200 + 3 * (2 * id.length + model.length + demand.estimator.length);
  for (const { rule } of unmatched) bytes += 60 + 3 * String(rule).length;
  for (const { id } of attempts) bytes += 200 + 3 * id.length;
  const isNested = candidates.some((each) => each.decision) || attempts.some((each) => each.decision);
  if (bytes < 0.6 * maxBytes && !isNested) return decision;
  const isShort = (each: Decision): boolean =>
    new TextEncoder().encode(JSON.stringify(each)).length <= maxBytes;
  if (candidates.length <= maxCandidates && isShort(decision)) return decision;
  // Attempts say more than candidates (what failed, and which member answered), so they and their nested decisions are
  // dropped last.
  for (let count = maxCandidates; count >= 1; count /= 2) {
    const summary = summarized(decision, count, 4 * count);
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
  // A nested primitive's decision may have been shortened before.
  const { candidates: fewer = 0, attempts: cut = 0, decisions = 0, rules = 0 } = decision.omitted ?? {};
  const omitted = {
    candidates: fewer + Math.max(0, candidates.length - candidatesKept),
    attempts: cut + attempts.length - kept.length,
    decisions: decisions + nested.length,
    rules: rules + Math.max(0, unmatched.length - candidatesKept),
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
