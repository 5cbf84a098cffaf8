// Fits the weights of scriptAware to exact o200k_base counts and writes src/tokens/estimators/script-weights.ts: `npm run fit`.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installDependencies } from '../install.mjs';

installDependencies(fileURLToPath(new URL('.', import.meta.url)), 'the text to fit on');
// Only now, since what they read is installed.
const { corpus, windows } = await import('./corpus.mjs');
const { exactCounter } = await import('./counter.mjs');
const { fitWeights } = await import('./expectile.mjs');
const { limits } = await import('./limits.mjs');
const { buildStates } = await import('../../dist/tokens/estimators/script-states.js');

const target = fileURLToPath(new URL('../../src/tokens/estimators/script-weights.ts', import.meta.url));
const perToken = 256;
/** How much more it matters to be too low than too high: less for English, which has few surprises. */
const pull = { english: 30, code: 40, data: 60, language: 80, rare: 40 };
/** How much a kind of text of this group matters beside the others. */
const importance = { english: 5, code: 5, data: 1, language: 1.5, rare: 0.8 };

const tables = buildStates();
const { classes, next, states } = tables;

console.log('fit: reading the corpus …');
const kinds = corpus().filter(({ group }) => group !== 'adversarial');
const countTokens = await exactCounter('o200k_base');
const rows = kinds.flatMap(({ group, fit }) => {
  const texts = windows(fit, 1000, group === 'rare' ? 2500 : 300);
  const weight = importance[group] / Math.sqrt(texts.length);
  return texts.map((text) => ({
    counts: visits(text),
    tokens: countTokens(text),
    weight,
    pull: pull[group],
  }));
});
console.log(
  `fit: ${rows.length} windows of 1,000 characters in ${kinds.length} kinds, ${states.length} states …`,
);

const seen = new Float64Array(64);
for (const { counts } of rows) counts.forEach((visited, j) => (seen[states[j] >> 8] += visited));

const bounds = limits(tables, seen);
const weights = fitWeights(rows, { ...bounds, prior: fitCoarsely(), ridge: 0.1 });
const digits = Array.from(weights, (weight) => Math.ceil(weight * perToken - 1e-6));
writeFileSync(target, source(digits));
console.log(`fit: wrote ${target}`);

/** How often a text visits each state. */
function visits(text) {
  const counts = new Float64Array(states.length);
  let row = 0;
  for (let i = 0; i < text.length; i++) {
    row = next[row | classes[text.charCodeAt(i)]];
    counts[row >> 6]++;
  }
  return counts;
}

/**
 * A fit of few features, to start from where the text says little about a state: each class, at the start of a
 * run after a space, at another start of a run, and later in it.
 */
function fitCoarsely() {
  const names = states.map((state) => `${state >> 8} ${(state & 15) > 1 ? 'later' : (state & 0xf0) === 0}`);
  const features = [...new Set(names)];
  const place = names.map((name) => features.indexOf(name));
  const merge = (values, join, start) => {
    const merged = new Float64Array(features.length).fill(start);
    values.forEach((value, j) => (merged[place[j]] = join(merged[place[j]], value)));
    return merged;
  };
  const fitted = fitWeights(
    rows.map((one) => ({ ...one, counts: merge(one.counts, (a, b) => a + b, 0) })),
    {
      floor: merge(bounds.floor, Math.min, Infinity),
      ceiling: merge(bounds.ceiling, Math.max, 0),
      prior: new Float64Array(features.length).fill(0.4),
      ridge: 0.001,
    },
  );
  return place.map((j) => fitted[j]);
}

function source(numbers) {
  const text = numbers.map((number) => number.toString(36).padStart(2, '0')).join('');
  return `// Written by \`npm run fit\` from ${rows.length} windows of text in ${kinds.length} kinds and exact o200k_base counts: see
// bench/tokens. Don't edit.

/** What a whole token is in the numbers below. */
export const weightsPerToken = ${perToken};

/** The weight of each state, two digits of base 36. */
export const weightDigits: string =
${text
  .match(/.{1,100}/g)
  .map((line) => `  '${line}'`)
  .join(' +\n')};
`;
}
