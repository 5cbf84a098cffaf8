import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { charRatio, InvalidConfigurationError, scriptAware } from '../../../src/index.ts';
import { guardedCharRatio } from '../../../src/tokens/estimators/guarded-char-ratio.ts';
import { scriptTokens } from '../../../src/tokens/estimators/script-aware.ts';
import { buildStates } from '../../../src/tokens/estimators/script-states.ts';
import { weightDigits, weightsPerToken } from '../../../src/tokens/estimators/script-weights.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }), // lone surrogates and controls, too
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(...'aB1 \t\n\r.,-_"({漢かナ한яßéกไอ😀\ud800\udfff\u0301\0'),
    maxLength: 60,
  }),
);

describe('the states of a walk', () => {
  const { classes, next, states } = buildStates();

  it('fit their tables, and there is a weight for each', () => {
    expect(states.length).toBeLessThanOrEqual(256);
    expect(classes.every((kind) => kind < 64)).toBe(true);
    expect(next.every((row) => row >> 6 < states.length)).toBe(true);
    expect(weightDigits).toHaveLength(2 * states.length);
  });

  it('R-9: no weight is below 0, none above 3 tokens, and the largest is the one that the bound uses', () => {
    const weights = weightDigits.match(/../g)!.map((pair) => Number.parseInt(pair, 36));
    expect(weights.every((weight) => weight >= 0 && weight <= 3 * weightsPerToken)).toBe(true);
    expect(Math.max(...weights)).toBeLessThanOrEqual(3 * weightsPerToken); // the most bytes of a UTF-16 unit
  });
});

describe.each([
  ['scriptAware', scriptAware],
  ['guardedCharRatio', guardedCharRatio],
])('%s', (_, create) => {
  const estimator = create();

  it('R-9: more text never counts less, and the same text always the same', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, more) => {
        const tokens = estimator.estimateText(text);
        expect(estimator.estimateText(text + more)).toBeGreaterThanOrEqual(tokens);
        expect(estimator.estimateText(text)).toBe(tokens);
      }),
    );
  });

  it('is at most 3 tokens × margin for each UTF-16 unit', () => {
    fc.assert(
      fc.property(anyText, fc.double({ min: 1, max: 4, noNaN: true }), (text, safetyMargin) => {
        const tokens = create({ safetyMargin }).estimateText(text);
        expect(tokens).toBeLessThanOrEqual(Math.ceil(3 * text.length * safetyMargin));
      }),
    );
  });

  it('declares no bound, which would take the place of the estimate in decisions to save a microsecond', () => {
    expect(estimator.upperBound).toBeUndefined();
  });

  it('R-13: another margin keeps the kind', () => {
    expect(estimator.withSafetyMargin!(1.2).id).toBe(create({ safetyMargin: 1.2 }).id);
  });

  it('follows the vendor factor of a member', () => {
    expect(estimator.ignoresVendor).toBeUndefined();
  });

  it.each([0.9, Number.NaN, Infinity, '1.1'])('a wrong margin is an error: %j', (safetyMargin) => {
    expect(() => create({ safetyMargin: safetyMargin as number })).toThrow(InvalidConfigurationError);
    expect(() => create({ safetyMargin: safetyMargin as number })).toThrow(/^safetyMargin is /);
  });
});

describe('scriptAware', () => {
  const tokens = (text: string): number => scriptAware().estimateText(text);
  const perCharacter = (text: string): number => scriptTokens(text) / text.length;

  it('R-10: what the scripts in the text cost × 1.10, rounded up', () => {
    expect(scriptAware().id).toBe('script-aware(1.1)');
    expect(tokens('')).toBe(0);
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokens(text)).toBe(Math.max(0, Math.ceil(scriptTokens(text) * 1.1 - 1e-9)));
      }),
    );
  });

  it('R-10: a sum without binary noise: n texts count n times as much as one', () => {
    const word = ' word';
    const one = scriptTokens(word.repeat(2)) - scriptTokens(word);
    expect(scriptTokens(word.repeat(1000)) - scriptTokens(word)).toBe(999 * one);
  });

  it.each([
    '今天天气很好，我们去公园散步吧。',
    'すべての人間は、生まれながらにして自由であり',
    'เราทุกคนเกิดมาอย่างอิสระ',
    'YWxsb3kgY2FzY2FkZSBkaXNwYXRjaGVyIHRva2Vucw==',
    'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
    '[[75432,64736],[-13,-17],[-12,14],[-16,56]]',
    '🎨📊📖🪘😯',
  ])('R-14: text that is denser than English counts more per character: %s', (dense) => {
    const english = 'It was the best of times, it was the worst of times, it was the age of wisdom.';
    expect(perCharacter(english)).toBeLessThan(0.36);
    expect(perCharacter(dense)).toBeGreaterThan(1.3 * perCharacter(english));
  });

  it('three digits are about a token, however long the number', () => {
    const perDigit = scriptTokens('7'.repeat(3000)) / 3000;
    expect(perDigit).toBeGreaterThan(0.3);
    expect(perDigit).toBeLessThan(0.5);
  });

  it.each(['\ud800', '\udc00', '\0', '\x7f', '\uffff', ' ', '\n', 'a', '=', '漢', '😀', 'é'])(
    'R-14: a megabyte of %j counts, and is counted in the same pass as anything',
    (character) => {
      const text = character.repeat(1_000_000 / character.length);
      expect(scriptTokens(text)).toBeGreaterThan(10_000);
    },
  );

  it('a script that the fit saw little of counts its UTF-8 bytes', () => {
    expect(scriptTokens('ꆈꌠꁱꂷ')).toBe(12); // Yi
    expect(scriptTokens('𐍈𐌰𐌹')).toBe(12); // Gothic, beyond the first plane
    expect(scriptTokens('ܫܠܡܐ')).toBe(8); // Syriac
  });
});

describe('guardedCharRatio', () => {
  it('R-10: the larger of charRatio and scriptAware, for each text', () => {
    expect(guardedCharRatio().id).toBe('guarded-char-ratio(3.5, 1.1)');
    fc.assert(
      fc.property(anyText, (text) => {
        const larger = Math.max(charRatio().estimateText(text), scriptAware().estimateText(text));
        expect(guardedCharRatio().estimateText(text)).toBe(larger);
      }),
    );
  });

  it('a wrong ratio is an error', () => {
    expect(() => guardedCharRatio({ charsPerToken: 0 })).toThrow('charsPerToken is 0');
  });
});
