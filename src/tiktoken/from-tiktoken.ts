import { assertKnownOptions, check, foundInstead, isObject } from '../errors/errors.ts';
import type { TokenEstimator } from '../tokens/estimator.ts';
import { useOneOf } from '../spelling.ts';
import { checkMargin } from '../tokens/estimators/ratio.ts';
import { bytesPerUnit, utf8Bytes } from '../tokens/estimators/utf8-bytes.ts';
import { at } from '../errors/place.ts';
import { vendors } from '../options/vendors.ts';
import type { Vendor } from '../tokens/vendor.ts';
import { countingEstimator } from './counting-estimator.ts';
import { nextSafeCut } from './safe-cut.ts';
import { lastOf } from '../tokens/steps.ts';

/** An encoder object: the `Tiktoken` of js-tiktoken, or of the WASM package `tiktoken`. */
export type TiktokenEncoder =
  | {
      /** Called as `encode(text, [], [])`: no special token is allowed, and none is an error. */
      encode(text: string, allowedSpecial?: string[], disallowedSpecial?: string[]): ArrayLike<number>;
    }
  | {
      /** Encodes the text of special tokens as text. Preferred if an encoder has both functions. */
      encode_ordinary(text: string): ArrayLike<number>;
    };

/** Options of `fromTiktoken`. */
export interface FromTiktokenOptions {
  /** Names the encoder in decisions. */
  readonly id: string;
  /** What the tokens are multiplied by; at least 1. @default 1.02 */
  readonly safetyMargin?: number | undefined;
  /** The vendor for whose models the count is exact. @default 'openai' */
  readonly exactFor?: Vendor | undefined;
}

/**
 * Counts tokens with an encoder object of your own, × `safetyMargin`, rounded up per string: for encodings that
 * js-tiktoken doesn't have, or if your application has loaded an encoder anyway. It has to be a byte-level encoding
 * that splits words, numbers and symbols as OpenAI's do. The text of special tokens counts as text.
 *
 * The time that such encoders need grows with the square of the longest run: js-tiktoken takes 9 ms for a run of 256
 * bytes, and seconds for one of 10,000. So a run of more than 256 bytes without a safe place to cut is not encoded,
 * but counted as one token per byte, which is never too low. Base64, prose and code hardly ever have such runs. A
 * primitive counts long texts in steps of some thousand characters, and other requests go on between two steps.
 *
 * @param encoder has `encode` or `encode_ordinary`
 * @param options.id names the encoder in decisions
 * @param options.safetyMargin at least 1. @default 1.02
 * @param options.exactFor the vendor for whose models the count is exact. @default 'openai'
 * @throws InvalidConfigurationError for an object that can't encode, an unknown option, a missing id or a margin
 * below 1
 *
 * @example
 * ```ts
 * import { fromTiktoken } from 'ai-alloy/tiktoken';
 * import { Tiktoken } from 'js-tiktoken/lite';
 * import ranks from 'js-tiktoken/ranks/o200k_base';
 *
 * export const estimator = fromTiktoken(new Tiktoken(ranks), { id: 'my-o200k' });
 * console.log(estimator.id); // from-tiktoken(my-o200k, 1.02)
 * ```
 */
export function fromTiktoken(encoder: TiktokenEncoder, options: FromTiktokenOptions): TokenEstimator {
  const countTokens = counterFrom(encoder);
  assertKnownOptions('fromTiktoken', options, ['id', 'safetyMargin', 'exactFor']);
  const { id, safetyMargin = 1.02, exactFor = 'openai' } = options;
  check(
    typeof id === 'string' && id !== '',
    at('fromTiktoken', 'id'),
    id,
    'name the encoder, such as "my-o200k"',
  );
  check(vendors.includes(exactFor), at('fromTiktoken', 'exactFor'), exactFor, useOneOf(exactFor, vendors));
  checkMargin(at('fromTiktoken', 'safetyMargin'), safetyMargin);
  return countingEstimator(
    {
      name: `from-tiktoken(${id}`,
      isExactFor: ({ vendor }) => vendor === exactFor,
      countUpTo: (text, limit) => lastOf(countInBatches(countTokens, text, limit)),
      countInSteps: (text, limit) => countInBatches(countTokens, text, limit),
    },
    safetyMargin,
  );
}

type CountTokens = (text: string) => number;

function counterFrom(encoder: unknown): CountTokens {
  const methods = (isObject(encoder) ? encoder : {}) as Record<string, unknown>;
  const { encode, encode_ordinary: encodeOrdinary } = methods;
  check(
    typeof encodeOrdinary === 'function' || typeof encode === 'function',
    at('fromTiktoken', 'encoder'),
    foundInstead(encoder),
    "pass an object with encode or encode_ordinary, such as js-tiktoken's Tiktoken",
  );
  const countTokens: CountTokens =
    typeof encodeOrdinary === 'function'
      ? (text) => encodeOrdinary.call(encoder, text).length
      : (text) => (encode as (...values: unknown[]) => ArrayLike<number>).call(encoder, text, [], []).length;
  // A count that is not a number would pass every limit.
  check(
    countTokens('a') === 1,
    at('fromTiktoken', 'encoder'),
    foundInstead(encoder),
    'its answer to "a" has to be a list of one',
  );
  return countTokens;
}

/** The longest run that is encoded. With this limit, the worst text takes no longer than ordinary Thai. */
const longestRunBytes = 256;

/** How many UTF-16 units are encoded in one call, at least. */
const batchUnits = 1024;

function* countInBatches(
  countTokens: CountTokens,
  text: string,
  limit: number,
): Generator<undefined, number> {
  let count = 0;
  let batchStart = 0; // everything before it has been counted
  const countTo = (end: number): void => {
    if (end > batchStart) count += countTokens(text.slice(batchStart, end));
    batchStart = end;
  };
  for (let start = 0; start < text.length && count <= limit;) {
    // A run that counts its bytes, and already has more units than the limit leaves, need not be read to its end.
    const end = nextSafeCut(text, start + 1, start + longestRunBytes + 1 + limit - count);
    const bytes =
      bytesPerUnit * (end - start) > longestRunBytes ? utf8Bytes(text.slice(start, end)) : longestRunBytes;
    if (bytes > longestRunBytes) {
      countTo(start);
      count += bytes;
      batchStart = end;
    } else if (end - batchStart >= batchUnits || end === text.length) {
      countTo(end);
      yield;
    }
    start = end;
  }
  return count;
}
