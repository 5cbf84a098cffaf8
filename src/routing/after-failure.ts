import { InvalidConfigurationError } from '../errors/errors.ts';
import { UnsupportedRequestError } from '../errors/unsupported-request-error.ts';
import { failureOf, type Failure } from '../faults/failure.ts';
import { defaultFallThroughOn } from '../options/kinds.ts';
import { sizeIn } from './call-sizes.ts';
import type { Plan } from './plan.ts';
import type { Member, Router } from './router.ts';
import type { Run } from './run.ts';
import type { Failed } from './tries/try.ts';

/**
 * Whether another member may be tried after a failure. After an overflow (the provider rejected the request as too
 * long), and after a refusal by a wrapped primitive that supports no such request, always; otherwise only with a fallback.
 */
export const mayTryNext = ({ planner }: Router, { kind, error, canFallBack }: Failed): boolean =>
  kind === 'overflow' || UnsupportedRequestError.isInstance(error) || (planner.fallback && canFallBack);

/** Whether a member may be tried after `failed`: if that member rejected the request as too long, only a larger one. */
export function mayHold(
  plan: Plan,
  member: Member,
  { kind, member: tooSmall, statedLimit }: Failed,
): boolean {
  if (kind !== 'overflow') return true;
  const size = sizeIn(plan, member);
  const rejected = sizeIn(plan, tooSmall);
  // A limit that the provider stated in the rejection counts more than the declared size.
  return size === Infinity || size > (statedLimit || (rejected < Infinity ? rejected : 0));
}

/**
 * Whether any failure now makes the next member be tried: true once a member failed in a way that falls through, or
 * was too small. The next members are fallbacks then, and a request that one of them rejects as bad was not the
 * caller's mistake. Never for an abort or an invalid configuration.
 */
export function continuesFallback(router: Router, failures: readonly Failed[], failure: Failure): boolean {
  if (!router.planner.fallback || InvalidConfigurationError.isInstance(failure.error)) return false;
  if (failure.kind === 'aborted') return false;
  return failures.some((each) => each.kind === 'overflow' || each.fallsThrough);
}

/** Whether a failure, or one inside it, is of a kind that `fallThroughOn` lists. */
export function fallsThrough({ fallThroughOn }: Router, failure: Failure): boolean {
  // An invalid configuration fails everywhere: a member that contains itself would be tried forever.
  if (InvalidConfigurationError.isInstance(failure.error)) return false;
  return [failure, ...failure.inner].some((each) => {
    try {
      if (typeof fallThroughOn === 'function') return fallThroughOn(each) === true;
    } catch {
      return defaultFallThroughOn.includes(each.kind); // a throwing callback must not change the error thrown
    }
    return fallThroughOn.includes(each.kind);
  });
}

/**
 * Whether an empty answer, or one with an incomplete tool call, makes the next member be tried instead of being passed
 * on: if its failure kind falls through and another member could take over at once. A filtered answer does so wherever
 * `fallThroughOn` has `content-filter`.
 */
export function wouldFallBack({ router, queue }: Run, error: unknown): boolean {
  const failure = failureOf(error);
  if (failure.kind === 'overflow') return true;
  if (!router.planner.fallback || !fallsThrough(router, failure)) return false;
  return failure.kind === 'content-filter' || queue.isReplaceable();
}

/**
 * Whether the first failure, a bad request whose message doesn't say what is wrong, may be an overflow in an unknown
 * wording: the request takes more than half of what the member holds, and a larger member is left to try.
 */
export function mayBeOverflow(
  { plan, failures, queue }: Run,
  { member, mayBeOverflow: isVague }: Failed,
): boolean {
  if (failures.length !== 1 || !isVague || !plan.mayEscalate) return false;
  const size = sizeIn(plan, member);
  const { input, output } = plan.decision.candidates.find(({ id }) => id === member.id)!.demand;
  return input + output > size / 2 && queue.left().some((other) => sizeIn(plan, other) > size);
}
