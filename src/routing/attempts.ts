import type { Attempt, Candidate, Decision } from '../decision.ts';
import { decisionOf, rememberDecision } from '../decision-of.ts';
import { AiAlloyError, ContextWindowExceededError, describe } from '../errors.ts';
import { defaultFallThroughOn, failureOf, type Failure } from '../faults/failure.ts';
import { pause, retryDelay } from '../faults/retry.ts';
import { watch, type Watch, type Watched } from '../faults/watch.ts';
import { PromptTruncatedError } from '../prompt-truncated-error.ts';
import type { Call, Warning } from '../spec/model.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import { errorFor, type Failed } from './all-failed.ts';
import { orderOf } from './order.ts';
import { planCall } from './plan.ts';
import { openRecord, outcomeOf, truncationIn, type CallRecord } from './record.ts';
import { sizeOf, type Member, type Router } from './router.ts';

/** A call on a primitive. */
export interface Request {
  readonly router: Router;
  readonly call: Call;
  /** Whether no other primitive passed it on. */
  readonly outermost: boolean;
  /** Whether the answer comes in parts, between which there is something to wait for. */
  readonly streams: boolean;
}

/** A member that is about to be called. */
export interface Trying {
  readonly member: Member;
  /** The call, with the signal that the attempt's deadlines abort. */
  readonly call: Call;
  readonly sent: Remembered;
  readonly watch: Watch;
}

/** A member that has begun to answer. */
export interface Answer<Opened> {
  readonly opened: Opened;
  readonly watch: Watch;
  /** For members that were passed over. */
  readonly warnings: readonly Warning[];
  /** Closes the attempt, and announces the decision; only the first time counts. */
  conclude(outcome: Partial<Attempt>, failure?: Failure, truncated?: Decision['truncated']): Decision;
}

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
  const plan = await planCall(router, call);
  if (abortSignal?.aborted) {
    openRecord(request, plan.decision).conclude(abortSignal.reason);
    throw abortSignal.reason;
  }
  if (!plan.fits) {
    throw new ContextWindowExceededError({ decision: openRecord(request, plan.decision).conclude() });
  }
  const { order, awake, decision } = await orderOf(router, plan);
  const record = openRecord(request, decision, order);
  const { attempts, rejected } = record;
  const failures: Failed[] = [];
  const isOpen = (member: Member): boolean => failures.every((failure) => mayHold(member, failure));
  let isOver = false;
  for (const [index, member] of order.entries()) {
    isOver ||= failures.length > 0 && left() <= 0;
    if (isOver) break;
    if (!isOpen(member)) {
      rejected.add(member);
      continue;
    }
    const isNested = Boolean(member.resolved?.router);
    let waitedMs: number | undefined;
    for (let tries = 0; ; tries++) {
      const whole = deadlineMs === undefined ? undefined : { ms: deadlineMs, left: left() };
      const { watching, close } = beginTry(request, member, attempts, { whole, waitedMs });
      cooldown?.tried(member.id);
      try {
        watching.signal?.throwIfAborted();
        const own = withSignal(call, watching.signal);
        const opened = await open({ member, call: own, sent: plan.recalled, watch: watching });
        cooldown?.begun(member.id);
        return { opened, watch: watching, ...answerOf(router, member, record, close) };
      } catch (error) {
        const failure = failureOf(error);
        const isAnothers = isNested || PromptTruncatedError.isInstance(error);
        const inner = isAnothers ? decisionOf(error) : AiAlloyError.isInstance(error) && error.decision;
        close({ ...outcomeOf(failure, abortSignal), ...(inner && { decision: inner }) });
        watching.abandon(error);
        failures.push({ ...failure, member, failedAt: Date.now() });
        const giveUp = (reason: unknown): never => {
          record.conclude(reason);
          throw reason;
        };
        if (abortSignal?.aborted) giveUp(error);
        const isOverflow = failure.kind === 'overflow';
        if (isOverflow) {
          rejected.add(member);
          if (!isNested && failure.statedLimit) member.learned.rejected(failure.statedLimit);
        }
        isOver = watching.passed === 'deadlineMs';
        const passes = fallsThrough(router, failure);
        const isToBlame = passes && (!isOver || failures.length === 1); // not for the time that others took
        const rests = isToBlame && cooldown?.failed(member.id, failure.retryAfterMs);
        const goesOn = isOverflow || (router.planner.fallback && passes);
        const isReplaceable = goesOn && order.slice(index + 1, awake).some(isOpen);
        const mayRetry = tries < member.retries && !isNested && !isOver && !(rests && isReplaceable);
        const patience = isReplaceable ? router.maxRetryAfterMs : Infinity;
        const delay = mayRetry ? retryDelay({ failure, tries, patience, left: left() }) : undefined;
        if (delay === undefined) {
          if (!goesOn) giveUp(error);
          break;
        }
        waitedMs = Math.round(delay);
        await pause(delay, abortSignal).catch(giveUp);
      }
    }
  }
  const made = record.conclude(failures.at(-1)?.error);
  const error = errorFor(router, failures, made, isOver);
  rememberDecision(error, made);
  throw error;
}

