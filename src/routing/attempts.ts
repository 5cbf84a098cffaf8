import type { Decision } from '../decision.ts';
import { AttemptTimeoutError } from '../attempt-timeout-error.ts';
import { ownDecisionOf, rememberDecision } from '../decision-of.ts';
import { AiAlloyError, check, ContextWindowExceededError, releaseStack } from '../errors.ts';
import { NoRuleMatchedError } from '../no-rule-matched-error.ts';
import { isAboutMember } from '../faults/cooldown.ts';
import { failureOf } from '../faults/failure.ts';
import { noDeadlines } from '../faults/attempt-options.ts';
import { pause } from '../faults/retry.ts';
import { watch, type Watch } from '../faults/watch.ts';
import { PromptTruncatedError } from '../prompt-truncated-error.ts';
import { errorFor, type Failed } from './all-failed.ts';
import { answerOf, isPickOf, type Answer } from './answer.ts';
import { fallsThrough, isStandIn, isSuspect, leadsOnFrom, mayHold, nextStep } from './next-step.ts';
import { orderAmongResting, orderOf, type Ordered } from './order.ts';
import { planCall, type InTime, type Plan } from './plan.ts';
import { beginTry, withSignal, type Request, type Trying } from './request.ts';
import { openRecord, outcomeOf } from './record.ts';
import type { Member } from './router.ts';

/**
 * Plans the call, then tries members in the planned order until one begins to answer. The one loop behind
 * generate and stream: `open` rejects if the member fails before its first content. All state of a call is here.
 */
export async function attempt<Opened>(
  request: Request,
  open: (trying: Trying) => Promise<Opened>,
): Promise<Answer<Opened>> {
  const { router, call } = request;
  const { abortSignal } = call;
  const { deadlineMs, cooldown } = router;
  const begunAt = deadlineMs === undefined ? 0 : performance.now();
  const left = (): number => (deadlineMs === undefined ? Infinity : begunAt + deadlineMs - performance.now());
  const { plan, ordered } = await planInTime(request);
  const { order } = ordered;
  let { awake } = ordered;
  const record = openRecord(request, ordered.decision, order);
  const { attempts, rejected } = record;
  const failures: Failed[] = [];
  const giveUp = (reason: unknown): never => {
    record.conclude(reason);
    throw reason;
  };
  const isOpen = (member: Member): boolean =>
    failures.every((failure) => mayHold(plan.sizes, member, failure));
  // What was chosen is too small, and nobody else may take its place.
  const isOutgrown = (): boolean =>
    !plan.grows && failures.some(({ kind, member }) => kind === 'overflow' && member === plan.first);
  const { sizes } = plan;
  /** The first failure, where the provider did not say what is wrong: another, larger member is tried once. */
  let suspect: Failed | undefined;
  let isOver = false;
  for (let index = 0; index < order.length && !isOver && !isOutgrown(); index++) {
    const member = order[index]!;
    if (!isOpen(member)) {
      rejected.add(member);
      continue;
    }
    if (suspect && sizes.sizeOf(member) <= sizes.sizeOf(suspect.member)) continue;
    const isReplaceable = (): boolean => order.slice(index + 1, awake).some(isOpen);
    if (ordered.passesOver && index < awake && cooldown?.rests(member.id) && isReplaceable()) {
      // Another call has begun, since the order was made, to try whether its rest is over.
      order.push(...order.splice(index--, 1));
      record.resting.add(member);
      awake--;
      continue;
    }
    let waitedMs: number | undefined;
    for (let tries = 0; !isOver; tries++) {
      if (abortSignal?.aborted) giveUp(abortSignal.reason);
      isOver = left() <= 0; // also where something held the whole process up
      if (isOver) break;
      const whole = deadlineMs === undefined ? undefined : { ms: deadlineMs, left: left() };
      const { recalled: sent } = plan;
      const { watching, close } = beginTry(request, member, attempts, { sent, whole, waitedMs });
      const trial = cooldown?.begin(member.id);
      try {
        const own = withSignal(call, watching.signal);
        const assumedInput = plan.assumedFor(member);
        const wouldLeadOn = (reason: unknown): boolean =>
          leadsOnFrom(router, failureOf(reason), isReplaceable);
        const opened = await open({
          member,
          call: own,
          sent,
          watch: watching,
          assumedInput,
          leadsOn: wouldLeadOn,
        });
        trial?.begun();
        const isPick = isPickOf(router, plan, member, failures);
        return answerOf(request, member, record, { opened, watch: watching, close, trial, isPick });
      } catch (error) {
        releaseStack(error);
        const failure = failureOf(error);
        const isNested = Boolean(member.resolved?.router);
        const isAnothers = isNested || PromptTruncatedError.isInstance(error);
        const inner = isAnothers ? ownDecisionOf(error) : AiAlloyError.isInstance(error) && error.decision;
        close({ ...outcomeOf(failure, abortSignal, member.provider), ...(inner && { decision: inner }) });
        watching.abandon(error);
        failures.push({ ...failure, member, failedAt: performance.now() });
        if (failure.kind === 'overflow') {
          rejected.add(member);
          if (!isNested && failure.statedLimit) member.learned.rejected(failure.statedLimit);
        }
        isOver = watching.passed === 'deadlineMs';
        if (abortSignal?.aborted) {
          trial?.undecided();
          giveUp(error);
        }
        const falls = fallsThrough(router, failure);
        const leadsOn = falls || isStandIn(router, failures, failures.at(-1)!);
        // Not for the time that others took, nor for what only this request meets.
        const isToBlame = falls && (!isOver || failures.length === 1) && isAboutMember(failure);
        const rests = (isToBlame ? trial?.failed(failure) : trial?.undecided()) === true;
        if (suspect) giveUp(suspect.error);
        const next = nextStep({
          router,
          member,
          failure,
          leadsOn,
          tries,
          isFirst: failures.length === 1,
          isReplaceable: isReplaceable(),
          rests,
          left: isOver ? 0 : left(),
        });
        if (next.step === 'throw') {
          if (!isSuspect(plan, order.slice(index + 1), failures)) giveUp(error);
          suspect = failures[0];
          break;
        }
        if (next.step === 'end') isOver = true;
        if (next.step !== 'retry') break;
        waitedMs = Math.round(next.delayMs);
        await pause(next.delayMs, abortSignal).catch(giveUp);
      }
    }
  }
  if (failures.length === 0)
    giveUp(new AttemptTimeoutError({ member: router.id, deadline: 'deadlineMs', ms: deadlineMs! }));
  if (suspect) giveUp(suspect.error);
  const made = record.conclude(failures.at(-1)?.error);
  const error = errorFor(router, failures, made, isOver);
  rememberDecision(error, made);
  throw error;
}

