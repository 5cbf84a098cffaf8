// What real tokenizers make of real text, as a part of what the built-in estimator makes of it: where the bounds of
// credible usage come from (src/tokens/call/anchor.ts). After a build: `npx tsx bench/vocabularies/credible.mjs`.
import { fileURLToPath } from 'node:url';
import { defaultEstimator } from '../../src/tokens/resolve-estimator.ts';
import { installDependencies } from '../install.mjs';
import { exactCounter } from '../tokens/counter.mjs';
import { families, install, readTokenizer } from './vocabularies.mjs';

installDependencies(fileURLToPath(new URL('../tokens/', import.meta.url)), 'the text to measure on');
install();
// Only now, since what they read is installed.
const { corpus, windows } = await import('../tokens/corpus.mjs');
const { Tokenizer } = await import('@huggingface/tokenizers');

const size = 5000;
const quantiles = [0, 0.01, 0.05, 0.5, 0.95, 0.99, 1];

const counters = {
  o200k_base: await exactCounter('o200k_base'),
  cl100k_base: await exactCounter('cl100k_base'),
};
for (const family of families) {
  const tokenizer = new Tokenizer(readTokenizer(family), readTokenizer(family, 'tokenizer_config.json'));
  counters[family] = (text) => tokenizer.encode(text, { add_special_tokens: false }).ids.length;
}
const texts = corpus()
  .filter(({ group }) => group !== 'adversarial')
  .flatMap(({ fit, held }) =>
    windows([{ text: [...fit, ...held].map(({ text }) => text).join('\n') }], size, 6),
  );
console.log(
  `Real ÷ estimated tokens of ${texts.length} texts of ${size} characters: quantiles ${quantiles.join(', ')}\n`,
);
for (const [name, count] of Object.entries(counters)) {
  const ratios = texts
    .map((text) => count(text) / defaultEstimator.estimateText(text))
    .toSorted((a, b) => a - b);
  const at = (quantile) =>
    ratios[Math.min(ratios.length - 1, Math.floor(quantile * ratios.length))].toFixed(2);
  console.log(`${name.padEnd(12)} ${quantiles.map(at).join('  ')}`);
}
