import { afterEach, beforeEach, vi } from 'vitest';

/** Fakes all time for the tests of a file; none of them may leave a timer behind. */
export function useFakeTime(): void {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    const left = vi.getTimerCount();
    vi.useRealTimers();
    if (left > 0) throw new Error(`${left} timers outlived their calls`);
  });
}

/** What a promise settles to, with all the time in the world. */
export async function inTime<Value>(promise: PromiseLike<Value>): Promise<Value> {
  const settled = Promise.resolve(promise);
  settled.catch(() => {});
  await vi.runAllTimersAsync();
  return settled;
}
