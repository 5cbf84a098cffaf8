/** Longer names aren't compared, nor more of them: a file with thousands of mistakes is read in bounded time. */
const longest = 60;
const mostNames = 1000;

/** The name that was probably meant: one of a few slips away. Undefined if none is. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  if (word.length > longest) return undefined;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  let compared = 0;
  for (const name of names) {
    if (Math.abs(name.length - word.length) >= least) continue;
    if (compared++ >= mostNames) break;
    const slips = distance(word.toLowerCase(), name.toLowerCase());
    if (slips < least) [best, least] = [name, slips];
  }
  return best;
}

/** The name of what is called like that, and is of another kind: `cascade/x` for `alloy/x`. */
export function namedAs(word: string, names: { has(name: string): boolean }): string | undefined {
  const [, id] = /^(?:alloy|cascade|dispatcher|model)\/(.+)$/.exec(word) ?? [];
  return id === undefined
    ? undefined
    : [`alloy/${id}`, `cascade/${id}`, `dispatcher/${id}`, id].find((name) => names.has(name));
}

/** Letters to insert, remove or change, or neighbours to swap, until `a` is `b`. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, change);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) least = Math.min(least, beforeLast[j - 2]! + 1);
      row.push(least);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
