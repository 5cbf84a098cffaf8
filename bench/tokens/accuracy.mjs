// How far the estimates are off, by kind of text, on held-out text: `npm run accuracy`. Prints Markdown.
import { fileURLToPath } from 'node:url';
import { installDependencies } from '../install.mjs';
import { byteRatio } from '../../dist/tokens/estimators/byte-ratio.js';
import { charRatio } from '../../dist/tokens/estimators/char-ratio.js';
import { guardedCharRatio } from '../../dist/tokens/estimators/guarded-char-ratio.js';
import { scriptAware } from '../../dist/tokens/estimators/script-aware.js';

installDependencies(fileURLToPath(new URL('.', import.meta.url)), 'the text to measure on');
// Only now, since what they read is installed.
const { corpus, windows } = await import('./corpus.mjs');
const { exactCounter } = await import('./counter.mjs');
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
const encodings = {
  o200k_base: await exactCounter('o200k_base'),
  cl100k_base: await exactCounter('cl100k_base'),
};

const samples = corpus().flatMap(({ kind, group, held }) =>
  windows(held, size, group === 'rare' ? 1200 : 250).map((text) => {
    const real = Object.fromEntries(Object.entries(encodings).map(([name, count]) => [name, count(text)]));
    const ratios = Object.entries(estimators).map(([name, estimate]) => [
      name,
      estimate(text) / real.o200k_base,
    ]);
    const ofOlder = real.o200k_base / real.cl100k_base;
    return {
      kind,
      group,
      perToken: text.length / real.o200k_base,
      ofOlder,
      ratios: Object.fromEntries(ratios),
    };
  }),
);

const names = Object.keys(estimators);
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
console.log('\nThe share of the same windows under-counted against cl100k_base.\n');
print(['kind of text', ...names], (chosen) =>
  names.map((name) => share(chosen.map(({ ratios, ofOlder }) => ratios[name] * ofOlder))),
);

await anchoring();

function print(header, cells) {
  row(header);
  row(header.map((_, i) => (i ? '--:' : '---')));
  for (const kind of new Set(samples.map((sample) => sample.kind)))
    row([kind, ...cells(samples.filter((sample) => sample.kind === kind))]);
  const ordinary = samples.filter(({ group }) => !['rare', 'adversarial'].includes(group));
  row(['**all but rare languages and random**', ...cells(ordinary)]);
  row(['**with rare languages**', ...cells(samples.filter(({ group }) => group !== 'adversarial'))]);
}

function row(cells) {
  console.log(`| ${cells.join(' | ')} |`);
}

function spread(ratios) {
  return `${[0.05, 0.5, 0.95].map((p) => quantile(ratios, p).toFixed(2)).join(' ')}, ${share(ratios)}`;
}

function share(ratios) {
  const percent = (100 * ratios.filter((ratio) => ratio < 1).length) / ratios.length;
  return `${percent > 0 && percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

function quantile(values, p) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
}
