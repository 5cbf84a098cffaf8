import type { TokenEstimator } from '../estimator.ts';
import { assertKnownOptions } from '../../errors/errors.ts';
import { at } from '../../errors/place.ts';
import { checkMargin, checkRatio, roundUp } from './ratio.ts';
import { utf8Bytes } from './utf8-bytes.ts';

/**
 * Estimates UTF-8 bytes ÷ `bytesPerToken` × `safetyMargin` tokens, rounded up per string. Safer than `charRatio` for
 * scripts other than Latin, whose characters are two or three bytes and about one token each in o200k_base. Still too
 * low for base64, rows of numbers and rare scripts.
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
export function byteRatio(
  options: { readonly bytesPerToken?: number | undefined; readonly safetyMargin?: number | undefined } = {},
): TokenEstimator {
  assertKnownOptions('byteRatio', options, ['bytesPerToken', 'safetyMargin']);
  const { bytesPerToken = 3, safetyMargin = 1.15 } = options;
  checkRatio(at('', 'bytesPerToken'), bytesPerToken);
  checkMargin(at('', 'safetyMargin'), safetyMargin);
  return {
    id: `byte-ratio(${bytesPerToken}, ${safetyMargin})`,
    estimateText: (text) => roundUp((utf8Bytes(text) * safetyMargin) / bytesPerToken),
    ignoresVendor: true,
    withSafetyMargin: (margin) => byteRatio({ bytesPerToken, safetyMargin: margin }),
  };
}
