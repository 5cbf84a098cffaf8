import type { Attempt, Decision } from '../decision.ts';
import { decisionOf } from '../decision-of.ts';
import type { StreamPart, StreamResult, Warning } from '../spec/model.ts';
import { completePreamble, warningsOf, withDecision } from '../spec/result.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import { attempt, outcomeOf, type Request } from './attempts.ts';
import { failureOf } from '../faults/failure.ts';
import { forward } from './forward.ts';
import { openStream, type OpenStream } from './open-stream.ts';
import { judge, readUsage, truncationWarning } from './reported-usage.ts';
import type { Member } from './router.ts';

/** What a `doStream` call resolves to, and its decision, once it is made. */
interface Streaming {
  readonly result: StreamResult;
  decided(): Decision | undefined;
}

/** A member's stream that has begun to answer. */
interface Opened extends OpenStream, Pick<Streaming, 'decided'> {
  /** Undefined for a nested primitive, which has seen to its model's name and usage already. */
  readonly plain?: { readonly member: Member; readonly sent: Remembered; readonly modelId: string };
}

/** Carries out a `doStream` call: resolves when a member's first content part is here. */
export async function stream(request: Request): Promise<Streaming> {
  const { router, call, outermost } = request;
  const { abortSignal } = call;
  const open = async (member: Member, sent: Remembered): Promise<Opened> => {
    const { model, router: nested } = member.resolve(router);
    if (nested) {
      const { result, decided } = await stream({ router: nested, call, outermost: false });
      return { decided, ...(await openStream(async () => result, undefined)) };
    }
    const opening = await openStream(() => model.doStream(call), abortSignal);
    return { plain: { member, sent, modelId: model.modelId }, decided: () => undefined, ...opening };
  };
  const { opened, conclude, warnings: skips } = await attempt(request, open);
  const { plain, preamble, result } = opened;
  // One list, which may still grow: `ai` hands it out as it is when the stream is over.
  const warnings: Warning[] = [...skips, ...warningsOf(preamble, result)];

  // From here on no other member is called: what comes is passed on, and the decision made when it ends.
  let record: Decision | undefined;
  const close = (outcome: Partial<Attempt>, error?: unknown, truncated?: Decision['truncated']): Decision => {
    const inner = outcome.decision ?? opened.decided();
    return (record = conclude({ ...outcome, ...(inner && { decision: inner }) }, error, truncated));
  };
  const fail = (error: unknown, inner?: Decision): StreamPart => {
    close({ ...outcomeOf(failureOf(error), abortSignal), ...(inner && { decision: inner }) }, error);
    return { type: 'error', error };
  };
  let ranTools = false;
  const finish = (part: StreamPart): StreamPart => {
    if (record) return withDecision(part, record); // an error part came before it
    // Of a nested primitive, also of one that is wrapped and so looks like a plain model.
    const inner = opened.decided() ?? decisionOf(part);
    try {
      const truncated = inner || !plain ? inner?.truncated : readUsage({ ...plain, answer: part, ranTools });
      const judged = judge(router, truncated, part['usage'], inner);
      const decision = close(inner ? { decision: inner } : {}, undefined, judged);
      const warning = judged && truncationWarning(decision);
      // A wrapped primitive that reads ahead may have added it to its own list before that was copied.
      if (warning && !warnings.some(({ message }) => message === warning.message)) warnings.push(warning);
      return withDecision(part, decision);
    } catch (error) {
      return fail(error, inner); // a prompt that was cut off, where that is an error
    }
  };
  const parts = forward(
    { ...opened, preamble: completePreamble(preamble, plain?.modelId, warnings) },
    outermost ? 4 : 0, // what nested primitives read ahead would add up
    {
      onPart(part) {
        const { type } = part;
        if (type === 'tool-call' || type === 'tool-result') ranTools ||= part['providerExecuted'] === true;
        else if (type === 'error') fail(part['error']);
        return type === 'finish' ? finish(part) : part;
      },
      onError: (error) => void fail(error),
      // Closing again after a finish part changes nothing; without one, half an answer was lost.
      onEnd: () => void close({ outcome: 'failed', failure: 'malformed-response' }),
      onCancel: () => void close({ outcome: 'aborted', failure: 'aborted' }),
    },
  );
  return { result: { ...result, stream: parts, warnings }, decided: () => record };
}
