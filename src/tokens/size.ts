import { check } from '../errors/errors.ts';
import type { Place } from '../errors/place.ts';

/**
 * A number of tokens, or a string of an integer with `K` (×1,024) or `M` (×1,048,576): `'256K'` is
 * 262,144. Mind that `'200K'` is 204,800: write `200_000` where a provider means that.
 */
export type TokenSize = number | `${bigint}${'K' | 'M' | 'k' | 'm'}`;

/** No model has nearly as large a context window: a larger number is a typing error, or bytes. */
export const maxTokens = 1_000_000_000_000;

export const sizeRemedy =
  "use a whole number of tokens above 0, or one with K (×1024) or M (×1048576) such as '128K'";
export const maxTokensRemedy = 'use at most 1000000000000 tokens';

/** The number of tokens in `value`; throws an InvalidConfigurationError that names `option`. */
export function parseSize(option: Place | string, value: unknown): number {
  const [, digits, unit] = /^([1-9]\d*)([KM])$/i.exec(typeof value === 'string' ? value : '') ?? [];
  const tokens = digits ? Number(digits) * (unit === 'K' || unit === 'k' ? 1024 : 1_048_576) : value;
  check(Number.isSafeInteger(tokens) && (tokens as number) > 0, option, value, sizeRemedy);
  check((tokens as number) <= maxTokens, option, value, maxTokensRemedy);
  return tokens as number;
}

/** `floor(size × fraction)`, where 200,000 × 0.57 is 114,000, not the 113,999.99… of binary floats. */
export function fractionOf(size: number, fraction: number): number {
  return Math.floor(Number((size * fraction).toPrecision(14)));
}
