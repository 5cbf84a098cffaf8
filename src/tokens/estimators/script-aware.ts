import { assertKnownOptions } from '../../errors.ts';
import type { TokenEstimator } from '../estimator.ts';
import { checkMargin, roundUp } from './ratio.ts';
import { buildStates, type StateTables } from './script-states.ts';
import { weightDigits, weightsPerToken } from './script-weights.ts';

/**
 * Estimates what the scripts in the text cost × `safetyMargin` tokens, rounded up per string. Each character
 * counts by its script and by where in a word, a number or a run of signs it stands, so Chinese, Thai, rows of
 * numbers, base64 and minified code are estimated about as well as English prose. A table and one pass: a
 * megabyte takes 2 to 3 ms.
 *
 * The weights were fitted, on the high side, to OpenAI's o200k_base on text in some 300 languages and formats;
 * `bench/tokens` has the fit and the accuracy on text that was held out. Scripts with little text there count
 * their UTF-8 bytes, which no byte-level tokenizer exceeds. Languages that tokenizers know badly are up to a
 * third above the estimate, and text of no language, such as random syllables, can be several times above.
 *
 * @param options.safetyMargin at least 1. @default 1.1
 * @throws InvalidConfigurationError for a margin below 1
 *
 * @example
 * ```ts
 * import { scriptAware } from 'ai-alloy';
 *
 * scriptAware().estimateText('今天天气很好，我们去公园散步吧。'); // 17, for 16 characters
 * ```
 */
export function scriptAware(options: { readonly safetyMargin?: number } = {}): TokenEstimator {
  assertKnownOptions('scriptAware', options, ['safetyMargin']);
  const { safetyMargin = 1.1 } = options;
  checkMargin('safetyMargin', safetyMargin);
  return {
    id: `script-aware(${safetyMargin})`,
    estimateText: (text) => roundUp(scriptTokens(text), 1, safetyMargin),
    withSafetyMargin: (margin) => scriptAware({ safetyMargin: margin }),
  };
}

let tables: (StateTables & { readonly weights: Float64Array }) | undefined;

/** Tokens in `text` by its scripts, without a margin and not rounded: a multiple of 1/256, so sums are exact. */
export function scriptTokens(text: string): number {
  tables ??= { ...buildStates(), weights: readWeights() };
  const { classes, next, weights } = tables;
  let sum = 0;
  let row = 0;
  for (let i = 0; i < text.length; i++) {
    row = next[row | classes[text.charCodeAt(i)]!]!;
    sum += weights[row >> 6]!;
  }
  return sum;
}

/** Tokens for each state: in binary, 1/256 and its multiples are exact. */
function readWeights(): Float64Array {
  return Float64Array.from(weightDigits.match(/../g)!, (pair) => Number.parseInt(pair, 36) / weightsPerToken);
}
