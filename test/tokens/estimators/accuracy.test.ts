// A sample of `npm run accuracy` that runs everywhere: text that the weights were not fitted on. The fixture has
// its exact counts, written by `node bench/tokens/fixture.mjs`; the package's own sources are counted here.
import { readdirSync, readFileSync } from 'node:fs';
import { Tiktoken } from 'js-tiktoken/lite';
import o200k from 'js-tiktoken/ranks/o200k_base';
import { describe, expect, it } from 'vitest';
import { charRatio, scriptAware } from '../../../src/index.ts';
import { guardedCharRatio } from '../../../src/tokens/estimators/guarded-char-ratio.ts';

interface Sample {
  readonly kind: string;
  readonly group: string;
  readonly o200k: number;
  readonly cl100k: number;
  readonly text: string;
}

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const samples: readonly Sample[] = JSON.parse(read('fixtures/held-out.json'));
const inGroup = (group: string): readonly Sample[] => samples.filter((sample) => sample.group === group);

const scripts = (text: string): number => scriptAware().estimateText(text);
const ratio = (text: string): number => charRatio().estimateText(text);
const byDefault = (text: string): number => guardedCharRatio().estimateText(text);

/** Estimate ÷ real at the median. */
function median(
  texts: readonly { text: string; o200k: number }[],
  estimate: (text: string) => number,
): number {
  const ratios = texts.map(({ text, o200k: real }) => estimate(text) / real).toSorted((a, b) => a - b);
  return ratios[ratios.length >> 1]!;
}

describe('R-14: text in many languages is not under-counted in silence', () => {
  it.each(inGroup('language').map((sample) => [sample.kind, sample] as const))(
    '%s',
    (_, { text, o200k: real }) => {
      expect(scripts(text)).toBeGreaterThanOrEqual(real);
      expect(byDefault(text)).toBeGreaterThanOrEqual(real);
      expect(scripts(text)).toBeLessThanOrEqual(2 * real);
    },
  );

  it('most of them would be by charRatio alone', () => {
    const under = inGroup('language').filter(({ text, o200k: real }) => ratio(text) < real);
    expect(under.length).toBeGreaterThan(inGroup('language').length / 3);
  });

  it.each(inGroup('rare').map((sample) => [sample.kind, sample] as const))(
    'rare languages, by 40 % at most: %s',
    (_, { text, o200k: real }) => {
      expect(scripts(text)).toBeGreaterThanOrEqual(0.6 * real);
    },
  );
});

describe('R-14: English prose', () => {
  const english = inGroup('english');

  it('is never under-counted', () => {
    for (const { text, o200k: real, cl100k } of english) {
      expect(scripts(text)).toBeGreaterThanOrEqual(real);
      expect(byDefault(text)).toBeGreaterThanOrEqual(Math.max(real, cl100k));
    }
  });

  it('costs little more than by charRatio: 0.10 by scriptAware, 5 % by the default', () => {
    expect(median(english, scripts)).toBeLessThanOrEqual(median(english, ratio) + 0.1);
    expect(median(english, byDefault)).toBeLessThanOrEqual(median(english, ratio) * 1.05);
  });
});

describe('R-14: code', () => {
  const folder = '../../../src/routing/';
  const files = readdirSync(new URL(folder, import.meta.url)).filter((name) => name.endsWith('.ts'));
  const encoding = new Tiktoken(o200k);
  const code = files.map((name) => {
    const text = read(`${folder}${name}`).slice(0, 2000);
    return { name, text, o200k: encoding.encode(text, [], []).length };
  });

  it.each(code.map((file) => [file.name, file] as const))('is not under-counted: %s', (_, file) => {
    expect(scripts(file.text)).toBeGreaterThanOrEqual(file.o200k);
  });

  it('costs little more than by charRatio', () => {
    expect(median(code, scripts)).toBeLessThanOrEqual(median(code, ratio) + 0.1);
  });
});
