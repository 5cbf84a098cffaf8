import * as fc from 'fast-check';
import cl100k from 'js-tiktoken/ranks/cl100k_base';
import gpt2 from 'js-tiktoken/ranks/gpt2';
import o200k from 'js-tiktoken/ranks/o200k_base';
import { describe, expect, it } from 'vitest';
import { endMark } from '../../src/tiktoken/character-classes.ts';
import { isSafeCut, nextSafeCut } from '../../src/tiktoken/safe-cut.ts';
import { splitterFor } from '../../src/tiktoken/split.ts';
import { trickyText } from './texts.ts';

const patterns = [
  ['o200k_base', o200k.pat_str],
  ['cl100k_base', cl100k.pat_str],
  ['gpt2', gpt2.pat_str],
] as const;

describe.each(patterns)('R-10 (tiktoken): the pieces of %s', (_, pattern) => {
  const expression = new RegExp(pattern, 'ug');
  const piecesOf = (text: string): string[] => text.match(expression) ?? [];
  const split = splitterFor(pattern)!;

  it('are those of its regular expression', () => {
    const encoder = new TextEncoder();
    fc.assert(
      fc.property(trickyText, (text) => {
        const encoded = encoder.encode(text);
        const bytes = new Uint8Array([...encoded, endMark]);
        const lengths: number[] = [];
        for (let start = 0; start < encoded.length;) {
          const end = split(bytes, start);
          lengths.push(end - start);
          start = end;
        }
        expect(lengths).toEqual(piecesOf(text).map((piece) => encoder.encode(piece).length));
      }),
      { numRuns: 10_000 },
    );
  });

  it('are the same on both sides of a safe cut', () => {
    fc.assert(
      fc.property(trickyText, (text) => {
        const pieces = piecesOf(text);
        for (let index = 1; index < text.length; index++) {
          if (!isSafeCut(text, index)) continue;
          expect([...piecesOf(text.slice(0, index)), ...piecesOf(text.slice(index))]).toEqual(pieces);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('nextSafeCut', () => {
  it('is before a blank, after a word and after a number', () => {
    expect(nextSafeCut('one two', 1)).toBe(3);
    expect(nextSafeCut('人人生而自由，在', 1)).toBe(6);
    expect(nextSafeCut('12.5', 1)).toBe(2);
  });

  it('is the end of the text where there is none, and never beyond', () => {
    expect(nextSafeCut("don't", 1)).toBe(5);
    expect(nextSafeCut('aaaa', 1)).toBe(4);
    expect(nextSafeCut('a', 100)).toBe(1);
  });
});
