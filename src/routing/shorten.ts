import type { Decision } from '../decision.ts';
import { check, foundInstead, isObject } from '../errors/errors.ts';
import type { Call, ModelCall } from '../sdk/model.ts';
import { forget } from '../tokens/call/recall.ts';
import { bounded } from './bounded.ts';
import { planCall, type InTime, type Plan } from './plan.ts';
import type { Run } from './run.ts';
import { decidingCandidate } from './verdict.ts';

/** Whether `shorten` is to be asked about a plan in which nothing fits: once, and only by the outermost primitive. */
export function mayShorten({ router, outermost }: Run, { isUnmatched, decision }: Plan): boolean {
  return router.shorten !== undefined && outermost && !isUnmatched && decision.shortened === undefined;
}

/** Plans what `shorten` returns, in the place of the call; undefined if it returns nothing. */
export async function planShortened(run: Run, plan: Plan, inTime: InTime): Promise<Plan | undefined> {
  const { router, call, assumedInput } = run;
  const { shorten, planner } = router;
  // A copy, so that a function that changes what it is given doesn't change the caller's messages.
  const given = copied(call) as unknown as ModelCall;
  const returned = await inTime(Promise.resolve(shorten!(given, bounded(plan.decision))));
  if (returned === undefined) return undefined;
  const remedy = 'return a call with a prompt, such as { ...call, prompt }, or undefined';
  check(
    isCall(returned),
    `what shorten of ${planner.kind} "${router.id}" returns`,
    foundInstead(returned),
    remedy,
  );
  const { abortSignal } = call;
  const shorter = returned.abortSignal === abortSignal ? returned : { ...returned, abortSignal };
  forget(call);
  run.call = shorter;
  const next = await planCall(router, shorter, { inTime, assumedInput });
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

function isCall(value: unknown): value is Call {
  const { prompt } = Object(value) as Partial<Call>;
  const isMessage = (each: unknown): boolean => typeof (Object(each) as { role?: unknown }).role === 'string';
  return Array.isArray(prompt) && prompt.length > 0 && prompt.every(isMessage);
}

/** A copy down to the values in lists and plain objects; others, such as bytes, URLs and signals, are shared. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (!isObject(value) || ![null, Object.prototype].includes(Object.getPrototypeOf(value))) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copied(each)]));
}
