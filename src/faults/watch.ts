import { AttemptTimeoutError } from '../errors/attempt-timeout-error.ts';
import type { Deadline } from '../decision.ts';
import { onAbort } from './abort-listeners.ts';
import { deadlineTimer, patientTimer, type PatientTimer } from './patient-timer.ts';

/** The timeouts of an attempt, in milliseconds. */
export type Deadlines = Readonly<Partial<Record<Exclude<Deadline, 'deadlineMs'>, number | undefined>>>;

/** Ends one attempt when the caller aborts or a deadline passes. */
export interface Watch {
  /** The abort signal to call the member with. Without deadlines, the caller's own. */
  readonly signal: AbortSignal | undefined;
  /** Whether an aborted call ends with the member's own error rather than with the abort reason. */
  readonly reportsOwnAbort: boolean;
  /** Whether `idleMs` is set. It runs only while the caller waits for a part, so nothing may be read ahead. */
  readonly countsSilence: boolean;
  /** The deadline that passed. */
  readonly passed: Deadline | undefined;
  /** Awaits a promise of the member, but rejects when the attempt ends, even if the member ignores its signal. */
  wait<Value>(promise: PromiseLike<Value>): PromiseLike<Value>;
  /** Call it at the first content: stops `firstContentMs`, and from now on `idleMs` applies. */
  begun(): void;
  /** Calls `listener` as soon as the attempt is ended, also while nobody awaits anything. */
  onEnd(listener: (reason: unknown) => void): void;
  /** Removes all timers and listeners. From then on nothing ends the attempt. */
  release(): void;
  /** Call it if the attempt failed: aborts the member's signal, which closes what is still open, such as a connection. */
  abandon(reason: unknown): void;
}

/** The attempt to watch. */
export interface Watched {
  readonly member: string;
  readonly signal: AbortSignal | undefined;
  readonly deadlines: Deadlines;
  /** The deadline of the whole call (`ms`), and the milliseconds left of it. */
  readonly whole?: { readonly ms: number; readonly left: number } | undefined;
  /** Whether the member is known to obey its signal, so that its own error is awaited. @default false */
  readonly reportsOwnAbort?: boolean;
}

/** A watch for an attempt without a signal or deadlines. */
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
  let rejectWait: ((reason: unknown) => void) | undefined;
  let endListener: ((reason: unknown) => void) | undefined;
  let removeListener: (() => void) | undefined;

  const stop = (deadline: Deadline): void => {
    timers.get(deadline)?.stop();
    timers.delete(deadline);
  };
  const release = (): void => {
    if (isReleased) return;
    isReleased = true;
    isSilenceCounted = false;
    for (const deadline of timers.keys()) stop(deadline);
    removeListener?.();
  };
  const end = (reason: unknown): void => {
    ended = { reason };
    release();
    if (!reportsOwnAbort) rejectWait?.(reason); // first, so that the member's own abort error doesn't replace the reason
    controller?.abort(reason);
    endListener?.(reason);
  };
  const abort = (): void => end(signal!.reason);
  const start = (deadline: Deadline, ms: number | undefined, after = ms): void => {
    if (ms === undefined) return;
    const pass = (): void => {
      passed = deadline;
      end(new AttemptTimeoutError({ member, deadline, ms }));
    };
    // The deadline of the whole call also counts time in which this process was busy: the caller has set it.
    const timer = deadline === 'deadlineMs' ? patientTimer : deadlineTimer;
    timers.set(deadline, timer(pass, after!));
  };

  removeListener = signal && onAbort(signal, abort);
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
        // Waits can be nested, as in a plan: then both are rejected.
        const outer = rejectWait;
        rejectWait = outer
          ? (reason) => {
              reject(reason);
              outer(reason);
            }
          : reject;
        if (isSilenceCounted && !ended) start('idleMs', idleMs);
        const settle =
          <Outcome>(pass: (outcome: Outcome) => void) =>
          (outcome: Outcome): void => {
            if (isSilenceCounted) stop('idleMs');
            rejectWait = outer;
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
      endListener = listener;
      if (ended) listener(ended.reason);
    },
    release,
    abandon: (reason) => controller?.abort(reason),
  };
}
