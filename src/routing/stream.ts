import { ownDecisionOf } from '../decision-of.ts';
import type { StreamResult } from '../sdk/model.ts';
import { warningsOf } from '../sdk/result.ts';
import { failureOf } from '../faults/failure.ts';
import { endAnswer } from './answer.ts';
import { attempt } from './attempt.ts';
import { outcomeOf } from './decision-draft.ts';
import { forward } from './forward.ts';
import { openStream } from './open-stream.ts';
import type { Opened, Streaming } from './opened.ts';
import { Run, type RoutedCall } from './run.ts';
import { StreamedAnswer } from './streamed-answer.ts';
import { callMember } from './tries/call-member.ts';
import type { Begun, Mode } from './tries/try.ts';

/**
 * Carries out a `doStream` call: resolves when a member's first content part has arrived, or with `afterContent:
 * 'buffer'` all parts.
 */
export function stream(routed: RoutedCall): Promise<Streaming> {
  const run = new Run(routed);
  return attempt(run, streaming).then((begun) => passOn(run, begun));
}

function passOn(run: Run, begun: Begun<Opened>): Streaming {
  const { result, reader, countsSilence } = begun.opened;
  try {
    // From here on no other member is tried: parts are passed on, and the decision is made when the stream ends.
    const answer = new StreamedAnswer(run, begun);
    // Only the outermost primitive reads ahead, or the parts would add up; and not while silence is counted.
    const readAhead = run.outermost && !countsSilence ? 4 : 0;
    const parts = forward(begun.opened, answer.preamble, begun.watch, readAhead, answer);
    answer.result = Object.assign({}, result, { stream: parts, warnings: answer.warnings });
    return answer;
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
    const { model, router, endings } = member.resolve(run.router);
    const nested = router && (answer as Streaming);
    const opening = {
      trying,
      endings,
      countsSilence: watch.countsSilence || nested?.countsSilence === true,
      nested,
      modelId: nested ? undefined : model.modelId,
    };
    return openStream(opening, nested ? nested.result : (answer as StreamResult));
  },
  complete({ preamble, result, nested }) {
    const end = preamble.at(-1)!;
    if (end.type !== 'finish') return undefined;
    return {
      parts: preamble,
      end,
      warnings: warningsOf(preamble, result),
      inner: nested?.decision ?? ownDecisionOf(end),
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
