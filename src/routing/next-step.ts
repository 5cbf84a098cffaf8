import { InvalidConfigurationError } from '../errors.ts';
import { retryDelay } from '../faults/retry.ts';
import { defaultFallThroughOn, type Failure } from '../faults/failure.ts';
import type { Failed } from './all-failed.ts';
import type { CallSizes } from './call-sizes.ts';
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
  readonly leadsOn: boolean;
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
export function nextStep({ router, member, failure, leadsOn, ...failed }: FailedTry): NextStep {
  const { tries, isFirst, isReplaceable, rests, left } = failed;
  const goesOn = failure.kind === 'overflow' || (router.planner.fallback && leadsOn);
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

/** After a member that rejected the call as too long, only a larger one will do. */
export function mayHold(
  { sizeOf }: CallSizes,
  member: Member,
  { kind, member: tooSmall, statedLimit }: Failed,
): boolean {
  if (kind !== 'overflow' || sizeOf(member) === Infinity) return true;
  const size = sizeOf(tooSmall);
  return sizeOf(member) > (size < Infinity ? size : statedLimit || 0);
}

/** Whether a failure, or one inside it, is of the kind that leads on to the next member. */
export function fallsThrough({ fallThroughOn }: Router, failure: Failure): boolean {
  // What is wrongly made stays wrong: a member that contains itself would go round for ever.
  if (InvalidConfigurationError.isInstance(failure.error)) return false;
  return [failure, ...failure.inner].some((each) => {
    try {
      if (typeof fallThroughOn === 'function') return fallThroughOn(each) === true;
    } catch {
      return defaultFallThroughOn.includes(each.kind); // a throwing callback must not change the error thrown
    }
    return (fallThroughOn ?? defaultFallThroughOn).includes(each.kind);
  });
}
