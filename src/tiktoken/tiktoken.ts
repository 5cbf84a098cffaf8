import { assertKnownOptions, check, foundName } from '../errors.ts';
import type { TokenEstimator } from '../tokens/estimator.ts';
import { checkMargin } from '../tokens/estimators/ratio.ts';
import type { BpeCounter } from './bpe-counter.ts';
import { countingEstimator } from './counting-estimator.ts';
import {
  counterOf,
  encodings,
  rankedEncoding,
  type RankedEncoding,
  type TiktokenEncoding,
} from './encodings.ts';
import { encodingOfModel } from './model-encoding.ts';

/** Options of `tiktoken`. */
export interface TiktokenOptions {
  /** An encoding, also as `o200k` and `cl100k`; `o200k_harmony` is that of gpt-oss. @default 'o200k_base' */
  readonly encoding?: TiktokenEncoding;
  /**
   * A model of OpenAI's instead, whose encoding is known: `gpt-4.1`, also as `azure/gpt-4.1`,
   * `gpt-4o-2024-08-06` or `ft:gpt-4o:acme::x`, and gpt-oss.
   */
  readonly model?: string;
  /** What the tokens are multiplied by; at least 1. @default 1.02 */
  readonly safetyMargin?: number;
}

/**
 * Counts tokens exactly, as OpenAI's tokenizers do (byte-pair encoding), × `safetyMargin`, rounded up per
 * string. The ranks are those of js-tiktoken, which has to be installed; the counting is this package's own:
 * some ten times as fast on English, and quick on any text, where js-tiktoken takes seconds for a run of
 * 10,000 letters. The text of special tokens (`<|endoftext|>`) counts as the text that it is.
 *
 * A primitive counts long texts in steps, so that other requests go on meanwhile, and stops where there are too many
 * tokens. Of more than four million characters without a place to cut (spaces, signs, one word) it says too many at once.
 *
 * The ranks (2.3 MB for o200k_base) are loaded when a request first needs them, and shared by all estimators
 * of an encoding. Without js-tiktoken that fails, and so does the call: `await estimator.load?.()` at start-up tells
 * earlier. Exact for the text of OpenAI's models and of gpt-oss; for others it is an estimate.
 *
 * @param options.encoding an encoding of js-tiktoken, or a short name of one. @default 'o200k_base'
 * @param options.model a model id instead of an encoding
 * @param options.safetyMargin at least 1. @default 1.02
 * @throws InvalidConfigurationError for an unknown option, encoding or model, for both an encoding and a model,
 * or for a margin below 1
 *
 * @example
 * ```ts
 * import { tiktoken } from 'ai-alloy/tiktoken';
 *
 * const estimator = tiktoken({ model: 'gpt-4.1' });
 * await estimator.load?.(); // a primitive does so by itself
 * console.log(estimator.estimateText('Hello, world!')); // 4 tokens × 1.02: 5
 * ```
 */
export function tiktoken(options: TiktokenOptions = {}): TokenEstimator {
  assertKnownOptions('tiktoken', options, ['encoding', 'model', 'safetyMargin']);
  const { safetyMargin = 1.02 } = options;
  checkMargin('tiktoken.safetyMargin', safetyMargin);
  const encoding = resolveEncoding(options);
  const counter = counterOf(encoding);
  const name = `tiktoken(${encoding}`;
  const loaded = (): BpeCounter => {
    const made = counter.loaded();
    if (!made) throw new Error(`${name}): its ranks aren't loaded yet: await load() first.`);
    return made;
  };
  return countingEstimator(
    {
      name,
      isExactFor: ({ vendor, modelId }) =>
        (vendor === 'openai' || vendor === 'gpt-oss') && encodingOfModel(modelId) === encoding,
      countUpTo: (text, limit) => loaded().countUpTo(text, limit),
      countInSteps: (text, limit) => loaded().countInSteps(text, limit),
      load: counter.load,
    },
    safetyMargin,
  );
}

function resolveEncoding({ encoding, model }: TiktokenOptions): RankedEncoding {
  const known = encodings.join(', ');
  if (model === undefined) {
    if (encoding === undefined) return 'o200k_base';
    const ranked = rankedEncoding(encoding);
    check(ranked !== undefined, 'tiktoken.encoding', encoding, `use one of ${known}`);
    return ranked;
  }
  const found = typeof model === 'string' ? foundName(model) : model;
  check(encoding === undefined, 'tiktoken.model', found, 'pass an encoding or a model, not both');
  const ofModel = typeof model === 'string' ? encodingOfModel(model) : undefined;
  check(ofModel !== undefined, 'tiktoken.model', found, `its encoding isn't known: pass one of ${known}`);
  return ofModel;
}
