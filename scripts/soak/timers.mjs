const open = new Map();

/**
 * Counts from now on the timers that are set and neither fired nor cleared, also those that keep no process alive.
 * Those of node:timers/promises, which the soak sets itself, are not counted.
 */
export function countTimers() {
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  globalThis.setTimeout = (callback, ms, ...values) => {
    const timer = set(
      (...given) => {
        open.delete(timer);
        callback(...given);
      },
      ms,
      ...values,
    );
    open.set(timer, ms);
    return timer;
  };
  globalThis.clearTimeout = (timer) => {
    open.delete(timer);
    clear(timer);
  };
}

/** The milliseconds of each timer that is set. */
export const openTimers = () => [...open.values()];
