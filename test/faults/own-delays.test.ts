import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onAbort } from '../../src/faults/abort-listeners.ts';
import { guardedStore } from '../../src/stores/guarded-store.ts';
import { deadlineTimer, patientTimer } from '../../src/faults/patient-timer.ts';
import { cascade } from '../../src/index.ts';
import { answers, callOf } from '../support/models.ts';

describe('R-50: timers', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  /** The clock goes on, and no timer fires: something holds the process up. */
  const stall = (ms: number): void => {
    const now = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => now + ms);
  };
  afterEach(() => void vi.restoreAllMocks());

  it('fire in time', () => {
    const passed = vi.fn();
    patientTimer(passed, 1000);
    vi.advanceTimersByTime(999);
    expect(passed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(passed).toHaveBeenCalledOnce();
  });

  it('that fire late wait once more, for a moment', () => {
    const passed = vi.fn();
    patientTimer(passed, 1000);
    stall(3000);
    vi.advanceTimersByTime(1000);
    expect(passed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(25);
    expect(passed).toHaveBeenCalledOnce();
  });

  describe('of deadlines', () => {
    /** Timers fire later than they are due: at the time that is returned for when they are set, and how long they wait. */
    const delay = (firesAt: (now: number, ms: number) => number): void => {
      const set = globalThis.setTimeout;
      vi.spyOn(globalThis, 'setTimeout').mockImplementation(((callback: () => void, ms: number) =>
        set(callback, firesAt(performance.now(), ms) - performance.now())) as never);
    };
    const passedAfter = (ms: number): number => {
      const from = performance.now();
      let at = Number.NaN;
      deadlineTimer(() => (at = performance.now()), ms);
      vi.runAllTimers();
      return at - from;
    };

    it.each([1, 60, 99, 250, 1000, 1001, 30_000])('of %i ms fire in time', (ms) => {
      expect(passedAfter(ms)).toBe(ms);
    });

    it('do not count what this process was held up for in the meantime, but for a part of it', () => {
      const heldUntil = performance.now() + 900;
      delay((now, ms) => Math.max(now + ms, heldUntil));
      expect(passedAfter(1000)).toBe(900 + (7 / 8) * 1000);
    });

    it('do not fire while all timers fire late, but do so in the end', () => {
      delay((now, ms) => now + ms + 100);
      expect(passedAfter(1000)).toBe(8 * 225 + 40 * 125);
    });

    it('fire once timers are in time again', () => {
      const heldUntil = performance.now() + 1500;
      delay((now, ms) => (now < heldUntil ? now + ms + 100 : now + ms));
      expect(passedAfter(1000)).toBe(7 * 225 + 125);
      expect(passedAfter(1000)).toBe(1000);
    });

    it('can be stopped in each part', () => {
      const passed = vi.fn();
      for (const ms of [0, 200, 999]) {
        const { stop } = deadlineTimer(passed, 1000);
        vi.advanceTimersByTime(ms);
        stop();
      }
      vi.runAllTimers();
      expect(passed).not.toHaveBeenCalled();
      expect(vi.getTimerCount()).toBe(0);
    });
  });

  it('can be stopped within that moment', () => {
    const passed = vi.fn();
    const { stop } = patientTimer(passed, 1000);
    stall(3000);
    vi.advanceTimersByTime(1000);
    stop();
    vi.advanceTimersByTime(1000);
    expect(passed).not.toHaveBeenCalled();
  });

  describe('of a store', () => {
    const never = (): Promise<never> => new Promise(() => {});
    const miss = async (ask: ReturnType<typeof guardedStore>): Promise<void> => {
      const asked = ask(never);
      await vi.advanceTimersByTimeAsync(50);
      expect(await asked).toBeUndefined();
    };

    it('leave it alone only after several misses in a row', async () => {
      const ask = guardedStore({ get: () => undefined, set: () => {} });
      await miss(ask);
      await miss(ask);
      expect(await ask(() => 'there')).toBe('there');
      await miss(ask);
      await miss(ask);
      expect(await ask(() => 'there')).toBe('there');
      for (let times = 0; times < 3; times++) await miss(ask);
      expect(await ask(() => 'there')).toBeUndefined();
      await vi.advanceTimersByTimeAsync(1000);
      expect(await ask(() => 'there')).toBe('there');
    });

    it('count one pause once, however many requests meet it', async () => {
      const ask = guardedStore({ get: () => undefined, set: () => {} });
      const asked = Array.from({ length: 100 }, () => ask(never));
      await vi.advanceTimersByTimeAsync(50);
      await Promise.all(asked);
      expect(await ask(() => 'there')).toBe('there');
    });
  });
});

describe('listeners', () => {
  const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

  it('of overlapping calls on one signal are one', async () => {
    const { signal } = new AbortController();
    const model = cascade({ steps: [answers('a')], totalMs: 60_000 });
    const streams = await Promise.all(
      Array.from({ length: 30 }, () => model.doStream(callOf('Hi', { abortSignal: signal }) as never)),
    );
    expect(listenersOf(signal)).toBe(1);
    await Promise.all(streams.map(({ stream }) => stream.cancel()));
    expect(listenersOf(signal)).toBe(0);
  });

  it('of 2,000 streams that nobody reads are one, and none once the signal has aborted', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const model = cascade({ steps: [answers('a')], totalMs: 60_000 });
    for (let call = 0; call < 2000; call++) {
      await model.doStream(callOf('Hi', { abortSignal: signal }) as never);
    }
    expect(listenersOf(signal)).toBe(1);
    controller.abort();
    expect(listenersOf(signal)).toBe(0);
  });

  it('all hear, though one of them throws, and its error is no less reported', async () => {
    const controller = new AbortController();
    const heard: string[] = [];
    const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve));
    const others = process.listeners('uncaughtException').slice(0, -1);
    for (const other of others) process.off('uncaughtException', other);
    try {
      onAbort(controller.signal, () => heard.push('a'));
      onAbort(controller.signal, () => {
        throw new Error('no');
      });
      onAbort(controller.signal, () => heard.push('c'));
      controller.abort();
      expect(heard).toEqual(['a', 'c']);
      expect(await uncaught).toMatchObject({ message: 'no' });
    } finally {
      for (const other of others) process.on('uncaughtException', other);
    }
  });

  it('all hear, but those that left, and one that came anew', () => {
    const controller = new AbortController();
    const heard: string[] = [];
    const leave = onAbort(controller.signal, () => heard.push('a'));
    onAbort(controller.signal, () => heard.push('b'));
    leave();
    leave();
    onAbort(controller.signal, () => heard.push('c'));
    controller.abort();
    expect(heard).toEqual(['b', 'c']);
    expect(listenersOf(controller.signal)).toBe(0);
  });
});
