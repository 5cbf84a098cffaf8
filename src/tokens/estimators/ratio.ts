import { checkOption } from '../../options/check-options.ts';
import { margin, ratio } from '../../options/kinds.ts';
import { placeOf, type Place } from '../../errors/place.ts';

const binaryNoise = 1e-12;

/**
 * A product of tokens and factors, rounded up. Its last digits are rounding errors of floating point
 * (350 ÷ 3.5 × 1.1 is 110.00000000000001) and must not add a token.
 */
export function roundUp(product: number): number {
  return Math.ceil(product * (1 - binaryNoise));
}

/** Throws unless the ratio is above 0. */
export function checkRatio(option: Place | string, perToken: unknown): void {
  checkOption(placeOf(option), perToken, ratio);
}

/** Throws unless the margin is a number of at least 1. */
export function checkMargin(option: Place | string, safetyMargin: unknown): asserts safetyMargin is number {
  checkOption(placeOf(option), safetyMargin, margin);
}
