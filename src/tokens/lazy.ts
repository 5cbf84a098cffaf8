/** A value that is made when it is first needed. */
export interface Lazy<Value> {
  /** The value, once it is there. */
  loaded(): Value | undefined;
  /**
   * Makes it; concurrent callers share one promise, and after a failure the next call tries again.
   * Undefined once it is there.
   */
  load(): Promise<void> | undefined;
}

/** What `make` returns, made once. */
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
