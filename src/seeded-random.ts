/**
 * A source of numbers from 0 to below 1 that gives the same numbers for the same seed (mulberry32), for an alloy's
 * `random`. Not for secrets.
 *
 * @param seed any whole number
 *
 * @example
 * ```ts
 * import { seededRandom } from 'ai-alloy';
 *
 * const random = seededRandom(42);
 * console.log(random(), random()); // the same two in every run
 * ```
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
