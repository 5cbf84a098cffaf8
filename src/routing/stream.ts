import type { Decision } from '../decision.ts';
import type { StreamResult } from '../sdk/model.ts';
import { completePreamble, isProvidersTool } from '../sdk/result.ts';
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
  /** Whether nothing may be read ahead, since a member's silence is counted while somebody waits. */
  readonly countsSilence: boolean;
  decided(): Decision | undefined;
  /** Hears of an end that nobody has read. */
  onUnread(listener: () => void): void;
}

/** Carries out a `doStream` call: resolves when a member's first content part is here, or, buffered, all of them. */
export async function stream(routed: RoutedCall): Promise<Streaming> {
  const run = new Run(routed);
  const begun = await attempt(run, streaming, routed.plan);
  try {
    return passOn(run, begun);
  } catch (error) {
    // A first part that is none: nobody has read anything, but the attempt is over.
    begun.opened.reader.cancel(error).catch(() => {});
    const failure = failureOf(error);
    endAnswer(run, begun, outcomeOf(failure, run.call.abortSignal), failure);
    throw error;
  }
}

function passOn(run: Run, begun: Begun<Opened>): Streaming {
  const { opened, watch } = begun;
  const { result, countsSilence } = opened;
  // From here on no other member is called: what comes is passed on, and the decision made when it ends.
  const answer = new StreamedAnswer(run, begun);
  const { warnings, madeAt } = answer;
  const parts = forward(
    { ...opened, preamble: completePreamble(opened.preamble, opened.modelId, warnings, madeAt) },
    watch,
    // What nested primitives read ahead would add up; and a member is silent only while somebody waits for it.
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
  abandon(calling, error) {
    // Also a stream that may still come. That it may have failed is no news.
    Promise.resolve(calling)
      .then((answer) => ('result' in answer ? (answer as Streaming).result : answer).stream.cancel(error))
      .catch(() => {});
  },
};

/** Of a buffered answer, which nobody has seen, a prompt that was cut off still leads on to the next member. */
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
