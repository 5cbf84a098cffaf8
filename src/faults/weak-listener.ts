/** Something whose end can be listened to. */
type Listener<Value> = (value: Value) => void;

/**
 * A listener that keeps nothing of `listener` in memory: a signal or a timer may live much longer than a stream that
 * nobody reads. Whoever is to hear it keeps `listener`.
 *
 * @param release called once nobody keeps it any more
 */
export function weakListener<Value>(listener: Listener<Value>, release: () => void): Listener<Value> {
  if (typeof WeakRef === 'undefined') return listener; // Cloudflare Workers before May 2025
  const weak = new WeakRef(listener);
  (released ??= new FinalizationRegistry((releaseIt) => releaseIt())).register(listener, release);
  return (value) => weak.deref()?.(value);
}

let released: FinalizationRegistry<() => void> | undefined;
