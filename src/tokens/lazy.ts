/** A value that is created when it is first needed. */
export interface Lazy<Value> {
  /** The value; undefined until it is loaded. */
  loaded(): Value | undefined;
  /**
   * Creates the value. Concurrent callers share one promise, and after a failure the next call tries again.
   * Returns undefined once the value is loaded.
   */
  load(): Promise<void> | undefined;
}

/** A lazy value that `make` creates, once. */
export function lazy<Value>(make: () => Promise<Value>): Lazy<Value> {
  let value: Value | undefined;
  let loading: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    try {
      value = await make();
    } finally {
      loading = undefined;
    }
  };

  return {
    loaded: () => value,
    load: () => (value === undefined ? (loading ??= load()) : undefined),
  };
}
