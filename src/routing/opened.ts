import type { Decision } from '../decision.ts';
import { ownDecisionOf } from '../decision-of.ts';
import type { Endings } from '../sdk/ending.ts';
import type { StreamPart, StreamResult } from '../sdk/model.ts';
import { isProvidersTool } from '../sdk/result.ts';
import { applyTruncationPolicy, readUsage } from './reported-usage.ts';
import type { Trying } from './tries/try.ts';

/** A primitive's stream that has begun: what a primitive around it learns of it. */
export interface Streaming {
  readonly result: StreamResult;
  /** Whether no part may be read ahead, since `idleMs` counts a member's silence only while the consumer waits. */
  readonly countsSilence: boolean;
  /** The decision, once it is made. */
  readonly decision: Decision | undefined;
  /** Calls the listener when the stream was aborted and read to its end without its consumer. */
  hearUnread(listener: () => void): void;
}

/** What is known of a member's stream before its parts are read. */
export interface Opening {
  readonly trying: Trying;
  readonly endings: Endings;
  readonly countsSilence: boolean;
  /** The nested primitive's stream that this is. */
  readonly nested: Streaming | undefined;
  /**
   * The id of a plain model; undefined for a nested primitive, which has already set its model's name and read its
   * usage.
   */
  readonly modelId: string | undefined;
}

/** A member's stream that has begun to answer. */
export interface Opened extends Opening {
  readonly result: StreamResult;
  /** Reads what comes after the preamble. */
  readonly reader: ReadableStreamDefaultReader<StreamPart>;
  /** The parts read so far; the last one is the first that is content, or a real finish. */
  readonly preamble: readonly StreamPart[];
}

/** A truncated prompt of a buffered answer still leads to the next member, since the consumer has seen nothing. */
export function assertKept(opened: Opened): void {
  const { trying, preamble } = opened;
  const last = preamble.at(-1)!;
  if (trying.run.router.bufferedParts === 0 || last.type !== 'finish') return;
  reportedTruncation(opened, last, preamble.some(isProvidersTool));
}

/** The truncated prompt that a finish part reveals by its usage, if any; throws with `onTruncation: 'error'`. */
export function reportedTruncation(
  { trying, modelId, nested }: Opened,
  part: StreamPart,
  ranTools: boolean,
): Decision['truncated'] {
  const { run, member, sent } = trying;
  const inner = nested?.decision ?? ownDecisionOf(part);
  const isPlain = !inner && modelId !== undefined;
  const truncated = isPlain ? readUsage({ answer: part, member, sent, ranTools }) : inner?.truncated;
  return applyTruncationPolicy(run.router, truncated, part['usage'], inner);
}
