import { charRatio } from './char-ratio.ts';
import type { TokenEstimator } from '../estimator.ts';
import { perEncoding } from './per-encoding.ts';
import { roundUp } from './ratio.ts';
import { generic, tokensIn } from './script-pass.ts';

/**
 * The built-in default. For a model of a known tokenizer family, `scriptAware` with the weights of that family. For
 * others, the larger of `charRatio` and `scriptAware` for each string: English and code count by the ratio, and
 * denser text is not underestimated in silence.
 */
export function guardedCharRatio({
  charsPerToken = 3.5,
  safetyMargin = 1.1,
}: {
  charsPerToken?: number | undefined;
  safetyMargin?: number | undefined;
} = {}): TokenEstimator {
  const ratio = charRatio({ charsPerToken, safetyMargin });
  return perEncoding({
    id: `guarded-char-ratio(${charsPerToken}, ${safetyMargin})`,
    safetyMargin,
    count: (text, visits) =>
      Math.max(ratio.estimateText(text), roundUp(tokensIn(text, generic, visits) * safetyMargin)),
    withSafetyMargin: (margin) => guardedCharRatio({ charsPerToken, safetyMargin: margin }),
  });
}
