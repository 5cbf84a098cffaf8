import { sideTable } from '../side-table.ts';

interface Shared {
  readonly listeners: Set<() => void>;
  readonly onAborted: () => void;
}

const shared = /* @__PURE__ */ sideTable<Shared | undefined>();

/**
 * Calls `listener` when a signal aborts, and returns a function that removes the listener. However many calls share a
 * signal, only one listener is added to it: with more than ten, Node warns of a memory leak.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const known = shared.get(signal) ?? share(signal);
  const { listeners, onAborted } = known;
  listeners.add(listener);
  return () => {
    if (!listeners.delete(listener) || listeners.size > 0 || shared.get(signal) !== known) return;
    shared.set(signal, undefined);
    signal.removeEventListener('abort', onAborted);
  };
}

function share(signal: AbortSignal): Shared {
  const listeners = new Set<() => void>();
  const onAborted = (): void => {
    shared.set(signal, undefined);
    signal.removeEventListener('abort', onAborted);
    let thrown: { readonly error: unknown } | undefined;
    for (const listener of listeners) {
      try {
        listener();
      } catch (error) {
        thrown ??= { error };
      }
    }
    if (thrown) throw thrown.error; // after all listeners have run, as the signal itself does it
  };
  const made = { listeners, onAborted };
  shared.set(signal, made);
  signal.addEventListener('abort', onAborted);
  return made;
}
