import type { Attempt, Candidate, Decision } from '../decision.ts';
import { AttemptTimeoutError } from '../errors/attempt-timeout-error.ts';
import type { Failure } from '../faults/failure.ts';
import { hintFor } from '../faults/hints.ts';
import { PromptTruncatedError } from '../errors/prompt-truncated-error.ts';
import { plainUsage, withoutDecision } from './bounded.ts';
import type { Run } from './run.ts';

export type Truncated = Decision['truncated'];

/** The candidates of a call as its attempts leave them. */
export function candidatesOf({ planned, router, rejected, resting, attempts }: Run): readonly Candidate[] {
  const { candidates } = planned!;
  if (!rejected && !resting && candidates.every(isPlain)) return candidates;
  return candidates.map((candidate, index) => {
    const member = router.members[index]!;
    if (rejected?.has(member)) return { ...withoutDecision(candidate), skipped: 'rejected' };
    if (resting?.has(member)) return { ...withoutDecision(candidate), skipped: 'resting' };
    return tried(
      candidate,
      attempts.some(({ id }) => id === candidate.id),
    );
  });
}

const isPlain = ({ decision, learnedCeiling }: Candidate): boolean => !decision && !learnedCeiling;

/** A candidate once members are tried: a nested primitive's plan gives way to its decision in the attempts. */
function tried(candidate: Candidate, wasTried: boolean): Candidate {
  const { skipped, ...own } = withoutDecision(candidate);
  // Only a learned ceiling stood in its way, and in the end that didn't.
  if (wasTried && skipped === 'too-large') return { ...own, fits: true };
  return candidate.decision ? withoutDecision(candidate) : candidate;
}

export const truncationIn = (error: unknown): Truncated =>
  PromptTruncatedError.isInstance(error) ? { reported: error.reported, sent: error.sent } : undefined;

/** What attempts are known to have cost, those of nested primitives included. */
export function costIn(attempts: readonly Attempt[]): number | undefined {
  let sum: number | undefined;
  for (const { cost, decision } of attempts) {
    const own = cost ?? decision?.cost;
    if (own !== undefined) sum = (sum ?? 0) + own;
  }
  return sum && Number(sum.toPrecision(12));
}

/** How an attempt ended that did not answer; the caller's abort is told by the signal, not by the error. */
export function outcomeOf(
  failure: Failure,
  signal: AbortSignal | undefined,
  provider?: string | undefined,
): Partial<Attempt> {
  if (signal?.aborted) return { outcome: 'aborted', failure: 'aborted' };
  const { kind, statusCode, usage, error } = failure;
  const used = usage && plainUsage(usage);
  const hint = hintFor(failure, provider);
  return {
    outcome: 'failed',
    failure: kind,
    ...(statusCode && { statusCode }),
    ...(hint !== undefined && { hint }),
    ...(AttemptTimeoutError.isInstance(error) && { deadline: error.deadline }),
    ...(used && { usage: used }),
  };
}
