import type { TokenEstimator } from './estimator.ts';
import { checkRatio, roundUp } from './ratio.ts';

/**
 * Estimates UTF-8 bytes ÷ `bytesPerToken` × `safetyMargin` tokens, rounded up per string.
 * Safer than `charRatio` for scripts beyond Latin, whose characters are two or three bytes and about a token
 * each in o200k_base; still too low for base64, rows of numbers and rare scripts.
 *
 * @param options.bytesPerToken UTF-8 bytes per token. @default 3
 * @param options.safetyMargin at least 1. @default 1.15
 * @throws InvalidConfigurationError for a ratio that isn't above 0 or a margin below 1
 *
 * @example
 * ```ts
 * import { byteRatio } from 'ai-alloy';
 *
 * byteRatio().estimateText('日本語'); // 9 bytes: 4
 * ```
 */
export function byteRatio({
  bytesPerToken = 3,
  safetyMargin = 1.15,
}: {
  bytesPerToken?: number;
  safetyMargin?: number;
} = {}): TokenEstimator {
  checkRatio('bytesPerToken', bytesPerToken, safetyMargin);
  return {
    id: `byte-ratio(${bytesPerToken}, ${safetyMargin})`,
    estimateText: (text) => roundUp(utf8Bytes(text), bytesPerToken, safetyMargin),
    ignoresVendor: true,
    withSafetyMargin: (margin) => byteRatio({ bytesPerToken, safetyMargin: margin }),
  };
}

/** UTF-8 bytes of `text`; a lone surrogate is sent as U+FFFD, three bytes. */
function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    if ((unit & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++;
  }
  return bytes;
}
