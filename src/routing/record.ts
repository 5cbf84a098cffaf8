import type { Attempt, Candidate, Decision } from '../decision.ts';
import { rememberDecision } from '../decision-of.ts';
import { AttemptTimeoutError } from '../attempt-timeout-error.ts';
import type { Failure } from '../faults/failure.ts';
import { hintFor } from '../faults/hints.ts';
import { announce } from '../on-decision.ts';
import { PromptTruncatedError } from '../prompt-truncated-error.ts';
import { forget } from '../tokens/call/recall.ts';
import type { Request } from './request.ts';
import { bounded, plainUsage, withoutDecision } from './bounded.ts';
import type { Member } from './router.ts';

type Truncated = Decision['truncated'];

/** The record of one call: what was planned, tried and found. */
export interface CallRecord {
  readonly attempts: Attempt[];
  /** Why the order is what it is. */
  readonly reason: Decision['reason'];
  /** Members that a provider's own "too long" ruled out: that one, and those no larger than it. */
  readonly rejected: Set<Member>;
  /** Members that were found to rest when their turn came. */
  readonly resting: Set<Member>;
  candidates(): readonly Candidate[];
  /** The decision is made: announces it, and makes it known as the one behind `error`. */
  conclude(error?: unknown, answer?: { answeredBy?: string | undefined; truncated: Truncated }): Decision;
}

/** @param order left out where nothing is tried */
export function openRecord(
  { router, call, outermost }: Request,
  plan: Decision,
  order?: readonly Member[],
): CallRecord {
  const attempts: Attempt[] = [];
  const rejected = new Set<Member>();
  const resting = new Set<Member>();
  const candidates = (): readonly Candidate[] => {
    const isPlain = ({ decision, learnedCeiling }: Candidate): boolean => !decision && !learnedCeiling;
    if (rejected.size + resting.size === 0 && plan.candidates.every(isPlain)) return plan.candidates;
    return plan.candidates.map((candidate, index) => {
      const member = router.members[index]!;
      if (rejected.has(member)) return { ...withoutDecision(candidate), skipped: 'rejected' };
      if (resting.has(member)) return { ...withoutDecision(candidate), skipped: 'resting' };
      return tried(
        candidate,
        attempts.some(({ id }) => id === candidate.id),
      );
    });
  };
  return {
    attempts,
    reason: plan.reason,
    rejected,
    resting,
    candidates,
    conclude(error, { answeredBy, truncated } = { truncated: truncationIn(error) }) {
      // Written out: spreading the plan and adding to it is many times slower.
      const record = bounded(
        order
          ? {
              id: plan.id,
              kind: plan.kind,
              candidates: candidates(),
              reason: plan.reason,
              order: order.map((member) => member.id),
              attempts,
              ...(plan.rule !== undefined && { rule: plan.rule }),
              ...(plan.unmatched && { unmatched: plan.unmatched }),
              ...(answeredBy !== undefined && { answeredBy }),
              ...(truncated && { truncated }),
            }
          : plan,
      );
      if (outermost) forget(call);
      announce(record, router.onDecision, outermost);
      return rememberDecision(error, record);
    },
  };
}

export const truncationIn = (error: unknown): Truncated =>
  PromptTruncatedError.isInstance(error) ? { reported: error.reported, sent: error.sent } : undefined;

/** A candidate once members are tried: a nested primitive's plan gives way to its decision in the attempts. */
function tried(candidate: Candidate, wasTried: boolean): Candidate {
  const { skipped, ...own } = withoutDecision(candidate);
  // Only a learned ceiling stood in its way, and in the end that didn't.
  if (wasTried && skipped === 'too-large') return { ...own, fits: true };
  return candidate.decision ? withoutDecision(candidate) : candidate;
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
