import { AttemptTimeoutError } from '../errors/attempt-timeout-error.ts';
import { rememberDecision } from '../decision-of.ts';
import { goesOn, mayBeOverflow } from './after-failure.ts';
import { errorFor } from './all-failed.ts';
import { begin } from './begin.ts';
import type { Plan } from './plan.ts';
import { retriesInside } from './router.ts';
import type { Run } from './run.ts';
import { hasFailed, type Begun, type Failed, type Mode } from './tries/try.ts';

/**
 * Plans the call, then tries members in the planned order until one begins to answer. The one loop behind generate and
 * stream.
 */
export async function attempt<Answer, Opened>(
  run: Run,
  mode: Mode<Answer, Opened>,
  planned: Plan | undefined,
): Promise<Begun<Opened>> {
  const beginning = begin(run, planned);
  if (beginning) await beginning;
  const { router, queue, call } = run;
  const { abortSignal } = call;
  for (let member = queue.next(); member; member = queue.next()) {
    if (abortSignal?.aborted) run.giveUp(abortSignal.reason);
    if (run.isTimeUp()) break;
    const tried = await router.tryMember(run, mode, member);
    if (!hasFailed(tried)) return tried;
    if (!mayGoOn(run, tried)) break;
  }
  return fail(run);
}

/** Whether another member may be tried after a failure. Throws, and ends the call, if it is to be thrown as it is. */
function mayGoOn(run: Run, failed: Failed): boolean {
  const { router, call, suspect } = run;
  if (call.abortSignal?.aborted) run.giveUp(failed.error);
  if (suspect) run.giveUp(suspect.error);
  if (run.hasWaitedTooLong) return false;
  if (goesOn(router, failed)) return !run.isTimeUp();
  if (mayBeOverflow(run, failed)) {
    run.suspect = failed;
    return true;
  }
  // Thrown as it is, `ai` would retry what may have been retried here.
  const mayHaveRetried = run.failures.length > 1 && failed.retryable && retriesInside(router);
  if (!mayHaveRetried || run.isTimeUp()) run.giveUp(failed.error);
  return false;
}

/** Nobody is left to try: ends the call with the error that says why. */
function fail(run: Run): never {
  const { router, failures, suspect } = run;
  if (failures.length === 0) {
    run.giveUp(
      new AttemptTimeoutError({ member: router.id, deadline: 'deadlineMs', ms: router.deadlineMs! }),
    );
  }
  if (suspect) run.giveUp(suspect.error);
  const decision = run.conclude(failures.at(-1)?.error);
  const error = errorFor(router, failures, decision, run.isOver);
  rememberDecision(error, decision);
  throw error;
}
