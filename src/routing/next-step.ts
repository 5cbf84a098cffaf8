import { retryDelay } from '../faults/retry.ts';
import type { Failure } from '../faults/failure.ts';
import { retriesInside, type Member, type Router } from './router.ts';

/** What comes after a failed try. */
export type NextStep =
  | { readonly step: 'retry'; readonly delayMs: number }
  /** Go on to the next member. */
  | { readonly step: 'next' }
  /** Throw the failure's own error, unchanged. */
  | { readonly step: 'throw' }
  /** Try nobody else, and throw the one error for all tries. */
  | { readonly step: 'end' };

export interface FailedTry {
  readonly router: Router;
  readonly member: Member;
  readonly failure: Failure;
  /** Whether the failure is of the kind that leads on to the next member. */
  readonly fallsThrough: boolean;
  /** How many tries of the member there were before. */
  readonly tries: number;
  /** Whether nothing failed in the call before. */
  readonly isFirst: boolean;
  /** Whether another member could take over at once. */
  readonly isReplaceable: boolean;
  /** Whether the member rests from now on. */
  readonly rests: boolean;
  /** Milliseconds left of the call's own deadline. */
  readonly left: number;
}

/** Whether to try a member again, to go on, or to give up. */
export function nextStep({ router, member, failure, fallsThrough, ...failed }: FailedTry): NextStep {
  const { tries, isFirst, isReplaceable, rests, left } = failed;
  const goesOn = failure.kind === 'overflow' || (router.planner.fallback && fallsThrough);
  if (left <= 0) return { step: goesOn ? 'end' : 'throw' };
  const canBeReplaced = goesOn && isReplaceable;
  const retries = member.resolved?.router ? 0 : (member.retries ?? router.retries ?? 0);
  if (tries < retries && !(rests && canBeReplaced)) {
    const patience = canBeReplaced ? router.maxRetryAfterMs : Infinity;
    const delayMs = retryDelay({ failure, tries, patience, left });
    if (delayMs !== undefined) return { step: 'retry', delayMs };
  }
  if (goesOn) return { step: 'next' };
  // Thrown as it is, `ai` would retry what may have been retried here.
  return { step: !isFirst && failure.retryable && retriesInside(router) ? 'end' : 'throw' };
}
