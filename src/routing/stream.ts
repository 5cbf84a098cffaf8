import type { Decision } from '../decision.ts';
import { ownDecisionOf } from '../decision-of.ts';
import type { StreamResult } from '../sdk/model.ts';
import { warningsOf } from '../sdk/result.ts';
import { failureOf } from '../faults/failure.ts';
import { endAnswer } from './answer.ts';
import { attempt } from './attempt.ts';
import { outcomeOf } from './decision-draft.ts';
import { forward } from './forward.ts';
import { openStream } from './open-stream.ts';
import type { Opened } from './opened.ts';
import { Run, type RoutedCall } from './run.ts';
import { StreamedAnswer } from './streamed-answer.ts';
import { callMember } from './tries/call-member.ts';
import type { Begun, Mode } from './tries/try.ts';

/** What a `doStream` call resolves to, and its decision, once it is made. */
export interface Streaming {
  readonly result: StreamResult;
  /** Whether no part may be read ahead, since `idleMs` counts a member's silence only while the consumer waits. */
  readonly countsSilence: boolean;
  decided(): Decision | undefined;
  /** Calls the listener when the stream was aborted and read to its end without its consumer. */
  onUnread(listener: () => void): void;
}

/**
 * Carries out a `doStream` call: resolves when a member's first content part has arrived, or with `afterContent:
 * 'buffer'` all parts.
 */
export function stream(routed: RoutedCall): Promise<Streaming> {
  const run = new Run(routed);
  return attempt(run, streaming, routed.plan).then((begun) => passOn(run, begun));
}

function passOn(run: Run, begun: Begun<Opened>): Streaming {
  const { result, reader, countsSilence } = begun.opened;
  try {
    // From here on no other member is tried: parts are passed on, and the decision is made when the stream ends.
    const answer = new StreamedAnswer(run, begun);
    // Only the outermost primitive reads ahead, or the parts would add up; and not while silence is counted.
    const readAhead = run.outermost && !countsSilence ? 4 : 0;
    const parts = forward(begun.opened, answer.preamble, begun.watch, readAhead, answer);
    return {
      result: Object.assign({}, result, { stream: parts, warnings: answer.warnings }),
      countsSilence,
      decided: () => run.decision,
      onUnread: (listener) => answer.hearUnread(listener),
    };
  } catch (error) {
    // The first value isn't a valid part: nothing was passed on, but the attempt has ended.
    reader.cancel(error).catch(() => {});
    const failure = failureOf(error);
    endAnswer(run, begun, outcomeOf(failure, run.call.abortSignal), failure);
    throw error;
  }
}

const streaming: Mode<Streaming | StreamResult, Opened> = {
  call: (trying) =>
    callMember<Streaming | StreamResult>(trying, (model, call) => model.doStream(call), stream),
  open(trying, answer) {
    const { run, member, watch } = trying;
    const { model, router: nested, endings } = member.resolve(run.router);
    const inner = nested && (answer as Streaming);
    const opening = {
      trying,
      endings,
      countsSilence: watch.countsSilence || inner?.countsSilence === true,
      decided: () => inner?.decided(),
      onUnread: inner?.onUnread,
      modelId: nested ? undefined : model.modelId,
    };
    return openStream(opening, inner ? inner.result : (answer as StreamResult));
  },
  complete({ preamble, result, decided }) {
    const end = preamble.at(-1)!;
    if (end.type !== 'finish') return undefined;
    return {
      parts: preamble,
      end,
      warnings: warningsOf(preamble, result),
      inner: decided() ?? ownDecisionOf(end),
    };
  },
  discard({ reader }, error) {
    reader.cancel(error).catch(() => {});
  },
  abandon(calling, error) {
    // Also cancels a stream that arrives later; it may have failed already.
    Promise.resolve(calling)
      .then((answer) => ('result' in answer ? (answer as Streaming).result : answer).stream.cancel(error))
      .catch(() => {});
  },
};
