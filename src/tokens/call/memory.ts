import { Recent } from '../recent.ts';

// What is known of texts by their hashes, for as long as the process runs. An entry is two numbers, whatever it is of.
const most = 4096;

const sums = new WeakMap<object, Recent<number>>();

/** Tokens by hash, as one counter has them: an estimator those of texts, a member's tokenizer those of media. */
export function tokensBy(counter: object): Recent<number> {
  const known = sums.get(counter);
  if (known) return known;
  const made = new Recent<number>(most);
  sums.set(counter, made);
  return made;
}
