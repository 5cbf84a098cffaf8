import { pause, retryDelay } from '../../faults/retry.ts';
import { mayTryNext } from '../after-failure.ts';
import { declaredRetries, primitiveIn, type Member } from '../router.ts';
import type { Run } from '../run.ts';
import { hasFailed, type Failed, type Layer } from './try.ts';

/** Retries the same member after a failure that may be temporary. */
export const retrying: Layer = (next) => async (run, mode, member, waitedMs) => {
  let tried = await next(run, mode, member, waitedMs);
  for (let tries = 0; hasFailed(tried); tries++) {
    const delayMs = delayBefore(run, member, tried, tries);
    if (delayMs === undefined) return tried;
    const { abortSignal } = run.call;
    await pause(delayMs, abortSignal).catch((reason: unknown) => run.giveUp(reason));
    if (run.left() <= 0) {
      run.isOver = run.deadlinePassedWaiting = true; // also where something held the whole process up
      return tried;
    }
    tried = await next(run, mode, member, Math.round(delayMs));
  }
  return tried;
};

/** How long to wait before a retry of the member; undefined for no retry. */
function delayBefore(run: Run, member: Member, failure: Failed, tries: number): number | undefined {
  const { router, call, queue, isOver, possibleOverflow } = run;
  const left = run.left();
  const maxRetries = retriesAfter(failure, member, run, tries);
  if (tries >= maxRetries || isOver || possibleOverflow || left <= 0 || call.abortSignal?.aborted)
    return undefined;
  const canBeReplaced = mayTryNext(router, failure) && queue.isReplaceable();
  if (failure.onCooldown && canBeReplaced) return undefined;
  const maxWaitMs = canBeReplaced ? router.maxRetryAfterMs : Infinity;
  return retryDelay({ failure, tries, patience: maxWaitMs, left });
}

/**
 * How often a failure of the member is retried here. A model of a gateway that has retries of its own has been retried
 * already, unless it was this primitive that rejected its answer.
 */
function retriesAfter({ kind }: Failed, member: Member, run: Run, tries: number): number {
  // As the call was planned: what a reloaded gateway declares by now is not about it.
  const resolved = run.plan.nested?.get(member) ?? member.resolved;
  if (primitiveIn(resolved)) return 0;
  const declared = declaredRetries(resolved);
  if (declared === undefined) return member.retries ?? run.router.retries ?? 0;
  return kind === 'rejected' ? declared - retriedInside(run, member, tries) : 0;
}

/** How many of the retries that its gateway declares the tries of a member have used up. */
function retriedInside({ attempts }: Run, { id }: Member, tries: number): number {
  const own = attempts.filter((each) => each.id === id);
  return own.reduce((sum, { decision }) => sum + (decision?.attempts?.length ?? 1), 0) - tries - 1;
}
