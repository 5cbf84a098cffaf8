// Fits the weights of scriptAware to exact counts by the tokenizers of several families of models, and writes
// src/tokens/estimators/script-weights.ts: `npm run fit`.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installDependencies } from '../install.mjs';

installDependencies(fileURLToPath(new URL('.', import.meta.url)), 'the text to fit on');
// Only now, since what they read is installed.
const { corpus, windows } = await import('./corpus.mjs');
const { counterOf, sources } = await import('../vocabularies/counters.mjs');
const { fitWeights } = await import('./expectile.mjs');
const { limits } = await import('./limits.mjs');
const { buildStates } = await import('../../src/tokens/estimators/script-states.ts');
const { firstLevel, levelStep, levelWeight } = await import('../../src/tokens/estimators/script-pass.ts');

const target = fileURLToPath(new URL('../../src/tokens/estimators/script-weights.ts', import.meta.url));
/** How much more it matters to be too low than too high: less for English, which has few surprises. */
const pull = { english: 40, code: 100, data: 60, language: 80, rare: 40 };
/** How much a kind of text of this group matters beside the others. */
const importance = { english: 5, code: 5, data: 1.5, language: 2, rare: 0.8 };

const tables = buildStates();
const { classes, next, states } = tables;

console.log('fit: reading the corpus …');
const kinds = corpus().filter(({ group }) => group !== 'adversarial');
const samples = kinds.flatMap(({ group, fit }) => {
  const texts = windows(fit, 1000, group === 'rare' ? 2500 : 300);
  const weight = importance[group] / Math.sqrt(texts.length);
  return texts.map((text) => ({ text, counts: visits(text), weight, pull: pull[group] }));
});
console.log(
  `fit: ${samples.length} windows of 1,000 characters in ${kinds.length} kinds, ${states.length} states …`,
);

const seen = new Float64Array(64);
for (const { counts } of samples) counts.forEach((visited, j) => (seen[states[j] >> 8] += visited));
const bounds = limits(tables, seen);

const levels = {};
for (const encoding of Object.keys(sources)) {
  const count = await counterOf(encoding);
  const rows = samples.map((sample) => ({ ...sample, tokens: count(sample.text) }));
  const weights = fitWeights(rows, { ...bounds, prior: fitCoarsely(rows), ridge: 0.1 });
  levels[encoding] = Array.from(weights, (weight, j) => nearestLevel(weight, bounds.floor[j]));
  console.log(`fit: ${encoding}`);
}
writeFileSync(target, source(levels));
console.log(`fit: wrote ${target}`);

/** The level of the weight nearest to this one, by their ratio, or a bit on the high side; never below the floor. */
function nearestLevel(weight, floor) {
  const enough = Math.max(floor - 1e-6, weight / levelStep ** 0.35);
  let level = 0;
  while (levelWeight(level) < enough) level++;
  return level;
}

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
function fitCoarsely(rows) {
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

function source(fitted) {
  const names = Object.keys(fitted).map((encoding) => `'${encoding}'`);
  const text = states
    .flatMap((_, j) => Object.values(fitted).map((each) => String.fromCharCode(firstLevel + each[j])))
    .join('');
  const lines = text.match(/.{1,96}/g).map((line) => `  '${line.replaceAll('\\', '\\\\')}'`);
  return `// Written by \`npm run fit\` from ${samples.length} windows of text in ${kinds.length} kinds and their exact counts: see bench/tokens.
// Don't edit.

/** A tokenizer that there are weights of. */
export type Encoding = ${names.join(' | ')};

export const allEncodings: readonly Encoding[] = [
${names.map((name) => `  ${name},`).join('\n')}
];

/**
 * The weights of each state, one for each encoding in their order, a character each: its level, from \`(\` on. Beside one
 * another, the weights of one state compress better.
 */
export const weightLevels: string =
${lines.join(' +\n')};
`;
}
