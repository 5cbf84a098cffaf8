import { InvalidConfigurationError } from '../errors/errors.ts';
import { defaultFallThroughOn, failureOf, type Failure } from '../faults/failure.ts';
import type { CallSizes } from './call-sizes.ts';
import type { Member, Router } from './router.ts';
import type { Run } from './run.ts';
import type { Failed } from './tries/try.ts';

/** Whether a failure leads on to another member. */
export const goesOn = ({ planner }: Router, { kind, leadsOn }: Failed): boolean =>
  kind === 'overflow' || (planner.fallback && leadsOn);

/** After a member that rejected the call as too long, only a larger one will do. */
export function mayHold(
  sizes: CallSizes,
  member: Member,
  { kind, member: tooSmall, statedLimit }: Failed,
): boolean {
  if (kind !== 'overflow' || sizes.sizeOf(member) === Infinity) return true;
  const size = sizes.sizeOf(tooSmall);
  // What was stated counts more than what was declared.
  return sizes.sizeOf(member) > (statedLimit || (size < Infinity ? size : 0));
}

/**
 * Whether whatever fails now leads on: once a member failed in a way that falls through, or was too small, the others
 * stand in for it, and what one of them takes for a bad request is not the caller's mistake. Not an abort, nor a
 * composition that is wrong itself.
 */
export function isStandIn(router: Router, failures: readonly Failed[], failure: Failure): boolean {
  if (!router.planner.fallback || InvalidConfigurationError.isInstance(failure.error)) return false;
  if (failure.kind === 'aborted') return false;
  return failures.some((each) => each.kind === 'overflow' || each.fallsThrough);
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
 * Whether an answer that is empty, or holds half a tool call, leads on to another member instead of being passed on: one
 * that says too little where another member could take over at once, one that was filtered wherever the user lets that
 * fall through.
 */
export function wouldLeadOn({ router, queue }: Run, error: unknown): boolean {
  const failure = failureOf(error);
  if (failure.kind === 'overflow') return true;
  if (!router.planner.fallback || !fallsThrough(router, failure)) return false;
  return failure.kind === 'content-filter' || queue.isReplaceable();
}

/**
 * Whether a first failure that is a bad request, and says nothing of what is wrong, may be an overflow in words that are
 * not known here: of a call above half of what the member holds, where a larger one is left to try.
 */
export function mayBeOverflow(
  { plan, failures, queue }: Run,
  { member, mayBeOverflow: isVague }: Failed,
): boolean {
  if (failures.length !== 1 || !isVague || !plan.mayEscalate) return false;
  const size = plan.sizes.sizeOf(member);
  const { input, output } = plan.decision.candidates.find(({ id }) => id === member.id)!.demand;
  return input + output > size / 2 && queue.left().some((other) => plan.sizes.sizeOf(other) > size);
}
