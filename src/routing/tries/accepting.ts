import { AnswerRejectedError } from '../../errors/answer-rejected-error.ts';
import { found } from '../../errors/errors.ts';
import { rememberDecision } from '../../decision-of.ts';
import { fieldOf } from '../../faults/safe-read.ts';
import { answerOf } from '../../sdk/answer.ts';
import type { AcceptAnswer } from '../options.ts';
import { spentOn } from '../spent.ts';
import { watchCall } from '../watch-call.ts';
import { failed } from './once.ts';
import { hasFailed, type Layer, type OnEnd } from './try.ts';

/** Asks `acceptAnswer` about each complete answer: one that it rejects is a failed attempt. */
export const accepting =
  (acceptAnswer: AcceptAnswer): Layer =>
  (next) =>
  async (run, mode, member, waitedMs) => {
    const tried = await next(run, mode, member, waitedMs);
    if (hasFailed(tried)) return tried;
    const { opened, onEnd } = tried;
    const complete = mode.complete(opened);
    if (!complete) return tried;
    const { end, inner } = complete;
    const sent = run.plan.prepared?.get(member)?.call ?? run.call;
    // The member has done its part: its timeouts end here, but not the call's own.
    tried.watch.release();
    const [usage, providerMetadata] = [fieldOf(end, 'usage'), fieldOf(end, 'providerMetadata')];
    const spent = spentOn(member, { usage, providerMetadata });
    const watching = watchCall(run);
    try {
      const asked = ask(acceptAnswer, () => answerOf(complete, sent, member.id));
      const verdict = await watching.wait(asked);
      if (verdict === true) return tried;
      const error = new AnswerRejectedError({ ...verdict, usage });
      Object.defineProperty(error, 'providerMetadata', { value: providerMetadata, enumerable: false });
      if (inner) rememberDecision(error, inner);
      throw error;
    } catch (error) {
      mode.discard?.(opened, error);
      tried.watch.abandon(error);
      const close: OnEnd = (outcome, failure) => {
        for (const hear of onEnd) hear({ ...spent, ...(inner && { decision: inner }), ...outcome }, failure);
      };
      return failed(run, member, watching, close, error);
    } finally {
      watching.release();
    }
  };

/** Why an answer was rejected. */
interface Rejection {
  readonly reason?: string;
  readonly cause?: unknown;
}

/** What `acceptAnswer` says: an error that it throws rejects the answer, since many validators throw. */
async function ask(
  acceptAnswer: AcceptAnswer,
  answer: () => Parameters<AcceptAnswer>[0],
): Promise<true | Rejection> {
  try {
    const said: unknown = await acceptAnswer(answer());
    if (said === true) return true;
    if (said === false) return {};
    if (typeof said === 'string') return { reason: said };
    const { shown } = found(said);
    return { reason: `acceptAnswer returned ${shown}: return true, false, or the reason as a text` };
  } catch (cause) {
    const message = fieldOf(cause, 'message');
    return { reason: typeof message === 'string' ? message : 'acceptAnswer threw', cause };
  }
}
