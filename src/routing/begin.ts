import { check, ContextWindowExceededError } from '../errors/errors.ts';
import { NoRuleMatchedError } from '../errors/no-rule-matched-error.ts';
import { UnsupportedRequestError } from '../errors/unsupported-request-error.ts';
import { whenKnown } from '../tokens/when-known.ts';
import { arrange } from './arrange.ts';
import type { Plan } from './plan.ts';
import { planCall } from './plan-call.ts';
import { Queue } from './queue.ts';
import type { Run } from './run.ts';
import { mayShorten, planShortened } from './shorten.ts';

/**
 * Plans the call, unless the outer primitive has already planned it, and puts its members in order. An estimator, a
 * rule or a store may be slow: they are awaited until the caller aborts or `deadlineMs` has passed.
 */
export function begin(run: Run): Promise<void> | void {
  const { router, call } = run;
  const { plan, assumedInput, named, kept, previous } = run.routed;
  const planning = plan ?? planCall(router, call, { inTime: run, assumedInput, named, kept, previous });
  return whenKnown(planning, (planned) => accept(run, planned));
}

function accept(run: Run, plan: Plan): Promise<void> | void {
  const { router, call } = run;
  run.plan = plan;
  run.planned = plan.decision;
  check(plan.recalled.tries < maxTries, `${router.planner.kind} "${router.id}"`, 'in a loop', loopRemedy);
  call.abortSignal?.throwIfAborted();
  if (!plan.fits) {
    if (!mayShorten(run, plan)) return;
    return planShortened(run, plan).then((next) => next && accept(run, next));
  }
  return whenKnown(run.wait(arrange(router, plan)), (arranged) => {
    run.planned = arranged.decision;
    run.pick = arranged.pick;
    run.queue = new Queue(run, arranged);
  });
}

// Stops endless recursion: a string id that leads back to its own primitive through a wrapped model looks like a plain
// model.
const maxTries = 10_000;
const loopRemedy = 'a string id in it leads back to it through a wrapped model: break the loop';

/** Ends the call and throws if no member can hold it. */
export function assertFits(run: Run): void {
  const { fits, isUnmatched, isUnsupported } = run.plan;
  if (fits) return;
  const TooLarge = isUnsupported ? UnsupportedRequestError : ContextWindowExceededError;
  const Refusal = isUnmatched ? NoRuleMatchedError : TooLarge;
  throw new Refusal({ decision: run.conclude() });
}
