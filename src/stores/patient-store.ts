import type { KeyValueStore } from './key-value-store.ts';
import { patientTimer } from '../faults/patient-timer.ts';

/** No request waits longer for a store. */
const patienceMs = 50;
/** After so many misses in a row a store is left alone for a while: once may be a pause of the store, or of this process. */
const mostMisses = 3;
const leaveMs = 1000;

/** Asks a store; undefined if it is slow, down, or left alone because it was down, or repeatedly slow, a moment ago. */
export type AskStore = <Value>(
  ask: (store: KeyValueStore) => PromiseLike<Value> | Value,
) => Promise<Value | undefined>;

/** A store that fails no request, nor delays one by more than a moment. */
export function patientStore(store: KeyValueStore | undefined): AskStore {
  let leftAt = -Infinity;
  let misses = 0;
  let missedAt = -Infinity;
  const missed = (askedAt: number): undefined => {
    if (askedAt < missedAt) return undefined; // one pause, which many requests met
    missedAt = performance.now();
    if (++misses >= mostMisses) leftAt = missedAt;
    return undefined;
  };
  return async (ask) => {
    const askedAt = performance.now();
    if (!store || askedAt < leftAt + leaveMs) return undefined;
    let stop: (() => void) | undefined;
    try {
      const late = new Promise<typeof isLate>((resolve) => {
        ({ stop } = patientTimer(() => resolve(isLate), patienceMs));
      });
      const answer = await Promise.race([ask(store), late]);
      if (answer === isLate) return missed(askedAt);
      misses = 0;
      return answer as Exclude<typeof answer, typeof isLate>;
    } catch {
      leftAt = performance.now(); // it says itself that it is down
      return undefined;
    } finally {
      stop?.();
    }
  };
}

const isLate = Symbol('late');
