import { distance } from '../spelling.ts';

/** Longer names aren't compared, nor more of them: a file with thousands of mistakes is read in bounded time. */
const longest = 60;
const mostNames = 1000;

/** The name that was probably meant: the same with a provider's prefix, else one of a few slips away, else the same without its prefix. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  if (word.length > longest) return undefined;
  let best: string | undefined;
  let prefixed: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  let compared = 0;
  for (const name of names) {
    if (name.endsWith(`/${word}`)) return name;
    if (word.endsWith(`/${name}`)) prefixed ??= name;
    if (Math.abs(name.length - word.length) >= least) continue;
    if (compared++ >= mostNames) break;
    const slips = distance(word.toLowerCase(), name.toLowerCase());
    if (slips < least) [best, least] = [name, slips];
  }
  return best ?? prefixed;
}

/** The name of what is called like that by another kind, or in another way: `cascade/x` for `alloy/x` and `cascade:x`. */
export function namedAs(word: string, names: { has(name: string): boolean }): string | undefined {
  const [, id] = /^@?(?:alloy|cascade|dispatcher|model|group|router|route)s?[/:. ](.+)$/.exec(word) ?? [];
  return id === undefined
    ? undefined
    : [`alloy/${id}`, `cascade/${id}`, `dispatcher/${id}`, id].find((name) => names.has(name));
}
