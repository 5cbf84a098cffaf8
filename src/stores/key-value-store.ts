/**
 * Where the rests of a `cooldown`, and the picks of a `session`, are kept, so that several instances of a server share
 * them. Holds short strings under short keys; the last writer wins, which is enough for both.
 *
 * @example
 * ```ts
 * import type { KeyValueStore } from 'ai-alloy';
 *
 * const entries = new Map<string, { value: string; until: number }>();
 *
 * export const store: KeyValueStore = {
 *   get(key) {
 *     const entry = entries.get(key);
 *     return entry && entry.until > performance.now() ? entry.value : undefined;
 *   },
 *   set(key, value, expiresInMs) {
 *     entries.set(key, { value, until: performance.now() + expiresInMs });
 *   },
 * };
 * ```
 */
export interface KeyValueStore {
  /** What is kept under `key`, or nothing once it has expired. */
  get(key: string): PromiseLike<string | null | undefined> | string | null | undefined;
  /** Keeps `value` under `key` for that many milliseconds, a whole number above 0. */
  set(key: string, value: string, expiresInMs: number): unknown;
}
