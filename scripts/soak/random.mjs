/** Random numbers from 0 to 1 that depend on nothing but the keys, so that every run of a seed makes the same calls. */
export function randomBy(...keys) {
  let state = 0x811c9dc5;
  for (const character of keys.join('/')) {
    state = Math.imul(state ^ character.codePointAt(0), 0x01000193);
  }
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of the keys of `weights`, each as likely as its weight. */
export function pick(random, weights) {
  const entries = Object.entries(weights);
  let left = random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [key, weight] of entries) {
    left -= weight;
    if (left < 0) return key;
  }
  return entries[0][0];
}

/** One of a list. */
export const oneOf = (random, list) => list[Math.floor(random() * list.length)];

/** A whole number from `from` to `to`. */
export const between = (random, from, to) => from + Math.floor(random() * (to - from + 1));
