import type { TokenEstimator } from '../tokens/estimator.ts';
import { checkMargin, roundUp } from '../tokens/estimators/ratio.ts';
import { bytesPerUnit, utf8Bytes } from '../tokens/estimators/utf8-bytes.ts';
import type { Tokenizer } from '../tokens/vendor.ts';
import { at } from '../errors/place.ts';

/** What is needed to make an estimator that counts by byte-pair encoding. */
interface Counting {
  /** The estimator's id without the margin at its end: `tiktoken(o200k_base`. */
  readonly name: string;
  isExactFor(model: Tokenizer): boolean;
  /** Tokens of `text`; or any number above `limit`, once there are sure to be more than `limit`. */
  countUpTo(text: string, limit: number): number;
  /** The same in steps of a few milliseconds. */
  countInSteps(text: string, limit: number): Generator<unknown, number>;
  load?(): Promise<unknown> | undefined;
}

/** An estimator of `countUpTo(text) × safetyMargin` tokens. */
export function countingEstimator(counting: Counting, safetyMargin: number): TokenEstimator {
  const { name, isExactFor, load } = counting;
  // One token more than the limit, so that the result is above it whatever rounding does.
  const mostWithin = (limit: number): number => Math.floor(limit / safetyMargin) + 1;
  const withMargin = (count: number): number => roundUp(count * safetyMargin);

  return {
    id: `${name}, ${safetyMargin})`,
    isExactFor,
    estimateText: (text) => withMargin(counting.countUpTo(text, Infinity)),
    estimateUpTo: (text, limit) => withMargin(counting.countUpTo(text, mostWithin(limit))),
    *estimateInSteps(text, limit) {
      return withMargin(yield* counting.countInSteps(text, mostWithin(limit)));
    },
    upperBound(text, enough = 0) {
      const loose = withMargin(bytesPerUnit * text.length);
      // Each unit is at least one byte: if there are more units than `enough`, the byte count can't be within it either.
      if (loose <= enough || (enough > 0 && withMargin(text.length) > enough)) return loose;
      // A token of a byte-level encoding is at least one byte.
      return withMargin(utf8Bytes(text));
    },
    ...(load && { load }),
    withSafetyMargin(margin) {
      checkMargin(at('', 'safetyMargin'), margin);
      return countingEstimator(counting, margin);
    },
  };
}
