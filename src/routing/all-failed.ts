import type { Decision } from '../decision.ts';
import { AllAttemptsFailedError, ContextWindowExceededError, passedOver } from '../errors/errors.ts';
import { retriesInside, type Router } from './router.ts';
import type { Failed } from './tries/try.ts';

/**
 * The error for a run in which everything that could be tried was.
 *
 * @param isOver whether the call's own deadline has passed, so that trying it again would break a promise
 */
export function errorFor(
  router: Router,
  failures: readonly Failed[],
  decision: Decision,
  isOver: boolean,
): unknown {
  // A member that refused by its own fit check was not eligible, so it was not an attempt either.
  const tries = failures.filter(({ error }) => !ContextWindowExceededError.isInstance(error));
  const errors = tries.map(({ error }) => error);
  // Its own error, unless it hides that others were passed over, or `ai` would take up a call that has no time left.
  const isAlone = tries[0]?.kind === 'overflow' || passedOver(decision).length === 0;
  if (errors.length === 1 && isAlone && !(isOver && tries[0]!.retryable)) return errors[0];
  if (tries.every(({ kind }) => kind === 'overflow')) {
    return new ContextWindowExceededError({ decision, cause: failures.at(-1)?.error });
  }
  // Retries of our own and of the SDK would multiply.
  const retryable = isOver || retriesInside(router) ? [] : tries.filter((failure) => failure.retryable);
  if (retryable.length === 0) return new AllAttemptsFailedError({ decision, errors });
  // The wait until the earliest member may be tried. One that names no wait leaves it to the SDK's own backoff,
  // as it would by itself: an instant retry would make a cascade less resilient than its members.
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
