import type { Attempt, Decision } from '../decision.ts';
import { ownDecisionOf, rememberResponse } from '../decision-of.ts';
import { failureOf } from '../faults/failure.ts';
import { isPassing } from '../faults/passing.ts';
import type { StreamPart, StreamResult, Warning } from '../spec/model.ts';
import { brokenEnding, type Endings } from '../spec/ending.ts';
import { asksForObject } from '../spec/call.ts';
import {
  completePreamble,
  failedFinish,
  isProvidersTool,
  keptOf,
  warningsOf,
  withDecision,
} from '../spec/result.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import { stamped } from '../sticky/stamp.ts';
import { attempt } from './attempts.ts';
import { forward } from './forward.ts';
import { openStream, type OpenStream } from './open-stream.ts';
import { outcomeOf } from './record.ts';
import { judge, readUsage, truncationWarning } from './reported-usage.ts';
import { requestFor, type Request, type Trying } from './request.ts';
import type { Member, Router } from './router.ts';

/** What a `doStream` call resolves to, and its decision, once it is made. */
interface Streaming extends Required<Pick<OpenStream, 'onUnread'>> {
  readonly result: StreamResult;
  /** Whether nothing may be read ahead, since a member's silence is counted while somebody waits. */
  readonly countsSilence: boolean;
  decided(): Decision | undefined;
}

/** A member's stream that has begun to answer. */
interface Opened extends OpenStream, Omit<Streaming, 'result' | 'onUnread'> {
  readonly endings: Endings;
  /** Undefined for a nested primitive, which has seen to its model's name and usage already. */
  readonly plain?: { readonly member: Member; readonly sent: Remembered; readonly modelId: string };
}

/** Carries out a `doStream` call: resolves when a member's first content part is here, or, buffered, all of them. */
export async function stream(request: Request): Promise<Streaming> {
  const { router, outermost } = request;
  const { abortSignal } = request.call;
  const open = async (trying: Trying): Promise<Opened> => {
    const opening = await openMember(request, trying);
    const last = opening.preamble.at(-1)!;
    // Of an answer that nobody has seen, what is wrong with it still leads on to the next member.
    if (router.bufferedParts > 0 && last.type === 'finish') {
      try {
        truncationIn(router, opening, last, opening.preamble.some(isProvidersTool));
      } catch (error) {
        opening.reader.cancel(error).catch(() => {});
        throw error;
      }
    }
    return opening;
  };
  const { opened, member, isStamped, watch, conclude, warnings: skips } = await attempt(request, open);
  const { plain, preamble, result, endings } = opened;
  // One list, which may still grow: `ai` hands it out as it is when the stream is over.
  const warnings: Warning[] = [...skips, ...warningsOf(preamble, result)];

  // From here on no other member is called: what comes is passed on, and the decision made when it ends.
  let record: Decision | undefined;
  /** What a failure is passed on as: real providers end a stream so, and all majors of `ai` come to an end on it. */
  const fail = (error: unknown, part?: StreamPart, inner = opened.decided()): readonly StreamPart[] => {
    const failure = failureOf(error);
    record = conclude({ ...outcomeOf(failure, abortSignal), ...(inner && { decision: inner }) }, failure);
    return [{ type: 'error', error }, withDecision(failedFinish(part), record)];
  };
  /** By this, too, the decision is found behind an answer that is no object. */
  const madeAt = asksForObject(request.call) ? new Date() : undefined;
  let hasStarted = false;
  let onUnread = (): void => {};
  let ranTools = false;
  let hasUnread = false;
  const finish = (part: StreamPart): readonly StreamPart[] => {
    // Of a nested primitive, also of one that is wrapped and so looks like a plain model.
    const inner = opened.decided() ?? ownDecisionOf(part);
    try {
      const broken = brokenEnding(part, 'content', { endings, hasUnread });
      if (broken) throw broken;
      const judged = truncationIn(router, opened, part, ranTools);
      const decision = (record = conclude(inner ? { decision: inner } : {}, undefined, judged));
      if (madeAt) {
        const named = preamble.findLast(({ type }) => type === 'response-metadata');
        const timestamp = named?.['timestamp'] ?? madeAt;
        rememberResponse({ headers: keptOf(result).headers, timestamp }, decision);
      }
      const warning = judged && truncationWarning(decision);
      // A wrapped primitive that reads ahead may have added it to its own list before that was copied.
      if (warning && !warnings.some(({ message }) => message === warning.message)) warnings.push(warning);
      return [withDecision(part, decision)];
    } catch (error) {
      return fail(error, part, inner); // half an answer, or one to a prompt that was cut off, where that is an error
    }
  };
  const parts = forward(
    { ...opened, preamble: completePreamble(preamble, plain?.modelId, warnings, madeAt) },
    watch,
    // What nested primitives read ahead would add up; and a member is silent only while somebody waits for it.
    outermost && !opened.countsSilence ? 4 : 0,
    {
      onPart(part) {
        const { type } = part;
        if (type === 'finish') return finish(part);
        if (type === 'error') {
          if (!isPassing(part['error'])) return fail(part['error']);
          hasUnread = true;
        }
        if (type === 'stream-start' && hasStarted) return [];
        hasStarted = true;
        ranTools ||= isProvidersTool(part);
        return [isStamped ? stamped(part, router.id, member.id) : part];
      },
      onEnd(broken) {
        if (broken && abortSignal?.aborted) return void fail(broken.error);
        return fail(broken ? broken.error : brokenEnding(undefined, 'content', { endings }));
      },
      onUnread: () => onUnread(),
      onCancel() {
        const inner = opened.decided();
        const outcome: Partial<Attempt> = { outcome: 'aborted', failure: 'aborted' };
        record = conclude({ ...outcome, ...(inner && { decision: inner }) });
      },
    },
  );
  return {
    result: { ...result, stream: parts, warnings },
    countsSilence: opened.countsSilence,
    decided: () => record,
    onUnread: (listener) => void (onUnread = listener),
  };
}

async function openMember(request: Request, trying: Trying): Promise<Opened> {
  const { router } = request;
  const { member, call, sent, watch } = trying;
  const { model, router: nested, endings, fitCheck } = member.resolve(router);
  const reading = { bufferedParts: router.bufferedParts, endings, trying };
  if (!nested) {
    const opening = await openStream(() => model.doStream(call), watch, reading);
    const { countsSilence } = watch;
    return {
      endings,
      plain: { member, sent, modelId: model.modelId },
      countsSilence,
      decided: () => undefined,
      ...opening,
    };
  }
  let inner: Streaming | undefined;
  const begin = async (): Promise<StreamResult> => {
    if (fitCheck) await fitCheck(call);
    inner = await stream(requestFor(nested, request, trying));
    return inner.result;
  };
  const opening = await openStream(begin, watch, reading);
  const countsSilence = watch.countsSilence || inner!.countsSilence;
  return {
    endings,
    countsSilence,
    decided: () => inner?.decided(),
    onUnread: inner!.onUnread,
    ...opening,
  };
}

/** What a finish part shows of a prompt that was cut off; throws where that is an error. */
function truncationIn(
  router: Router,
  { plain, decided }: Opened,
  part: StreamPart,
  ranTools: boolean,
): Decision['truncated'] {
  const inner = decided() ?? ownDecisionOf(part);
  const truncated = inner || !plain ? inner?.truncated : readUsage({ ...plain, answer: part, ranTools });
  return judge(router, truncated, part['usage'], inner);
}
