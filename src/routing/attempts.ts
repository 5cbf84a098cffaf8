import type { Attempt, Candidate, Decision } from '../decision.ts';
import { decisionOf, rememberDecision } from '../decision-of.ts';
import { AiAlloyError, AllAttemptsFailedError, ContextWindowExceededError, describe } from '../errors.ts';
import { announce } from '../on-decision.ts';
import { PromptTruncatedError } from '../prompt-truncated-error.ts';
import type { Call, Warning } from '../spec/model.ts';
import { forget, type Remembered } from '../tokens/call/recall.ts';
import { bounded, plainUsage, withoutDecision } from './bounded.ts';
import { defaultFallThroughOn, failureOf, retryAfterMsOf, type Failure } from '../faults/failure.ts';
import { planCall } from './plan.ts';
import { sizeOf, type Member, type Router } from './router.ts';

/** A call on a primitive. */
export interface Request {
  readonly router: Router;
  readonly call: Call;
  /** Whether no other primitive passed it on. */
  readonly outermost: boolean;
}

/** A member that has begun to answer. */
export interface Answer<Opened> {
  readonly opened: Opened;
  /** For members that were passed over. */
  readonly warnings: readonly Warning[];
  /** Closes the attempt, and announces the decision; only the first time counts. */
  conclude(outcome: Partial<Attempt>, error?: unknown, truncated?: Truncated): Decision;
}

type Truncated = Decision['truncated'];

interface Failed extends Failure {
  readonly member: Member;
  readonly failedAt: number;
}

/**
 * Plans the call, then tries members in the planned order until one begins to answer. The one loop behind
 * generate and stream: `open` rejects if the member fails before its first content. All state of a call is here.
 */
export async function attempt<Opened>(
  { router, call, outermost }: Request,
  open: (member: Member, sent: Remembered) => Promise<Opened>,
): Promise<Answer<Opened>> {
  const { id, members, planner, onDecision } = router;
  const { fits, fitting, recalled, decision: plan } = await planCall(router, call);
  const conclude = (decision: Decision, error?: unknown): Decision => {
    const record = bounded(decision);
    if (outermost) forget(call);
    announce(record, onDecision, outermost);
    return rememberDecision(error, record);
  };
  const { abortSignal } = call;
  if (abortSignal?.aborted) {
    conclude(plan, abortSignal.reason);
    throw abortSignal.reason;
  }
  if (!fits) throw new ContextWindowExceededError({ decision: conclude(plan) });

  const order = planner.order(fitting);
  const attempts: Attempt[] = [];
  const failures: Failed[] = [];
  /** Members that a provider's own "too long" ruled out: that one, and those no larger than it. */
  const rejected = new Set<Member>();
  const candidates = (): readonly Candidate[] => {
    if (rejected.size === 0 && !plan.candidates.some(({ decision }) => decision)) return plan.candidates;
    return plan.candidates.map((candidate, index) => tried(candidate, rejected.has(members[index]!)));
  };
  // Written out: spreading the plan and adding to it is many times slower.
  const decide = (truncated: Truncated, answered?: Pick<Decision, 'answeredBy'>): Decision => ({
    id,
    kind: planner.kind,
    candidates: candidates(),
    reason: planner.reason,
    order: order.map((member) => member.id),
    attempts,
    ...answered,
    ...(truncated && { truncated }),
  });
  for (const member of order) {
    if (!failures.every((failure) => mayHold(member, failure))) {
      rejected.add(member);
      continue;
    }
    const startedAt = performance.now();
    const close = (outcome: Partial<Attempt>): void => {
      const durationMs = Math.round(performance.now() - startedAt);
      attempts.push({ id: member.id, outcome: 'answered', durationMs, ...outcome });
    };
    try {
      const opened = await open(member, recalled);
      let record: Decision | undefined;
      return {
        opened,
        warnings: planner.warnOnSkip
          ? candidates()
              .filter(({ skipped }) => skipped)
              .map((candidate) => skipWarning(router, candidate))
          : [],
        conclude(outcome, error, truncated = truncationIn(error)) {
          if (record) return rememberDecision(error, record);
          close(outcome);
          const answered = outcome.failure ? undefined : { answeredBy: member.id };
          return (record = conclude(decide(truncated, answered), error));
        },
      };
    } catch (error) {
      const failure = failureOf(error);
      const isAnothers = member.resolved?.router || PromptTruncatedError.isInstance(error);
      const inner = isAnothers ? decisionOf(error) : AiAlloyError.isInstance(error) && error.decision;
      close({ ...outcomeOf(failure, abortSignal), ...(inner && { decision: inner }) });
      failures.push({ ...failure, member, failedAt: Date.now() });
      if (failure.kind === 'overflow') rejected.add(member);
      if (abortSignal?.aborted || !goesOn(router, failure)) {
        conclude(decide(truncationIn(error)), error);
        throw error;
      }
    }
  }
  const record = conclude(decide(truncationIn(failures.at(-1)?.error)));
  const error = errorFor(failures, record);
  rememberDecision(error, record);
  throw error;
}

