import { check } from '../../errors.ts';

const binaryNoise = 1e-12;

/**
 * `units ÷ perToken × safetyMargin`, rounded up. The last digits of the product are rounding errors of floating point
 * (350 ÷ 3.5 × 1.1 is 110.00000000000001) and must not add a token.
 */
export function roundUp(units: number, perToken: number, safetyMargin: number): number {
  return Math.ceil(((units * safetyMargin) / perToken) * (1 - binaryNoise));
}

/** Throws unless the ratio is above 0. */
export function checkRatio(option: string, perToken: unknown): void {
  check(isNumber(perToken) && perToken > 0, option, perToken, 'use a number above 0');
}

/** Throws unless the margin is a number of at least 1. */
export function checkMargin(option: string, safetyMargin: unknown): asserts safetyMargin is number {
  check(isNumber(safetyMargin) && safetyMargin >= 1, option, safetyMargin, 'use at least 1, such as 1.1');
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);
