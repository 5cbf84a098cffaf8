import type { KeyValueStore } from './key-value-store.ts';

/** No request waits longer for a store, which is then left alone for a while. */
const patienceMs = 50;
const leaveMs = 1000;

/** Asks a store; undefined if it is slow, down, or left alone because it was a moment ago. */
export type AskStore = <Value>(
  ask: (store: KeyValueStore) => PromiseLike<Value> | Value,
) => Promise<Value | undefined>;

/** A store that fails no request, nor delays one by more than a moment. */
export function patientStore(store: KeyValueStore | undefined): AskStore {
  let leftAt = -Infinity;
  return async (ask) => {
    if (!store || performance.now() < leftAt + leaveMs) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const late = new Promise<never>((_, reject) => (timer = setTimeout(reject, patienceMs)));
      return await Promise.race([ask(store), late]);
    } catch {
      leftAt = performance.now();
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  };
}
