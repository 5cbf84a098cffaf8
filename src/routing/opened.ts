import type { Decision } from '../decision.ts';
import { ownDecisionOf } from '../decision-of.ts';
import type { Endings } from '../sdk/ending.ts';
import type { StreamPart } from '../sdk/model.ts';
import type { OpenStream } from './open-stream.ts';
import { applyTruncationPolicy, readUsage } from './reported-usage.ts';
import type { Trying } from './tries/try.ts';

/** A member's stream that has begun to answer. */
export interface Opened extends OpenStream {
  readonly trying: Trying;
  readonly endings: Endings;
  readonly countsSilence: boolean;
  /** The nested primitive's decision, once it is made. */
  decided(): Decision | undefined;
  /**
   * The id of a plain model; undefined for a nested primitive, which has already set its model's name and read its
   * usage.
   */
  readonly modelId: string | undefined;
}

/** The truncated prompt that a finish part reveals by its usage, if any; throws with `onTruncation: 'error'`. */
export function reportedTruncation(
  { trying, modelId, decided }: Opened,
  part: StreamPart,
  ranTools: boolean,
): Decision['truncated'] {
  const { run, member, sent } = trying;
  const inner = decided() ?? ownDecisionOf(part);
  const isPlain = !inner && modelId !== undefined;
  const truncated = isPlain ? readUsage({ answer: part, member, sent, ranTools }) : inner?.truncated;
  return applyTruncationPolicy(run.router, truncated, part['usage'], inner);
}
