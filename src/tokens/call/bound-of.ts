import { roundUp } from '../estimators/ratio.ts';
import type { TokenEstimator } from '../estimator.ts';
import { checked } from './counter.ts';

/** A text that has not been counted yet. */
export interface Uncounted {
  /** Index of its leaf in the call, or -1 for tool definitions and response schema. */
  readonly index: number;
  readonly text: string;
  /** What its count is multiplied by. */
  readonly weight: number;
}

/** An upper bound of the texts' tokens, if the estimator has one that is at most `room`; else undefined. */
export function boundOf(
  uncounted: readonly Uncounted[],
  estimator: TokenEstimator,
  room: number,
): number | undefined {
  if (uncounted.length === 0) return 0;
  if (!estimator.upperBound) return undefined;
  let length = 0;
  for (const { text } of uncounted) length += text.length;
  // First, each text may use a loose bound, as long as it is within its share of the room. If the sum is too large, all
  // texts use the tightest bound.
  const bounds = uncounted.map(({ text, weight }) => {
    const share = text === '' ? 0 : Math.max(0, (room * text.length) / length / weight);
    return { share, tokens: checked(estimator.upperBound!(text, share), estimator) };
  });
  const total = (tightest: boolean): number =>
    uncounted.reduce((sum, { text, weight }, index) => {
      const { share, tokens } = bounds[index]!;
      const bound = tightest && tokens <= share ? checked(estimator.upperBound!(text, 0), estimator) : tokens;
      return sum + roundUp(bound * weight);
    }, 0);
  for (const tightest of [false, true]) {
    const tokens = total(tightest);
    if (tokens <= room) return tokens;
  }
  return undefined;
}
