import { assertKnownOptions } from '../../errors/errors.ts';
import { at } from '../../errors/place.ts';
import type { TokenEstimator } from '../estimator.ts';
import { perEncoding } from './per-encoding.ts';
import { checkMargin, roundUp } from './ratio.ts';
import { generic, tokensIn } from './script-pass.ts';

/**
 * Estimates tokens by the scripts in the text, × `safetyMargin`, rounded up per string. Each character has a weight
 * by its script and its place in a word, a number or a run of signs. So Chinese, Thai, rows of numbers, base64 and
 * minified code are estimated about as well as English prose. It takes one pass with a table: 2 to 3 ms for a
 * megabyte.
 *
 * For a member of a known tokenizer family (by its `vendor` or its ids), the weights are those of the family: OpenAI,
 * Gemini and Gemma, Qwen, Llama, DeepSeek, Mistral. For others, they are those of OpenAI times the vendor factor. The
 * weights were fitted, on the high side, to exact counts of text in some 300 languages and formats; `bench/tokens`
 * has the fit and the accuracy on held-out text. Scripts with little text there count their UTF-8 bytes, which no
 * byte-level tokenizer exceeds. In languages that are rare in training data, the real number is up to a third above
 * the estimate; for text of no language, such as random syllables, it can be several times above.
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
export function scriptAware(options: { readonly safetyMargin?: number | undefined } = {}): TokenEstimator {
  assertKnownOptions('scriptAware', options, ['safetyMargin']);
  const { safetyMargin = 1.1 } = options;
  checkMargin(at('', 'safetyMargin'), safetyMargin);
  return perEncoding({
    id: `script-aware(${safetyMargin})`,
    safetyMargin,
    count: (text, visits) => roundUp(tokensIn(text, generic, visits) * safetyMargin),
    withSafetyMargin: (margin) => scriptAware({ safetyMargin: margin }),
  });
}
