import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byteRatio,
  charRatio,
  InvalidConfigurationError,
  scriptAware,
  type EstimatorOption,
  type TokenEstimator,
} from '../../../src/index.ts';
import { defaultEstimator, resolveEstimator } from '../../../src/tokens/resolve-estimator.ts';

describe('charRatio', () => {
  it('R-10: code points ÷ 3.5 × 1.10, rounded up', () => {
    expect(charRatio().estimateText('a'.repeat(100))).toBe(32); // 31.43
    expect(charRatio().estimateText('')).toBe(0);
    expect(charRatio().estimateText('😀'.repeat(35))).toBe(11); // 35 code points, 70 UTF-16 units
  });

  it('R-12: 350 characters are exactly 110 tokens', () => {
    expect(charRatio().estimateText('a'.repeat(350))).toBe(110);
  });

  it('R-12: agrees with exact arithmetic', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200_000 }), (length) => {
        expect(charRatio().estimateText('a'.repeat(length))).toBe(Math.floor((length * 11 + 34) / 35));
      }),
    );
  });

  it('counts lone surrogates and cut pairs as one each', () => {
    const exact = charRatio({ charsPerToken: 1, safetyMargin: 1 });
    expect(exact.estimateText('\ud83d')).toBe(1);
    expect(exact.estimateText('a\ude00b\ud83d')).toBe(4);
  });
});

describe('byteRatio', () => {
  it('R-10: UTF-8 bytes ÷ 3 × 1.15, rounded up', () => {
    expect(byteRatio().estimateText('a'.repeat(300))).toBe(115);
    expect(byteRatio().estimateText('日'.repeat(100))).toBe(115);
  });

  it('R-10: bytes are those of TextEncoder, lone surrogates included', () => {
    const bytes = byteRatio({ bytesPerToken: 1, safetyMargin: 1 });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(bytes.estimateText(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
    expect(bytes.estimateText('\ud800a')).toBe(4);
  });
});

describe.each([
  ['charRatio', charRatio()],
  ['byteRatio', byteRatio()],
])('%s', (_, estimator) => {
  it('R-9: more text never counts less, and the same text always the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (text, more) => {
        const tokens = estimator.estimateText(text);
        expect(estimator.estimateText(text + more)).toBeGreaterThanOrEqual(tokens);
        expect(estimator.estimateText(text)).toBe(tokens);
      }),
    );
  });
});

it.each([
  [charRatio, { bytesPerToken: 3 }, 'charRatio.bytesPerToken is a number: there is no such option'],
  [byteRatio, { charsPerToken: 3 }, 'byteRatio.charsPerToken is a number: there is no such option'],
  [scriptAware, { safteyMargin: 3 }, 'scriptAware.safteyMargin is a number: there is no such option'],
  [charRatio, null, 'charRatio is null: pass an object of options'],
  [scriptAware, 'x', 'scriptAware is a string: pass an object of options'],
])('wrong options of an estimator are errors: %#', (create, options, message) => {
  expect(() => create(options as never)).toThrow(message);
});

describe('estimator settings', () => {
  const resolve = (value: unknown, inherited: TokenEstimator = defaultEstimator): string =>
    resolveEstimator('estimator', value as EstimatorOption, inherited).id;

  it('R-13: nothing said inherits; the built-in default is char-ratio with a guard', () => {
    expect(resolve(undefined)).toBe('guarded-char-ratio(3.5, 1.1)');
    expect(resolve(undefined, byteRatio())).toBe('byte-ratio(3, 1.15)');
  });

  it('R-13: a bare charsPerToken means char-ratio with its defaults', () => {
    expect(resolve({ charsPerToken: 3 }, byteRatio({ safetyMargin: 2 }))).toBe('char-ratio(3, 1.1)');
    expect(resolve({ bytesPerToken: 2 })).toBe('byte-ratio(2, 1.15)');
  });

  it('R-13: a bare margin keeps the kind', () => {
    expect(resolve({ safetyMargin: 1.2 })).toBe('guarded-char-ratio(3.5, 1.2)');
    expect(resolve({ safetyMargin: 1.2 }, byteRatio())).toBe('byte-ratio(3, 1.2)');
    expect(resolve({ safetyMargin: 1.3 }, charRatio({ charsPerToken: 3 }))).toBe('char-ratio(3, 1.3)');
  });

  it('R-13: an estimator replaces what it inherits', () => {
    const own: TokenEstimator = { id: 'own', estimateText: () => 1 };
    expect(resolve(own)).toBe('own');
    expect(() => resolve({ safetyMargin: 1.2 }, own)).toThrow(InvalidConfigurationError);
  });

  it.each([
    null,
    'char-ratio',
    {},
    { charsPerToken: 3, bytesPerToken: 3 },
    { charPerToken: 3 },
    { estimateText: () => 1 },
    { id: 'x', estimateText: 3 },
  ])('an option that is no estimator is an error: %j', (value) => {
    expect(() => resolve(value)).toThrow(/^estimator is .+: pass charRatio\(\)/);
  });

  it.each([
    [{ charsPerToken: 0 }, 'charsPerToken is 0'],
    [{ charsPerToken: Number.NaN }, 'charsPerToken is NaN'],
    [{ charsPerToken: '3' }, 'charsPerToken is "3"'],
    [{ safetyMargin: 0.9 }, 'safetyMargin is 0.9'],
    [{ bytesPerToken: -1 }, 'bytesPerToken is -1'],
    [{ bytesPerToken: 3, safetyMargin: Infinity }, 'safetyMargin is Infinity'],
  ])('a wrong ratio is an error that names it: %j', (value, message) => {
    expect(() => resolve(value)).toThrow(message);
  });
});
