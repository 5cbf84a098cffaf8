import type { Decision } from '../decision.ts';
import { AllAttemptsFailedError, ContextWindowExceededError, skippedMembers } from '../errors/errors.ts';
import { retriesInside, type Router } from './router.ts';
import type { Failed } from './tries/try.ts';

/**
 * The error of a call in which every member that could be tried has failed.
 *
 * @param isOver whether the call's `deadlineMs` has passed, so that `ai` must not retry the call
 */
export function errorFor(
  router: Router,
  failures: readonly Failed[],
  decision: Decision,
  isOver: boolean,
): unknown {
  // A nested member that refused the request as too large was not called: that is not an attempt.
  const tries = failures.filter(({ error }) => !ContextWindowExceededError.isInstance(error));
  const errors = tries.map(({ error }) => error);
  // If only one attempt failed, throw its own error, unless that would hide that other members were skipped, or would
  // make `ai` retry a call that has no time left.
  const isAlone = tries[0]?.kind === 'overflow' || skippedMembers(decision).length === 0;
  if (errors.length === 1 && isAlone && !(isOver && tries[0]!.retryable)) return errors[0];
  if (tries.every(({ kind }) => kind === 'overflow')) {
    return new ContextWindowExceededError({ decision, cause: failures.at(-1)?.error });
  }
  // If members are retried here, `ai` must not retry as well: the retries would multiply.
  const retryable = isOver || retriesInside(router) ? [] : tries.filter((failure) => failure.retryable);
  if (retryable.length === 0) return new AllAttemptsFailedError({ decision, errors });
  // The time until the first member may be tried again. If a failure names no wait, the SDK uses its own backoff, as it
  // would without this package: an instant retry would make a cascade less resilient than its members.
  const waits = retryable.map(
    ({ retryAfterMs = Number.NaN, failedAt }) => failedAt + retryAfterMs - performance.now(),
  );
  const afterMs = waits.some(Number.isNaN) ? undefined : Math.max(0, Math.min(...waits));
  return new AllAttemptsFailedError({
    decision,
    errors,
    retry: { statusCode: retryable[0]!.statusCode, afterMs },
  });
}
