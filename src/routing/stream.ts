import type { Decision } from '../decision.ts';
import { ownDecisionOf } from '../decision-of.ts';
import type { StreamResult } from '../sdk/model.ts';
import { completePreamble, isProvidersTool, warningsOf } from '../sdk/result.ts';
import { failureOf } from '../faults/failure.ts';
import { endAnswer } from './answer.ts';
import { attempt } from './attempt.ts';
import { outcomeOf } from './decision-draft.ts';
import { forward } from './forward.ts';
import { openStream } from './open-stream.ts';
import { reportedTruncation, type Opened } from './opened.ts';
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
export async function stream(routed: RoutedCall): Promise<Streaming> {
  const run = new Run(routed);
  const begun = await attempt(run, streaming, routed.plan);
  try {
    return passOn(run, begun);
  } catch (error) {
    // The first value isn't a valid part: nothing was passed on, but the attempt has ended.
    begun.opened.reader.cancel(error).catch(() => {});
    const failure = failureOf(error);
    endAnswer(run, begun, outcomeOf(failure, run.call.abortSignal), failure);
    throw error;
  }
}

function passOn(run: Run, begun: Begun<Opened>): Streaming {
  const { opened, watch } = begun;
  const { result, countsSilence } = opened;
  // From here on no other member is tried: parts are passed on, and the decision is made when the stream ends.
  const answer = new StreamedAnswer(run, begun);
  const { warnings, madeAt } = answer;
  const parts = forward(
    { ...opened, preamble: completePreamble(opened.preamble, opened.modelId, warnings, madeAt) },
    watch,
    // Only the outermost primitive reads ahead, or the parts would add up; and not while silence is counted.
    run.outermost && !countsSilence ? 4 : 0,
    answer,
  );
  return {
    result: { ...result, stream: parts, warnings },
    countsSilence,
    decided: () => run.decision,
    onUnread: (listener) => answer.hearUnread(listener),
  };
}

const streaming: Mode<Streaming | StreamResult, Opened> = {
  call: (trying) =>
    callMember<Streaming | StreamResult>(trying, (model, call) => model.doStream(call), stream),
  async open(trying, answer) {
    const { run, member, watch } = trying;
    const { model, router: nested, endings } = member.resolve(run.router);
    const inner = nested && (answer as Streaming);
    const opening = await openStream(trying, inner ? inner.result : (answer as StreamResult), endings);
    const opened: Opened = {
      ...opening,
      trying,
      endings,
      countsSilence: watch.countsSilence || inner?.countsSilence === true,
      decided: () => inner?.decided(),
      onUnread: inner?.onUnread,
      modelId: nested ? undefined : model.modelId,
    };
    assertKept(opened);
    return opened;
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

/** A truncated prompt of a buffered answer still leads to the next member, since the consumer has seen nothing. */
function assertKept(opened: Opened): void {
  const { trying, preamble, reader } = opened;
  const last = preamble.at(-1)!;
  if (trying.run.router.bufferedParts === 0 || last.type !== 'finish') return;
  try {
    reportedTruncation(opened, last, preamble.some(isProvidersTool));
  } catch (error) {
    reader.cancel(error).catch(() => {});
    throw error;
  }
}