/** How an attempt ended that did not answer; the caller's abort is told by the signal, not by the error. */
export function outcomeOf(
  { kind, statusCode, usage }: Failure,
  signal: AbortSignal | undefined,
): Partial<Attempt> {
  if (signal?.aborted) return { outcome: 'aborted', failure: 'aborted' };
  const used = usage && plainUsage(usage);
  return {
    outcome: 'failed',
    failure: kind,
    ...(statusCode && { statusCode }),
    ...(used && { usage: used }),
  };
}

const truncationIn = (error: unknown): Truncated =>
  PromptTruncatedError.isInstance(error) ? { reported: error.reported, sent: error.sent } : undefined;

/** A candidate once members are tried: a nested primitive's plan gives way to its decision in the attempts. */
function tried(candidate: Candidate, rejected: boolean): Candidate {
  if (!rejected && !candidate.decision) return candidate;
  return { ...withoutDecision(candidate), ...(rejected && { skipped: 'rejected' }) };
}

/** After a member that rejected the call as too long, only a larger one will do. */
function mayHold(member: Member, { kind, member: rejected, statedLimit }: Failed): boolean {
  if (kind !== 'overflow' || sizeOf(member) === Infinity) return true;
  const tooSmall = sizeOf(rejected);
  return sizeOf(member) > (tooSmall < Infinity ? tooSmall : statedLimit || 0);
}

/** Whether a failure leads on to the next member. */
function goesOn({ planner, fallThroughOn }: Router, failure: Failure): boolean {
  if (failure.kind === 'overflow') return true;
  const decide = (each: Failure): boolean => {
    try {
      if (typeof fallThroughOn === 'function') return fallThroughOn(each) === true;
    } catch {
      return defaultFallThroughOn.includes(each.kind); // a throwing callback must not change the error thrown
    }
    return (fallThroughOn ?? defaultFallThroughOn).includes(each.kind);
  };
  return planner.fallback && [failure, ...failure.inner].some(decide);
}

/** The error for a run in which everything that could be tried was. */
function errorFor(failures: readonly Failed[], decision: Decision): unknown {
  // A member that refused by its own fit check was not eligible, so it was not an attempt either.
  const tries = failures.filter(({ error }) => !ContextWindowExceededError.isInstance(error));
  const errors = tries.map(({ error }) => error);
  if (errors.length === 1) return errors[0];
  if (tries.every(({ kind }) => kind === 'overflow')) {
    return new ContextWindowExceededError({ decision, cause: failures.at(-1)?.error });
  }
  const retryable = tries.filter((failure) => failure.retryable);
  if (retryable.length === 0) return new AllAttemptsFailedError({ decision, errors });
  // The wait until the earliest member may be tried. One that names no wait leaves it to the SDK's own backoff,
  // as it would by itself: an instant retry would make a cascade less resilient than its members.
  const waits = retryable.map(({ error, failedAt }) => failedAt + retryAfterMsOf(error) - Date.now());
  const afterMs = waits.some(Number.isNaN) ? undefined : Math.max(0, Math.min(...waits));
  return new AllAttemptsFailedError({
    decision,
    errors,
    retry: { statusCode: retryable[0]!.statusCode, afterMs },
  });
}

/** A call warning for a member that was passed over. */
function skipWarning({ id, planner }: Router, candidate: Candidate): Warning {
  return { type: 'other', message: `ai-alloy: ${planner.kind} "${id}" skipped ${describe(candidate)}.` };
}
