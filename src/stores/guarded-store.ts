import type { KeyValueStore } from './key-value-store.ts';
import { patientTimer } from '../faults/patient-timer.ts';

/** How long a request waits for a store at most. */
const timeoutMs = 50;
/**
 * After so many timeouts in a row a store is not asked for a while. A single timeout may be a pause of the store, or
 * of this process.
 */
const maxTimeouts = 3;
const pauseMs = 1000;

/**
 * Asks a store. Resolves to undefined if the store is slow or fails, or if it is not asked because it failed, or was
 * slow repeatedly, a moment ago.
 */
export type AskStore = <Value>(
  ask: (store: KeyValueStore) => PromiseLike<Value> | Value,
) => Promise<Value | undefined>;

/** Wraps a store so that it can neither fail a request nor delay it for more than a moment. */
export function guardedStore(store: KeyValueStore | undefined): AskStore {
  let pausedAt = -Infinity;
  let timeouts = 0;
  let timedOutAt = -Infinity;
  const timedOut = (askedAt: number): undefined => {
    if (askedAt < timedOutAt) return undefined; // several requests waited through the same pause: it counts once
    timedOutAt = performance.now();
    if (++timeouts >= maxTimeouts) pausedAt = timedOutAt;
    return undefined;
  };
  return async (ask) => {
    const askedAt = performance.now();
    if (!store || askedAt < pausedAt + pauseMs) return undefined;
    let cancelTimer: (() => void) | undefined;
    try {
      const timeout = new Promise<typeof timeoutMarker>((resolve) => {
        ({ stop: cancelTimer } = patientTimer(() => resolve(timeoutMarker), timeoutMs));
      });
      const answer = await Promise.race([ask(store), timeout]);
      if (answer === timeoutMarker) return timedOut(askedAt);
      timeouts = 0;
      return answer as Exclude<typeof answer, typeof timeoutMarker>;
    } catch {
      pausedAt = performance.now(); // an error means that the store is down: don't ask it for a while
      return undefined;
    } finally {
      cancelTimer?.();
    }
  };
}

const timeoutMarker = Symbol('late');