/** Begins to watch a try of a member; `close` puts it on record. */
function beginTry(
  { call, streams }: Request,
  member: Member,
  attempts: Attempt[],
  { whole, waitedMs }: Pick<Watched, 'whole'> & Pick<Attempt, 'waitedMs'>,
): { readonly watching: Watch; close(outcome: Partial<Attempt>): void } {
  const startedAt = performance.now();
  const { deadlines, resolved, id } = member;
  const watching = watch({
    member: id,
    signal: call.abortSignal,
    deadlines: streams ? deadlines : { totalMs: deadlines.totalMs },
    whole,
    obeys: Boolean(resolved?.router),
  });
  return {
    watching,
    close(outcome) {
      watching.release();
      const durationMs = Math.round(performance.now() - startedAt);
      const waited = waitedMs !== undefined && { waitedMs };
      attempts.push({ id, outcome: 'answered', ...waited, durationMs, ...outcome });
    },
  };
}

/** What is known of a member's answer, and how the call ends with it. */
function answerOf(
  router: Router,
  member: Member,
  record: CallRecord,
  close: (outcome: Partial<Attempt>) => void,
): Pick<Answer<unknown>, 'warnings' | 'conclude'> {
  let made: Decision | undefined;
  const passedOver = ({ skipped }: Candidate): boolean => skipped !== undefined && skipped !== 'resting';
  return {
    warnings: router.planner.warnOnSkip
      ? record
          .candidates()
          .filter(passedOver)
          .map((candidate) => skipWarning(router, candidate))
      : [],
    conclude(outcome, failure, truncated = truncationIn(failure?.error)) {
      if (made) return rememberDecision(failure?.error, made);
      close(outcome);
      if (!outcome.failure) router.cooldown?.answered(member.id);
      else if (failure && isMembersFault(outcome) && router.cooldown && fallsThrough(router, failure)) {
        router.cooldown.failed(member.id, failure.retryAfterMs);
      }
      const answeredBy = outcome.failure ? undefined : member.id;
      return (made = record.conclude(failure?.error, { answeredBy, truncated }));
    },
  };
}

/** Of an answer that has begun: its reader may have been slow, or have left. */
const isMembersFault = ({ outcome, deadline = 'idleMs' }: Partial<Attempt>): boolean =>
  outcome === 'failed' && deadline === 'idleMs';

const withSignal = (call: Call, abortSignal: AbortSignal | undefined): Call =>
  abortSignal === call.abortSignal ? call : Object.assign({}, call, { abortSignal });

/** After a member that rejected the call as too long, only a larger one will do. */
function mayHold(member: Member, { kind, member: tooSmall, statedLimit }: Failed): boolean {
  if (kind !== 'overflow' || sizeOf(member) === Infinity) return true;
  const size = sizeOf(tooSmall);
  return sizeOf(member) > (size < Infinity ? size : statedLimit || 0);
}

/** Whether a failure, or one inside it, is of the kind that leads on to the next member. */
function fallsThrough({ fallThroughOn }: Router, failure: Failure): boolean {
  return [failure, ...failure.inner].some((each) => {
    try {
      if (typeof fallThroughOn === 'function') return fallThroughOn(each) === true;
    } catch {
      return defaultFallThroughOn.includes(each.kind); // a throwing callback must not change the error thrown
    }
    return (fallThroughOn ?? defaultFallThroughOn).includes(each.kind);
  });
}

/** A call warning for a member that was passed over. */
function skipWarning({ id, planner }: Router, candidate: Candidate): Warning {
  return { type: 'other', message: `ai-alloy: ${planner.kind} "${id}" skipped ${describe(candidate)}.` };
}
