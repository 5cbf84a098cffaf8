import type { Attempt, Candidate, Decision } from '../decision.ts';
import { AnswerRejectedError } from '../errors/answer-rejected-error.ts';
import { AttemptTimeoutError } from '../errors/attempt-timeout-error.ts';
import type { Failure } from '../faults/failure.ts';
import { hintFor } from '../faults/hints.ts';
import { PromptTruncatedError } from '../errors/prompt-truncated-error.ts';
import { withoutDecision } from './bounded.ts';
import type { Run } from './run.ts';

export type Truncated = Decision['truncated'];

/** The candidates of a call, updated by its attempts: a nested primitive's decision is in its attempt, if there is one. */
export function candidatesOf(run: Run): readonly Candidate[] {
  const { planned, router, passedOver, attempts } = run;
  const { candidates } = planned!;
  if (!passedOver && candidates.every(isPlain)) return candidates;
  return candidates.map((candidate, index) => {
    const own = withoutDecision(candidate);
    const skipped = passedOver?.get(router.members[index]!);
    if (skipped) return { ...own, skipped };
    if (own.skipped !== 'too-large' || !attempts.some(({ id }) => id === own.id)) return own;
    // It was too small only by a learned limit, and was tried nevertheless.
    const { skipped: _, ...tried } = own;
    return { ...tried, fits: true };
  });
}

const isPlain = ({ decision, learnedCeiling }: Candidate): boolean => !decision && !learnedCeiling;

export const truncationIn = (error: unknown): Truncated =>
  PromptTruncatedError.isInstance(error) ? { reported: error.reported, sent: error.sent } : undefined;

/** How an attempt without an answer ended. Whether the caller aborted is read from the signal, not from the error. */
export function outcomeOf(
  failure: Failure,
  signal: AbortSignal | undefined,
  provider?: string | undefined,
): Partial<Attempt> {
  if (signal?.aborted) return { outcome: 'aborted', failure: 'aborted' };
  const { kind, statusCode, error } = failure;
  const hint = hintFor(failure, provider);
  return {
    outcome: 'failed',
    failure: kind,
    ...(statusCode && { statusCode }),
    ...(hint !== undefined && { hint }),
    ...(AnswerRejectedError.isInstance(error) && error.reason && { reason: error.reason }),
    ...(AttemptTimeoutError.isInstance(error) && { deadline: error.deadline }),
  };
}
