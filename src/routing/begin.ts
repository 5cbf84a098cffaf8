import { check, ContextWindowExceededError } from '../errors/errors.ts';
import type { Watch } from '../faults/watch.ts';
import { NoRuleMatchedError } from '../errors/no-rule-matched-error.ts';
import { UnsupportedRequestError } from '../errors/unsupported-request-error.ts';
import { arrange } from './arrange.ts';
import type { InTime, Plan } from './plan.ts';
import { planCall } from './plan-call.ts';
import { Queue } from './queue.ts';
import type { Run } from './run.ts';
import { mayShorten, planShortened } from './shorten.ts';
import { watchCall } from './watch-call.ts';
import { whenKnown } from '../tokens/when-known.ts';

/**
 * Plans the call, unless the outer primitive has already planned it, and puts its members in order. An estimator, a
 * rule or a store may be slow: they are awaited until the caller aborts or `deadlineMs` has passed. Ends the call and
 * throws if no member can hold it.
 */
export function begin(run: Run, planned: Plan | undefined): Promise<void> | void {
  const inTime = new Patience(run);
  const fail = (error: unknown): never => {
    run.planned ??= nothingPlanned(run);
    return run.giveUp(error);
  };
  try {
    const { router, call, assumedInput, named, kept, previous } = run;
    const planning = planned ?? planCall(router, call, { inTime, assumedInput, named, kept, previous });
    const done = whenKnown(planning, (plan) => accept(run, plan, inTime));
    if (done instanceof Promise) {
      return done
        .catch(fail)
        .finally(() => inTime.release())
        .then(() => assertFits(run));
    }
  } catch (error) {
    inTime.release();
    fail(error);
  }
  assertFits(run);
}

function accept(run: Run, plan: Plan, inTime: InTime): Promise<void> | void {
  const { router, call } = run;
  run.plan = plan;
  run.planned = plan.decision;
  check(plan.recalled.tries < maxTries, `${router.planner.kind} "${router.id}"`, 'in a loop', loopRemedy);
  call.abortSignal?.throwIfAborted();
  if (!plan.fits) {
    if (!mayShorten(run, plan)) return;
    return planShortened(run, plan, inTime).then((next) => next && accept(run, next, inTime));
  }
  const arranging = arrange(router, plan);
  const settled = arranging instanceof Promise ? Promise.resolve(inTime.wait(arranging)) : arranging;
  return whenKnown(settled, (arranged) => {
    run.planned = arranged.decision;
    run.pick = arranged.pick;
    run.queue = new Queue(run, arranged);
  });
}

// Stops endless recursion: a string id that leads back to its own primitive through a wrapped model looks like a plain
// model.
const maxTries = 10_000;
const loopRemedy = 'a string id in it leads back to it through a wrapped model: break the loop';

function assertFits(run: Run): void {
  const { fits, isUnmatched, isUnsupported } = run.plan;
  if (fits) return;
  const TooLarge = isUnsupported ? UnsupportedRequestError : ContextWindowExceededError;
  const Refusal = isUnmatched ? NoRuleMatchedError : TooLarge;
  throw new Refusal({ decision: run.conclude() });
}

/** Waits for what is slow until the caller aborts or `deadlineMs` has passed. */
class Patience implements InTime {
  readonly #run: Run;
  #watch: Watch | undefined; // made only when something is slow

  constructor(run: Run) {
    this.#run = run;
  }

  get signal(): AbortSignal | undefined {
    return this.#watching().signal;
  }

  wait<Value>(promise: Promise<Value>): PromiseLike<Value> {
    return this.#watching().wait(promise);
  }

  release(): void {
    this.#watch?.release();
  }

  #watching(): Watch {
    return (this.#watch ??= watchCall(this.#run));
  }
}

const nothingPlanned = ({ router: { id, planner } }: Run): Plan['decision'] => {
  return { id, kind: planner.kind, candidates: [], reason: planner.reason };
};
