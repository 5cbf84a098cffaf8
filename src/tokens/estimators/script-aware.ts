import { assertKnownOptions } from '../../errors.ts';
import type { TokenEstimator } from '../estimator.ts';
import { perEncoding } from './per-encoding.ts';
import { checkMargin, roundUp } from './ratio.ts';

/**
 * Estimates what the scripts in the text cost × `safetyMargin` tokens, rounded up per string. Each character
 * counts by its script and by where in a word, a number or a run of signs it stands, so Chinese, Thai, rows of
 * numbers, base64 and minified code are estimated about as well as English prose. A table and one pass: a
 * megabyte takes 2 to 3 ms.
 *
 * For a member whose tokenizer is known (its `vendor`, or as its ids tell), the weights are those of its family:
 * OpenAI, Gemini and Gemma, Qwen, Llama, DeepSeek, Mistral; for others those of OpenAI, times the vendor's factor.
 * They were fitted, on the high side, to exact counts of text in some 300 languages and formats; `bench/tokens` has
 * the fit and the accuracy on text that was held out. Scripts with little text there count their UTF-8 bytes, which
 * no byte-level tokenizer exceeds. Languages that tokenizers know badly are up to a third above the estimate, and
 * text of no language, such as random syllables, can be several times above.
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
  return perEncoding({
    id: `script-aware(${safetyMargin})`,
    safetyMargin,
    count: (_, reading) => roundUp(reading(['o200k']), 1, safetyMargin),
    withSafetyMargin: (margin) => scriptAware({ safetyMargin: margin }),
  });
}
