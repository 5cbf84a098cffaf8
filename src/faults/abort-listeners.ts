interface Shared {
  readonly listeners: Set<() => void>;
  readonly hear: () => void;
}

const shared = new WeakMap<AbortSignal, Shared>();

/**
 * Hears when a signal aborts, until the function that it returns is called. Any number of calls may share a signal, which
 * has one listener from all of them: above ten, Node warns of a leak.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const known = shared.get(signal) ?? share(signal);
  const { listeners, hear } = known;
  listeners.add(listener);
  return () => {
    if (!listeners.delete(listener) || listeners.size > 0 || shared.get(signal) !== known) return;
    shared.delete(signal);
    signal.removeEventListener('abort', hear);
  };
}

function share(signal: AbortSignal): Shared {
  const listeners = new Set<() => void>();
  const hear = (): void => {
    shared.delete(signal);
    signal.removeEventListener('abort', hear);
    let thrown: { readonly error: unknown } | undefined;
    for (const listener of listeners) {
      try {
        listener();
      } catch (error) {
        thrown ??= { error };
      }
    }
    if (thrown) throw thrown.error; // once all have heard, as with listeners of the signal's own
  };
  const made = { listeners, hear };
  shared.set(signal, made);
  signal.addEventListener('abort', hear);
  return made;
}
