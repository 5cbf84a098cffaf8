// How far the estimates are off, by kind of text, on held-out text: `npm run accuracy`. Prints Markdown.
import { fileURLToPath } from 'node:url';
import { installDependencies } from '../install.mjs';
import { byteRatio } from '../../src/tokens/estimators/byte-ratio.ts';
import { charRatio } from '../../src/tokens/estimators/char-ratio.ts';
import { guardedCharRatio } from '../../src/tokens/estimators/guarded-char-ratio.ts';
import { scriptAware } from '../../src/tokens/estimators/script-aware.ts';
import { tokenizerOf } from '../../src/tokens/vendor.ts';

installDependencies(fileURLToPath(new URL('.', import.meta.url)), 'the text to measure on');
// Only now, since what they read is installed.
const { corpus, windows } = await import('./corpus.mjs');
const { counterOf } = await import('../vocabularies/counters.mjs');
const { estimateTokenCount } = await import('tokenx');
const { anchoring } = await import('./anchor.mjs');

const size = 1000;
const estimators = {
  charRatio: charRatio().estimateText,
  byteRatio: byteRatio().estimateText,
  scriptAware: scriptAware().estimateText,
  'the default': guardedCharRatio().estimateText,
  'tokenx 2': (text) => Math.max(1, estimateTokenCount(text)),
};

/** Families by the heads of their columns: a model of each, and its tokenizer. */
const families = {
  'GPT-4o and later, gpt-oss': ['gpt-5', 'o200k'],
  'Gemini, Gemma 3': ['gemini-3-pro', 'gemma'],
  'Qwen 2 and later': ['qwen3', 'qwen'],
  'Llama 3': ['llama3.1', 'llama'],
  'DeepSeek V3': ['deepseek-v3', 'deepseek'],
  'Mistral (Tekken)': ['mistral-nemo', 'mistral'],
  'Llama 2, Mistral 7B': ['llama2', 'llama2'],
  'GPT-4, GPT-3.5': ['gpt-4', 'cl100k'],
};
const names = Object.keys(estimators);
const familyNames = Object.keys(families);

const counters = {};
for (const [, encoding] of Object.values(families)) counters[encoding] = await counterOf(encoding);
const estimateFor = Object.fromEntries(
  Object.entries(families).map(([name, [modelId]]) => [
    name,
    guardedCharRatio().forTokenizer(tokenizerOf({ modelId })).estimateText,
  ]),
);

const samples = corpus().flatMap(({ kind, group, held }) =>
  windows(held, size, group === 'rare' ? 1200 : 250).map((text) => {
    const real = counters.o200k(text);
    return {
      kind,
      group,
      perToken: text.length / real,
      ratios: {
        ...Object.fromEntries(names.map((name) => [name, estimators[name](text) / real])),
        ...Object.fromEntries(
          familyNames.map((name) => [name, estimateFor[name](text) / counters[families[name][1]](text)]),
        ),
      },
    };
  }),
);

console.log(
  `Estimate ÷ real o200k_base tokens of held-out windows of ${size} characters: 5 %, median, 95 %, and the`,
);
console.log('share of windows that are under-counted at all.\n');
print(['kind of text', 'windows', 'characters per token', ...names], (chosen) => [
  chosen.length,
  quantile(
    chosen.map(({ perToken }) => perToken),
    0.5,
  ).toFixed(2),
  ...names.map((name) => spread(chosen.map(({ ratios }) => ratios[name]))),
]);
console.log(
  '\nThe default for models whose family is known, ÷ real tokens of the family’s own tokenizer, of the',
);
console.log('same windows: median, and the share of windows that are under-counted at all.\n');
print(['kind of text', ...familyNames], (chosen) =>
  familyNames.map((name) => {
    const ratios = chosen.map((sample) => sample.ratios[name]);
    return `${quantile(ratios, 0.5).toFixed(2)}, ${share(ratios)}`;
  }),
);
console.log('\nThe lowest of all windows but rare languages and random:\n');
for (const name of familyNames) {
  const lowest = samples.filter(isOrdinary).toSorted((a, b) => a.ratios[name] - b.ratios[name])[0];
  console.log(`- ${name}: ${lowest.ratios[name].toFixed(2)} (${lowest.kind})`);
}

await anchoring();

function print(header, cells) {
  row(header);
  row(header.map((_, i) => (i ? '--:' : '---')));
  for (const kind of new Set(samples.map((sample) => sample.kind)))
    row([kind, ...cells(samples.filter((sample) => sample.kind === kind))]);
  row(['**all but rare languages and random**', ...cells(samples.filter(isOrdinary))]);
  row(['**with rare languages**', ...cells(samples.filter(({ group }) => group !== 'adversarial'))]);
}

function isOrdinary({ group }) {
  return !['rare', 'adversarial'].includes(group);
}

function row(cells) {
  console.log(`| ${cells.join(' | ')} |`);
}

function spread(ratios) {
  return `${[0.05, 0.5, 0.95].map((p) => quantile(ratios, p).toFixed(2)).join(' ')}, ${share(ratios)}`;
}

function share(ratios) {
  const percent = (100 * ratios.filter((ratio) => ratio < 1).length) / ratios.length;
  return `${percent > 0 && percent < 10 ? percent.toFixed(percent < 0.1 ? 2 : 1) : percent.toFixed(0)} %`;
}

function quantile(values, p) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
}
