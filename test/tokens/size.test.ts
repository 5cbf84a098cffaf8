import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidConfigurationError } from '../../src/index.ts';
import { fractionOf, parseSize } from '../../src/tokens/size.ts';

describe('sizes', () => {
  it.each([
    [262_144, 0.85, 222_822],
    [32_768, 0.75, 24_576],
    [200_000, 0.57, 114_000],
    [100, 1, 100],
  ])('R-1: floor(%i × %d) is %i', (size, fraction, ceiling) => {
    expect(fractionOf(size, fraction)).toBe(ceiling);
  });

  it('R-1, R-12: agrees with exact decimal arithmetic for every two-digit fraction', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000_000 }),
        fc.integer({ min: 1, max: 100 }),
        (size, percent) => {
          expect(fractionOf(size, percent / 100)).toBe(Number((BigInt(size) * BigInt(percent)) / 100n));
        },
      ),
    );
  });

  it.each([
    ['256K', 262_144],
    ['262K', 268_288],
    ['200k', 204_800],
    ['1M', 1_048_576],
    ['2m', 2_097_152],
    [12, 12],
  ])('R-8: %s is %i tokens', (value, tokens) => {
    expect(parseSize('contextWindow', value)).toBe(tokens);
  });

  it.each([
    0,
    -1,
    1.5,
    Number.NaN,
    Infinity,
    '12',
    '0K',
    '1.5M',
    '12k tokens',
    ' 12K',
    '',
    null,
    true,
    [],
    {},
  ])('R-8: %j is an error that names the option and the value', (value) => {
    const parse = (): number => parseSize('steps[0].contextWindow', value);
    expect(parse).toThrow(InvalidConfigurationError);
    expect(parse).toThrow(/^steps\[0\]\.contextWindow is .+: use a whole number of tokens/);
  });

  it('R-8: the message shows the value as it was written', () => {
    expect(() => parseSize('contextWindow', '1.5M')).toThrow('contextWindow is "1.5M"');
    expect(() => parseSize('contextWindow', Number.NaN)).toThrow('contextWindow is NaN');
  });
});
