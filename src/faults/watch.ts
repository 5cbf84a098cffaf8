import { AttemptTimeoutError } from '../errors/attempt-timeout-error.ts';
import type { Deadline } from '../decision.ts';
import { onAbort } from './abort-listeners.ts';
import { deadlineTimer, patientTimer, type PatientTimer } from './patient-timer.ts';

/** The deadlines of an attempt, in milliseconds. */
export type Deadlines = Readonly<Partial<Record<Exclude<Deadline, 'deadlineMs'>, number | undefined>>>;

/** Watches over one attempt, which ends when the caller aborts or a deadline passes. */
export interface Watch {
  /** What the member is called with. Without deadlines, the caller's own. */
  readonly signal: AbortSignal | undefined;
  /** Whether the member reports itself how a call ends that is aborted. */
  readonly reportsOwnAbort: boolean;
  /** Whether it has a deadline that runs only while somebody waits, so that nothing may be read ahead. */
  readonly countsSilence: boolean;
  /** The deadline that passed. */
  readonly passed: Deadline | undefined;
  /** Awaits what the member owes, and gives it up when the attempt ends, even if the member ignores its signal. */
  wait<Value>(promise: PromiseLike<Value>): PromiseLike<Value>;
  /** The first content is here: from now on, silence counts. */
  begun(): void;
  /** Hears of the end at once, also while nobody waits. */
  onEnd(listener: (reason: unknown) => void): void;
  /** Removes all timers and listeners. From then on nothing ends the attempt. */
  release(): void;
  /** The attempt failed: what it may still hold open, such as a connection nobody reads from, is to be closed. */
  abandon(reason: unknown): void;
}

/** What a watch watches over. */
export interface Watched {
  readonly member: string;
  readonly signal: AbortSignal | undefined;
  readonly deadlines: Deadlines;
  /** What is left of the whole call's deadline. */
  readonly whole?: { readonly ms: number; readonly left: number } | undefined;
  /** Whether the member is known to obey its signal: then it reports itself how the call ended. @default false */
  readonly reportsOwnAbort?: boolean;
}

/** A watch for an attempt that nothing can end. */
export const unwatched: Watch = {
  signal: undefined,
  reportsOwnAbort: false,
  countsSilence: false,
  passed: undefined,
  wait: (promise) => promise,
  begun() {},
  onEnd() {},
  release() {},
  abandon() {},
};

/**
 * Begins to watch an attempt. The timers are our own and the listener is removed again: on Node 20,
 * `AbortSignal.any` over `AbortSignal.timeout` loses its timer to the garbage collector.
 */
export function watch({ member, signal, deadlines, whole, reportsOwnAbort = false }: Watched): Watch {
  const { firstContentMs, idleMs, totalMs } = deadlines;
  const hasDeadline = Boolean(firstContentMs ?? idleMs ?? totalMs ?? whole);
  if (!hasDeadline && !signal) return unwatched;
  const controller = hasDeadline ? new AbortController() : undefined;
  const timers = new Map<Deadline, PatientTimer>();
  let ended: { readonly reason: unknown } | undefined;
  let passed: Deadline | undefined;
  let isSilenceCounted = false;
  let isReleased = false;
  let giveUp: ((reason: unknown) => void) | undefined;
  let hear: ((reason: unknown) => void) | undefined;
  let unhear: (() => void) | undefined;

  const stop = (deadline: Deadline): void => {
    timers.get(deadline)?.stop();
    timers.delete(deadline);
  };
  const release = (): void => {
    if (isReleased) return;
    isReleased = true;
    isSilenceCounted = false;
    for (const deadline of timers.keys()) stop(deadline);
    unhear?.();
  };
  const end = (reason: unknown): void => {
    ended = { reason };
    release();
    if (!reportsOwnAbort) giveUp?.(reason); // before the member's own words about its abort
    controller?.abort(reason);
    hear?.(reason);
  };
  const abort = (): void => end(signal!.reason);
  const start = (deadline: Deadline, ms: number | undefined, after = ms): void => {
    if (ms === undefined) return;
    const pass = (): void => {
      passed = deadline;
      end(new AttemptTimeoutError({ member, deadline, ms }));
    };
    // The time for the whole call is the caller's own, whoever takes it.
    const timer = deadline === 'deadlineMs' ? patientTimer : deadlineTimer;
    timers.set(deadline, timer(pass, after!));
  };

  unhear = signal && onAbort(signal, abort);
  start('firstContentMs', firstContentMs);
  start('totalMs', totalMs);
  start('deadlineMs', whole?.ms, whole?.left);
  if (signal?.aborted) abort();
  return {
    signal: controller?.signal ?? signal,
    reportsOwnAbort,
    countsSilence: idleMs !== undefined,
    get passed() {
      return passed;
    },
    wait<Value>(promise: PromiseLike<Value>): Promise<Value> {
      return new Promise((resolve, reject) => {
        if (ended && !reportsOwnAbort) reject(ended.reason);
        // One may wait inside another, as a plan does: both are told.
        const around = giveUp;
        giveUp = around
          ? (reason) => {
              reject(reason);
              around(reason);
            }
          : reject;
        if (isSilenceCounted && !ended) start('idleMs', idleMs);
        const settle =
          <Outcome>(pass: (outcome: Outcome) => void) =>
          (outcome: Outcome): void => {
            if (isSilenceCounted) stop('idleMs');
            giveUp = around;
            pass(outcome);
          };
        promise.then(settle(resolve), settle(reject));
      });
    },
    begun() {
      isSilenceCounted = idleMs !== undefined;
      stop('firstContentMs');
    },
    onEnd(listener) {
      hear = listener;
      if (ended) listener(ended.reason);
    },
    release,
    abandon: (reason) => controller?.abort(reason),
  };
}