// A string id that leads back to its holder through a wrapped model is a plain model to whoever resolves it, and
// would go round for ever.
const mostTries = 10_000;
const loopRemedy = 'a string id in it leads back to it through a wrapped model: break the loop';

/** The plan and the order, unless the caller aborts or the call's time is up: an estimator or a store may take its own. */
async function planInTime(request: Request): Promise<{ readonly plan: Plan; readonly ordered: Ordered }> {
  const { router, call } = request;
  const { abortSignal: signal } = call;
  const { id, deadlineMs: ms, planner } = router;
  const whole = ms === undefined ? undefined : { ms, left: ms };
  let watching: Watch | undefined; // for what takes its time only
  const inTime: InTime = (promise) => {
    watching ??= watch({ member: id, signal, deadlines: noDeadlines, whole });
    return watching.wait(promise);
  };
  let decision: Decision = { id, kind: planner.kind, candidates: [], reason: planner.reason };
  let isUnmatched = false;
  try {
    const plan = await planCall(router, call, { inTime, assumedInput: request.assumedInput });
    ({ decision, isUnmatched } = plan);
    check(plan.recalled.tries < mostTries, `${planner.kind} "${id}"`, 'in a loop', loopRemedy);
    signal?.throwIfAborted();
    if (plan.fits) {
      const ordered = router.cooldown ? await inTime(orderAmongResting(router, plan)) : orderOf(router, plan);
      return { plan, ordered };
    }
  } catch (error) {
    openRecord(request, decision).conclude(error);
    throw error;
  } finally {
    watching?.release();
  }
  const Refusal = isUnmatched ? NoRuleMatchedError : ContextWindowExceededError;
  throw new Refusal({ decision: openRecord(request, decision).conclude() });
}
