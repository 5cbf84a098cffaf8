import { charRatio } from './char-ratio.ts';
import type { TokenEstimator } from '../estimator.ts';
import { scriptAware } from './script-aware.ts';

/**
 * The built-in default: `charRatio`, but never below `scriptAware`, for each string. So English and code cost
 * what the ratio says, and denser text is not under-estimated in silence.
 */
export function guardedCharRatio({
  charsPerToken = 3.5,
  safetyMargin = 1.1,
}: {
  charsPerToken?: number;
  safetyMargin?: number;
} = {}): TokenEstimator {
  const ratio = charRatio({ charsPerToken, safetyMargin });
  const scripts = scriptAware({ safetyMargin });
  return {
    id: `guarded-char-ratio(${charsPerToken}, ${safetyMargin})`,
    estimateText: (text) => Math.max(ratio.estimateText(text), scripts.estimateText(text)),
    withSafetyMargin: (margin) => guardedCharRatio({ charsPerToken, safetyMargin: margin }),
  };
}
