// Text to count, from the corpus in bench/tokens.
import { fileURLToPath } from 'node:url';
import { installDependencies } from './install.mjs';

let loaded;

async function load() {
  installDependencies(fileURLToPath(new URL('tokens/', import.meta.url)), 'the text to measure on');
  // Only now, since what it reads is installed.
  const { corpus, windows } = await import('./tokens/corpus.mjs');
  return { kinds: corpus(), windows };
}

/** Windows of text, 60 at most of each kind that is named. */
export async function textsOf(names, size) {
  loaded ??= load();
  const { kinds, windows } = await loaded;
  return Object.fromEntries(
    names.map((name) => {
      const { fit, held } = kinds.find(({ kind }) => kind === name);
      // Copies, since a slice keeps its whole document alive, and is read through it.
      return [name, windows([...fit, ...held], size, 60).map((text) => Buffer.from(text).toString())];
    }),
  );
}
