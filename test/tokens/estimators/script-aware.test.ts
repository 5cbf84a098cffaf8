import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  charRatio,
  InvalidConfigurationError,
  scriptAware,
  type TokenEstimator,
} from '../../../src/index.ts';
import { guardedCharRatio } from '../../../src/tokens/estimators/guarded-char-ratio.ts';
import { estimateShared, type Readings } from '../../../src/tokens/estimators/per-encoding.ts';
import { levelWeight, tokensIn, visitsOf, weightsOf } from '../../../src/tokens/estimators/script-pass.ts';
import { buildStates } from '../../../src/tokens/estimators/script-states.ts';
import { allEncodings, type Encoding } from '../../../src/tokens/estimators/script-weights.ts';
import { tokenizerOf } from '../../../src/tokens/vendor.ts';

const tokensOf = (text: string, ...encodings: Encoding[]): number => tokensIn(text, encodings);
const scriptTokens = (text: string): number => tokensOf(text, 'o200k');

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
    expect(states.length).toBeLessThan(512); // of as many, the walk's table has rows
    expect(classes.every((kind) => kind < 64)).toBe(true);
    expect(next.every((row) => row >> 6 < states.length)).toBe(true);
    for (const encoding of allEncodings) expect(weightsOf(encoding)).toHaveLength(states.length);
  });

  it.each(allEncodings)(
    'R-9: no weight of %s is below 0 or above 3 tokens, the bytes of a UTF-16 unit',
    (encoding) => {
      const weights = weightsOf(encoding);
      expect(weights.every((weight) => weight >= 0 && weight <= 3)).toBe(true);
    },
  );

  it('weights are multiples of 1/256, so that sums of them are exact', () => {
    for (let level = 0; level < 44; level++) expect(Number.isInteger(levelWeight(level) * 256)).toBe(true);
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

  it.each([
    ['o200k', 0.3, 0.5],
    ['llama', 0.3, 0.5],
    ['deepseek', 0.3, 0.5],
    ['qwen', 0.9, 1.3],
    ['gemma', 0.9, 1.3],
    ['mistral', 0.9, 1.3],
  ] as const)('three digits are about a token, or each is one: %s', (encoding, least, most) => {
    const perDigit = tokensOf('7'.repeat(3000), encoding) / 3000;
    expect(perDigit).toBeGreaterThan(least);
    expect(perDigit).toBeLessThan(most);
  });

  it.each(['\ud800', '\udc00', '\0', '\x7f', '\uffff', ' ', '\n', 'a', '=', '漢', '😀', 'é'])(
    'R-14: a megabyte of %j counts, and is counted in the same pass as anything',
    (character) => {
      const text = character.repeat(1_000_000 / character.length);
      for (const encoding of allEncodings) expect(tokensOf(text, encoding)).toBeGreaterThan(10_000);
    },
  );

  it.each(allEncodings)('a script that the fit saw little of counts its UTF-8 bytes: %s', (encoding) => {
    expect(tokensOf('ꆈꌠꁱꂷ', encoding)).toBe(12); // Yi
    const beyondFirstPlane = tokensOf('𐍈𐌰𐌹', encoding); // Gothic
    expect(beyondFirstPlane).toBeGreaterThanOrEqual(12);
    expect(beyondFirstPlane).toBeLessThanOrEqual(15); // the second half of a pair is charged what it costs in emoji
    expect(tokensOf('ܫܠܡܐ', encoding)).toBe(8); // Syriac
  });
});

describe('R-10: for a family that is recognised, what its own weights say', () => {
  const variantOf = (modelId: string, estimator = guardedCharRatio()): TokenEstimator =>
    estimator.forTokenizer!(tokenizerOf({ modelId }));

  it.each([
    ['qwen3:8b', 'script-aware(qwen, 1.1)'],
    ['gpt-5', 'script-aware(o200k, 1.1)'],
    ['mistral-large', 'script-aware(mistral or llama2, 1.1)'],
    ['a-model', 'guarded-char-ratio(3.5, 1.1)'],
    ['claude-sonnet-4-5', 'guarded-char-ratio(3.5, 1.1)'],
  ])('%s: %s', (modelId, id) => {
    const estimator = variantOf(modelId);
    expect(estimator.id).toBe(id);
    expect(!!estimator.ignoresVendor).toBe(id.startsWith('script'));
    expect(variantOf('qwen3', estimator).id).toBe('script-aware(qwen, 1.1)'); // from any to any
    expect(variantOf('a-model', estimator).id).toBe('guarded-char-ratio(3.5, 1.1)');
  });

  it('is what the weights of the family make of the text × 1.10, of several families the larger', () => {
    fc.assert(
      fc.property(
        anyText,
        fc.constantFrom('qwen3', 'llama3.1', 'kimi-k2', 'mistral-large'),
        (text, modelId) => {
          const { encodings = [] } = tokenizerOf({ modelId });
          const most = Math.max(...encodings.map((encoding) => tokensOf(text, encoding)));
          for (const estimator of [guardedCharRatio(), scriptAware()]) {
            expect(variantOf(modelId, estimator).estimateText(text)).toBe(
              Math.ceil(most * 1.1 * (1 - 1e-12)),
            );
          }
        },
      ),
    );
  });

  it('more text never counts less, whatever the family', () => {
    fc.assert(
      fc.property(
        anyText,
        anyText,
        fc.subarray([...allEncodings], { minLength: 1 }),
        (text, more, encodings) => {
          expect(tokensOf(text + more, ...encodings)).toBeGreaterThanOrEqual(tokensOf(text, ...encodings));
        },
      ),
    );
  });

  it('one of a kind for each, so that members share counts', () => {
    const estimator = guardedCharRatio();
    expect(variantOf('qwen3:8b', estimator)).toBe(variantOf('Qwen/Qwen3-32B', estimator));
    expect(variantOf('gemini-3-pro', estimator)).toBe(variantOf('gemma3', estimator));
  });

  it('R-13: another margin keeps the kind, and the family', () => {
    const estimator = variantOf('qwen3').withSafetyMargin!(1.2);
    expect(estimator.id).toBe('guarded-char-ratio(3.5, 1.2)');
    expect(variantOf('qwen3', estimator).id).toBe('script-aware(qwen, 1.2)');
  });

  it('families share the pass over a text: what it says is the same, and a text that was read isn’t read again', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 30, maxLength: 60 }), (texts) => {
        const estimator = guardedCharRatio();
        const variants = ['a-model', 'qwen3', 'llama3.1', 'kimi-k2'].map((id) => variantOf(id, estimator));
        const call: { readings: Readings | undefined } = { readings: undefined };
        const text = texts.join('').padEnd(512, 'ab ');
        for (const variant of variants) {
          expect(estimateShared(variant, text, 7, call)).toBe(variant.estimateText(text));
        }
        expect([...call.readings!.keys()]).toEqual([7]);
        const other = 'x'.repeat(5000);
        call.readings!.set(7, visitsOf(other));
        expect(estimateShared(variants[1]!, text, 7, call)).toBe(variants[1]!.estimateText(other));
      }),
    );
  });

  it('nothing is kept of short texts, of other estimators, and where there is but one family', () => {
    const call: { readings: Readings | undefined } = { readings: undefined };
    const estimator = guardedCharRatio();
    const long = 'word '.repeat(1000);
    expect(estimateShared(estimator, long, 0, call)).toBeUndefined();
    const variant = variantOf('qwen3', estimator);
    expect(estimateShared(variant, 'word', 0, call)).toBeUndefined();
    expect(estimateShared(charRatio(), long, 0, call)).toBeUndefined();
    expect(call.readings).toBeUndefined();
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
