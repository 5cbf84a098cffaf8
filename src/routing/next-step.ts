import { InvalidConfigurationError } from '../errors.ts';
import { retryDelay } from '../faults/retry.ts';
import { defaultFallThroughOn, type Failure } from '../faults/failure.ts';
import type { Failed } from './all-failed.ts';
import type { CallSizes } from './call-sizes.ts';
import type { Plan } from './plan.ts';
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
  /** Whether the failure leads on to the next member: by its kind, or as that of a stand-in. */
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
  // What was stated counts more than what was declared.
  return sizeOf(member) > (statedLimit || (size < Infinity ? size : 0));
}

/**
 * Whether whatever fails now leads on: once a member failed in a way that falls through, or was too small, the others
 * stand in for it, and what one of them takes for a bad request is not the caller's mistake. Not an abort, nor a
 * composition that is wrong itself.
 */
export function isStandIn(router: Router, failures: readonly Failed[], failure: Failure): boolean {
  if (!router.planner.fallback || InvalidConfigurationError.isInstance(failure.error)) return false;
  if (failure.kind === 'aborted') return false;
  return failures.some(
    (each) => each !== failure && (each.kind === 'overflow' || fallsThrough(router, each)),
  );
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

/**
 * Whether an answer that is one only by its looks leads on: one that says too little where another member could take
 * over at once, one that was filtered wherever the user lets that fall through.
 */
export function leadsOnFrom(router: Router, failure: Failure, isReplaceable: () => boolean): boolean {
  if (failure.kind === 'overflow') return true;
  if (!router.planner.fallback || !fallsThrough(router, failure)) return false;
  return failure.kind === 'content-filter' || isReplaceable();
}

/**
 * Whether a first failure that is a bad request, and says nothing of what is wrong, may be an overflow in words that are
 * not known here: of a call above half of what the member holds, where a larger one is left to try.
 */
export function isSuspect(
  { sizes, grows, decision }: Plan,
  left: readonly Member[],
  failures: readonly Failed[],
): boolean {
  const [failed] = failures;
  if (failures.length !== 1 || !failed!.mayBeOverflow || !grows) return false;
  const size = sizes.sizeOf(failed!.member);
  const { input, output } = decision.candidates.find(({ id }) => id === failed!.member.id)!.demand;
  return input + output > size / 2 && left.some((member) => sizes.sizeOf(member) > size);
}
