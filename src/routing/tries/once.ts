import type { Attempt } from '../../decision.ts';
import { ownDecisionOf } from '../../decision-of.ts';
import { AnswerRejectedError } from '../../errors/answer-rejected-error.ts';
import { AiAlloyError, releaseStack } from '../../errors/errors.ts';
import { failureOf } from '../../faults/failure.ts';
import { fieldOf } from '../../faults/safe-read.ts';
import { watch, type Watch } from '../../faults/watch.ts';
import type { ObservedAnswer } from '../../observer.ts';
import { PromptTruncatedError } from '../../errors/prompt-truncated-error.ts';
import type { Call } from '../../sdk/model.ts';
import { fallsThrough, continuesFallback } from '../after-failure.ts';
import { outcomeOf } from '../decision-draft.ts';
import { mergedDeadlines } from '../merged-deadlines.ts';
import type { Member } from '../router.ts';
import type { Run } from '../run.ts';
import { spentOn } from '../spent.ts';
import type { Begun, Failed, Mode, OnEnd, Trying, Try } from './try.ts';

/** The innermost layer: calls the member with its timeouts, and records the attempt. */
export const once: Try = <Answer, Opened>(
  run: Run,
  mode: Mode<Answer, Opened>,
  member: Member,
  waitedMs?: number,
) => {
  const watching = watchOver(run, member);
  const trying = tryingOf(run, member, watching, waitedMs);
  const { observer } = trying;
  const close = recorder(trying, waitedMs);
  let calling: PromiseLike<Answer> | undefined;
  const begun = (opened: Opened): Begun<Opened> => {
    observer?.begun(opened as ObservedAnswer);
    return { member, opened, watch: watching, onEnd: [close] };
  };
  const fail = (error: unknown): Failed => {
    if (calling) mode.abandon?.(calling, error);
    return failed(run, member, watching, close, error);
  };
  // Not an async function, which would cost each call two more promises.
  const open = (answer: Answer): Begun<Opened> | Failed | Promise<Begun<Opened> | Failed> => {
    try {
      const opening = mode.open(trying, answer);
      return opening instanceof Promise ? opening.then(begun, fail) : begun(opening);
    } catch (error) {
      return fail(error);
    }
  };
  try {
    calling = observer ? observer.run(() => mode.call(trying)) : mode.call(trying);
    return Promise.resolve(watching.wait(calling)).then(open, fail);
  } catch (error) {
    return Promise.resolve(fail(error));
  }
};

function tryingOf(run: Run, member: Member, watching: Watch, waitedMs: number | undefined): Trying {
  const { plan, failures } = run;
  const prepared = member.prepare && plan.prepared?.get(member);
  return {
    run,
    member,
    call: withSignal(prepared?.call ?? run.call, watching.signal),
    sent: prepared?.recalled ?? plan.recalled,
    watch: watching,
    startedAt: performance.now(),
    firstContentAt: undefined,
    // What has failed since may have changed what a nested primitive would plan.
    plan: failures.length === 0 ? plan.nested?.get(member) : undefined,
    observer: run.observer?.attemptStarted(member, waitedMs),
  };
}

/** The call with the attempt's abort signal. */
const withSignal = (call: Call, abortSignal: AbortSignal | undefined): Call =>
  abortSignal === call.abortSignal ? call : Object.assign({}, call, { abortSignal });

function watchOver(run: Run, member: Member): Watch {
  const { router, call, routed } = run;
  const { resolved, id, deadlines: own } = member;
  const { abortSignal: signal } = call;
  const { deadlineMs } = router;
  // For a nested primitive only the timeouts set on that member apply here; those for all attempts apply inside it, to
  // each attempt.
  const deadlines = resolved?.router ? own : mergedDeadlines(run.deadlines, own);
  return watch({
    member: id,
    signal,
    deadlines: routed.streams ? deadlines : { totalMs: deadlines.totalMs },
    whole: deadlineMs === undefined ? undefined : { ms: deadlineMs, left: run.left() },
    reportsOwnAbort: Boolean(resolved?.router),
  });
}

/** Puts the attempt on record when it ends. */
function recorder(trying: Trying, waitedMs: number | undefined): OnEnd {
  const { run, member, watch: watching, sent } = trying;
  const { id } = member;
  const startedAt = run.instantOf(trying.startedAt);
  // Only what a string id led to can lead back; many calls may share a prompt.
  const tries = member.provider === undefined ? 1 : 0;
  sent.tries += tries;
  member.measured.tried();
  return (outcome) => {
    sent.tries -= tries;
    watching.release();
    run.endedAt = performance.now();
    const attempt: { -readonly [Name in keyof Attempt]: Attempt[Name] } = {
      id,
      outcome: 'answered',
      startedAt,
      durationMs: run.instantOf(run.endedAt) - startedAt,
    };
    const { firstContentAt } = trying;
    if (firstContentAt !== undefined) attempt.firstContentMs = run.instantOf(firstContentAt) - startedAt;
    if (waitedMs !== undefined) attempt.waitedMs = waitedMs;
    run.attempts.push(Object.assign(attempt, outcome));
    trying.observer?.ended(attempt);
  };
}

/** Records a failed attempt. */
export function failed(run: Run, member: Member, watching: Watch, close: OnEnd, error: unknown): Failed {
  releaseStack(error);
  const { call, router, failures } = run;
  const failure = failureOf(error);
  const isAboutAnswer = PromptTruncatedError.isInstance(error) || AnswerRejectedError.isInstance(error);
  const hasInnerDecision = member.resolved?.router || isAboutAnswer;
  const inner = hasInnerDecision ? ownDecisionOf(error) : AiAlloyError.isInstance(error) && error.decision;
  close(
    {
      ...outcomeOf(failure, call.abortSignal, member.provider),
      ...spentOn(member, { usage: failure.usage, providerMetadata: fieldOf(error, 'providerMetadata') }),
      ...(inner && { decision: inner }),
    },
    failure,
  );
  watching.abandon(error);
  run.isOver ||= watching.passed === 'deadlineMs';
  const falls = fallsThrough(router, failure);
  const canFallBack = falls || continuesFallback(router, failures, failure);
  const tried = { ...failure, member, failedAt: performance.now(), fallsThrough: falls, canFallBack };
  failures.push(tried);
  if (failure.kind === 'overflow') {
    run.passOver(member, 'rejected');
    if (!member.resolved?.router && failure.statedLimit) member.learned.rejected(failure.statedLimit);
  }
  return tried;
}
