import * as fc from 'fast-check';
import { Tiktoken } from 'js-tiktoken/lite';
import cl100k from 'js-tiktoken/ranks/cl100k_base';
import { beforeAll, describe, expect, it } from 'vitest';
import { InvalidConfigurationError } from '../../src/index.ts';
import {
  fromTiktoken,
  tiktoken,
  type FromTiktokenOptions,
  type TiktokenEncoder,
} from '../../src/tiktoken/index.ts';
import { multilingual, runs, trickyText } from './texts.ts';

const encoder = new Tiktoken(cl100k);
const estimator = fromTiktoken(encoder, { id: 'mine', safetyMargin: 1 });
const exact = tiktoken({ encoding: 'cl100k_base', safetyMargin: 1 });

beforeAll(async () => {
  await exact.load!();
});

/** An encoder that takes down what it is given; a token per UTF-16 unit. */
function recorder(): { encoder: TiktokenEncoder; texts: string[] } {
  const texts: string[] = [];
  return {
    encoder: { encode: (text) => (texts.push(text), Array.from({ length: text.length }, () => 0)) },
    texts,
  };
}

describe('R-10 (tiktoken): fromTiktoken', () => {
  it('names the encoder, its margin and whose it is', () => {
    const own = fromTiktoken(encoder, { id: 'mine' });
    expect(own.id).toBe('from-tiktoken(mine, 1.02)');
    expect(own.isExactFor!({ vendor: 'openai', factor: 1, modelId: 'gpt-5' })).toBe(true);
    expect(own.load).toBeUndefined();
    expect(own.withSafetyMargin!(1.5).id).toBe('from-tiktoken(mine, 1.5)');
    const generic = fromTiktoken(encoder, { id: 'mine', exactFor: 'generic' });
    expect(generic.isExactFor!({ vendor: 'generic', factor: 1, modelId: 'mine' })).toBe(true);
    expect(generic.isExactFor!({ vendor: 'openai', factor: 1, modelId: 'gpt-5' })).toBe(false);
  });

  it('counts like tiktoken', () => {
    for (const text of multilingual.filter((sentence) => !/\p{Script=Thai}/u.test(sentence))) {
      expect(estimator.estimateText(text)).toBe(exact.estimateText(text));
    }
    const long = multilingual.slice(0, 10).join('\n');
    expect(estimator.estimateText(long)).toBe(exact.estimateText(long));
    fc.assert(
      fc.property(trickyText, (text) => {
        // These are short, but for runs of many-byte characters.
        fc.pre(new TextEncoder().encode(text).length <= 256);
        expect(estimator.estimateText(text)).toBe(exact.estimateText(text));
      }),
      { numRuns: 500 },
    );
  });

  it('counts the text of special tokens as text', () => {
    expect(() => encoder.encode('<|endoftext|>')).toThrow('special token');
    expect(estimator.estimateText('<|endoftext|>')).toBe(exact.estimateText('<|endoftext|>'));
  });

  it('prefers encode_ordinary', () => {
    const both = {
      encode: () => {
        throw new Error('not this one');
      },
      encode_ordinary: (text: string) => new Uint32Array(text.length),
    };
    expect(fromTiktoken(both, { id: 'both', safetyMargin: 1 }).estimateText('abc')).toBe(3);
  });

  it('calls methods as methods', () => {
    class Encoder {
      private readonly perCharacter = 1;
      encode(text: string): number[] {
        return Array.from({ length: text.length * this.perCharacter }, () => 0);
      }
    }
    expect(fromTiktoken(new Encoder(), { id: 'class', safetyMargin: 1 }).estimateText('abc')).toBe(3);
  });

  it.each(Object.entries(runs))(
    'hands no run of 10,000 to the encoder, and never counts less: %s',
    (_, run) => {
      const text = run(10_000);
      const { encoder: recording, texts } = recorder();
      fromTiktoken(recording, { id: 'recording' }).estimateText(text);
      // A batch ends within one piece of at most 256 bytes after 1,024 units.
      expect(Math.max(...texts.map((part) => part.length))).toBeLessThanOrEqual(1024 + 256);
      const own = estimator.estimateText(text);
      expect(own).toBeGreaterThanOrEqual(exact.estimateText(text));
      expect(own).toBeLessThanOrEqual(new TextEncoder().encode(text).length);
    },
  );

  it('charges its bytes for a run of more than 256, and only for that', () => {
    const run = '日'.repeat(100);
    expect(estimator.estimateText(`Before, ${run}, after.`)).toBe(
      exact.estimateText('Before,') + exact.estimateText(', after.') + ' '.length + 300,
    );
    const short = 'qzxj'.repeat(64);
    expect(estimator.estimateText(short)).toBe(exact.estimateText(short));
    expect(estimator.estimateText(`${short}q`)).toBe(257);
  });

  it('R-9: stops early, and is exact up to the limit', () => {
    const { encoder: recording, texts } = recorder();
    const own = fromTiktoken(recording, { id: 'recording', safetyMargin: 1 });
    texts.length = 0;
    expect(own.estimateUpTo!('word '.repeat(10_000), 100)).toBeGreaterThan(100);
    expect(texts).toHaveLength(1);
    expect(own.estimateUpTo!('word '.repeat(1000), 5000)).toBe(5000);
    expect(own.estimateUpTo!('a'.repeat(100_000), 100)).toBeGreaterThan(100);
  });

  it('R-9: upperBound is never below estimateText', () => {
    for (const text of [...multilingual, ...Object.values(runs).map((run) => run(1000))]) {
      expect(estimator.upperBound!(text)).toBeGreaterThanOrEqual(estimator.estimateText(text));
    }
  });

  it.each([
    [null, { id: 'x' }, 'fromTiktoken.encoder is null: pass an object with encode or encode_ordinary'],
    [{}, { id: 'x' }, 'fromTiktoken.encoder is an object: pass an object with encode or encode_ordinary'],
    [{ encode: 'no' }, { id: 'x' }, 'fromTiktoken.encoder is an object'],
    [{ encode: async () => [1] }, { id: 'x' }, 'its answer to "a" has to be a list of one'],
    [encoder, {}, 'fromTiktoken.id is undefined: name the encoder'],
    [encoder, { id: '' }, 'fromTiktoken.id is ""'],
    [encoder, undefined, 'fromTiktoken is undefined: pass an object of options'],
    [encoder, { id: 'x', margin: 2 }, 'fromTiktoken.margin is a number: there is no such option'],
    [encoder, { id: 'x', safetyMargin: 0 }, 'fromTiktoken.safetyMargin is 0: use at least 1'],
    [encoder, { id: 'x', exactFor: 'acme' }, 'fromTiktoken.exactFor is "acme": use one of openai'],
  ])('wrong input is an error that names it: %#', (wrong, options, message) => {
    const make = (): unknown => fromTiktoken(wrong as TiktokenEncoder, options as FromTiktokenOptions);
    expect(make).toThrow(InvalidConfigurationError);
    expect(make).toThrow(message);
  });
});
