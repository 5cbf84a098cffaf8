import type { Decision } from '../decision.ts';
import type { ModelCall } from '../sdk/model.ts';
import { forget } from '../tokens/call/recall.ts';
import { bounded } from './bounded.ts';
import { acceptedCall, copyOf } from './own-call.ts';
import type { Plan } from './plan.ts';
import { planCall } from './plan-call.ts';
import type { Run } from './run.ts';
import { decidingCandidate } from './verdict.ts';

/** Whether `shorten` is to be asked about a plan in which nothing fits: once, and only by the outermost primitive. */
export function mayShorten(
  { router, outermost }: Run,
  { isUnmatched, isUnsupported, decision }: Plan,
): boolean {
  const mayHelp = !isUnmatched && !isUnsupported && decision.shortened === undefined;
  return router.shorten !== undefined && outermost && mayHelp;
}

/** Plans what `shorten` returns, in the place of the call; undefined if it returns nothing. */
export async function planShortened(run: Run, plan: Plan): Promise<Plan | undefined> {
  const { router, call } = run;
  const { shorten, planner } = router;
  // A copy, so that a function that changes what it is given doesn't change the caller's messages.
  const given = copyOf(call) as unknown as ModelCall;
  const returned = await run.wait(Promise.resolve(shorten!(given, bounded(plan.decision))));
  if (returned === undefined) return undefined;
  const shorter = acceptedCall(returned, call, `what shorten of ${planner.kind} "${router.id}" returns`);
  forget(call);
  run.call = shorter;
  // What the caller leaves out stays left out, also if `shorten` drops the provider options.
  const { named } = plan;
  const next = await planCall(router, shorter, { inTime: run, named });
  return { ...next, decision: { ...next.decision, shortened: shortenedBy(run, plan, next) } };
}

/** The input tokens before and after, of the member that had the most room. */
function shortenedBy({ router }: Run, before: Plan, after: Plan): Decision['shortened'] {
  const { candidates } = before.decision;
  const compared = decidingCandidate(router.planner.needs, candidates, false);
  const { input: from, atLeast } = compared.demand;
  const to = after.decision.candidates[candidates.indexOf(compared)]!.demand.input;
  return { from, to, ...(atLeast && { atLeast }) };
}
