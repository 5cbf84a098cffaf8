import { distance } from '../spelling.ts';

/** Longer names aren't compared, nor more of them: a file with thousands of mistakes is read in bounded time. */
const longest = 60;
const mostNames = 1000;

/** The name that was probably meant: the same behind a provider's prefix, or a few slips away. Undefined if none is. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  if (word.length > longest) return undefined;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  let compared = 0;
  for (const name of names) {
    if (name.endsWith(`/${word}`) || word.endsWith(`/${name}`)) return name;
    if (Math.abs(name.length - word.length) >= least) continue;
    if (compared++ >= mostNames) break;
    const slips = distance(word.toLowerCase(), name.toLowerCase());
    if (slips < least) [best, least] = [name, slips];
  }
  return best;
}

/** The name of what is called like that by another kind, or in another way: `cascade/x` for `alloy/x` and `cascade:x`. */
export function namedAs(word: string, names: { has(name: string): boolean }): string | undefined {
  const [, id] = /^@?(?:alloy|cascade|dispatcher|model|group|router|route)s?[/:. ](.+)$/.exec(word) ?? [];
  return id === undefined
    ? undefined
    : [`alloy/${id}`, `cascade/${id}`, `dispatcher/${id}`, id].find((name) => names.has(name));
}
