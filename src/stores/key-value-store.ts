/**
 * Keeps the cooldowns of `cooldown`, and the chosen targets of a `session`, so that several instances of a server
 * share them. It holds short strings under short keys; the last write wins, which is enough for both.
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
  /** The value under `key`, or nothing once it has expired. */
  get(key: string): PromiseLike<string | null | undefined> | string | null | undefined;
  /** Keeps `value` under `key` for `expiresInMs` milliseconds, a whole number above 0. */
  set(key: string, value: string, expiresInMs: number): unknown;
}
