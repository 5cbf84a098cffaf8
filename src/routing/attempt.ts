import { AttemptTimeoutError } from '../errors/attempt-timeout-error.ts';
import { rememberDecision } from '../decision-of.ts';
import { mayTryNext, mayBeOverflow } from './after-failure.ts';
import { errorFor } from './all-failed.ts';
import { assertFits, begin } from './begin.ts';
import { retriesInside } from './router.ts';
import type { Run } from './run.ts';
import { hasFailed, type Begun, type Failed, type Mode } from './tries/try.ts';

/**
 * Plans the call, then tries members in the planned order until one begins to answer. `generate` and `stream` share
 * this loop.
 */
export function attempt<Answer, Opened>(run: Run, mode: Mode<Answer, Opened>): Promise<Begun<Opened>> {
  const { observer } = run;
  return observer ? observer.run(() => tryMembers(run, mode)) : tryMembers(run, mode);
}

async function tryMembers<Answer, Opened>(run: Run, mode: Mode<Answer, Opened>): Promise<Begun<Opened>> {
  try {
    const beginning = begin(run);
    if (beginning) await beginning;
  } catch (error) {
    run.giveUp(error);
  } finally {
    run.release();
  }
  assertFits(run);
  const { router, queue, call } = run;
  const { abortSignal } = call;
  for (let member = queue.next(); member; member = queue.next()) {
    if (abortSignal?.aborted) run.giveUp(abortSignal.reason);
    if (run.isTimeUp()) break;
    const tried = await router.tryMember(run, mode, member);
    if (!hasFailed(tried)) return tried;
    if (!mayContinue(run, tried)) break;
  }
  return fail(run);
}

/**
 * Whether another member may be tried after a failure. Ends the call and throws the failure's own error if that is to
 * be passed on unchanged.
 */
function mayContinue(run: Run, failed: Failed): boolean {
  const { router, call, possibleOverflow } = run;
  if (call.abortSignal?.aborted) run.giveUp(failed.error);
  if (possibleOverflow) run.giveUp(possibleOverflow.error);
  if (run.deadlinePassedWaiting) return false;
  if (mayTryNext(router, failed)) return !run.isTimeUp();
  if (mayBeOverflow(run, failed)) {
    run.possibleOverflow = failed;
    return true;
  }
  // If the member's own error were thrown, `ai` would retry a call that was already retried here.
  const mayHaveRetried = run.failures.length > 1 && failed.retryable && retriesInside(router);
  if (!mayHaveRetried || run.isTimeUp()) run.giveUp(failed.error);
  return false;
}

/** No member is left to try: ends the call with the error that says why. */
function fail(run: Run): never {
  const { router, failures, possibleOverflow } = run;
  if (failures.length === 0) {
    run.giveUp(
      new AttemptTimeoutError({ member: router.id, deadline: 'deadlineMs', ms: router.deadlineMs! }),
    );
  }
  if (possibleOverflow) run.giveUp(possibleOverflow.error);
  const decision = run.conclude(failures.at(-1)?.error);
  const error = errorFor(router, failures, decision, run.isOver);
  rememberDecision(error, decision);
  throw error;
}
