import type { Attempt, Decision } from '../decision.ts';
import { decisionOf } from '../decision-of.ts';
import type { StreamResult } from '../spec/model.ts';
import { completePreamble, withDecision, withWarnings } from '../spec/result.ts';
import { attempt, outcomeOf, type Request } from './attempts.ts';
import { failureOf } from './failure.ts';
import { forward } from './forward.ts';
import { openStream, type OpenStream } from './open-stream.ts';
import type { Member } from './router.ts';

/** What a `doStream` call resolves to, and its decision, once it is made. */
interface Streaming {
  readonly result: StreamResult;
  decided(): Decision | undefined;
}

/** A member's stream that has begun to answer. */
interface Opened extends OpenStream, Pick<Streaming, 'decided'> {
  /** Undefined for a nested primitive, whose stream names its model already. */
  readonly modelId?: string;
}

/** Carries out a `doStream` call: resolves when a member's first content part is here. */
export async function stream({ router, call, outermost }: Request): Promise<Streaming> {
  const { abortSignal } = call;
  const open = async (member: Member): Promise<Opened> => {
    const { model, router: nested } = member.resolve(router);
    if (nested) {
      const { result, decided } = await stream({ router: nested, call, outermost: false });
      return { decided, ...(await openStream(async () => result, undefined)) };
    }
    const opening = await openStream(() => model.doStream(call), abortSignal);
    return { modelId: model.modelId, decided: () => undefined, ...opening };
  };
  const { opened, conclude, warnings } = await attempt({ router, call, outermost }, open);

  // From here on no other member is called: what comes is passed on, and the decision made when it ends.
  let record: Decision | undefined;
  const close = (outcome: Partial<Attempt>, error?: unknown, inner = opened.decided()): Decision => {
    return (record = conclude({ ...outcome, ...(inner && { decision: inner }) }, error));
  };
  const fail = (error: unknown): void => void close(outcomeOf(failureOf(error), abortSignal), error);
  const parts = forward(
    { ...opened, preamble: completePreamble(opened.preamble, opened.modelId, warnings) },
    outermost ? 4 : 0, // what nested primitives read ahead would add up
    {
      onPart(part) {
        if (part.type === 'error') fail(part['error']);
        if (part.type !== 'finish') return part;
        return withDecision(part, close({}, undefined, opened.decided() ?? decisionOf(part)));
      },
      onError: fail,
      // Closing again after a finish part changes nothing; without one, half an answer was lost.
      onEnd: () => void close({ outcome: 'failed', failure: 'malformed-response' }),
      onCancel: () => void close({ outcome: 'aborted', failure: 'aborted' }),
    },
  );
  return { result: withWarnings({ ...opened.result, stream: parts }, warnings), decided: () => record };
}
