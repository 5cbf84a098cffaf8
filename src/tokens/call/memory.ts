import { Recent } from '../recent.ts';

// Token counts by hash, cached for as long as the process runs. An entry is two numbers, however long its text.
const maxEntries = 4096;

const sums = new WeakMap<object, Recent<number>>();

/** Cached tokens by hash for one counter: texts are cached by estimator, media by the member's tokenizer. */
export function tokensBy(counter: object): Recent<number> {
  const known = sums.get(counter);
  if (known) return known;
  const made = new Recent<number>(maxEntries);
  sums.set(counter, made);
  return made;
}
