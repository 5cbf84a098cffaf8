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

/**
 * Windows of text of each kind that is named: `most` at most, cut from all its documents in a row, less those with
 * long runs, which take js-tiktoken seconds each: no comparison on ordinary text should gain by that.
 */
export async function textsOf(names, size, most) {
  loaded ??= load();
  const { kinds, windows } = await loaded;
  return Object.fromEntries(
    names.map((name) => {
      const { fit, held } = kinds.find(({ kind }) => kind === name);
      const text = [...fit, ...held].map((each) => each.text).join('\n');
      const ordinary = windows([{ text }], size, most).filter((window) => !longRun.test(window));
      // Copies, since a slice keeps its whole document alive, and is read through it.
      return [name, ordinary.map((window) => Buffer.from(window).toString())];
    }),
  );
}

// Of ASCII, of one sign, of emoji.
const longRun = /[\x21-\x7e]{300}|([^\w])\1{100}|(\p{Extended_Pictographic}[\p{M}\p{Cf}]*){30}/u;
