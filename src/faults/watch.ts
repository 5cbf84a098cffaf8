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
export function watch(watched: Watched): Watch {
  const { signal, deadlines, whole } = watched;
  const hasDeadline = Boolean(deadlines.firstContentMs ?? deadlines.idleMs ?? deadlines.totalMs ?? whole);
  return hasDeadline || signal ? new Watching(watched, hasDeadline) : unwatched;
}

class Watching implements Watch {
  readonly signal: AbortSignal | undefined;
  readonly reportsOwnAbort: boolean;
  readonly countsSilence: boolean;
  passed: Deadline | undefined;
  readonly #member: string;
  readonly #idleMs: number | undefined;
  readonly #controller: AbortController | undefined;
  readonly #timers: Map<Deadline, PatientTimer> | undefined;
  readonly #removeListener: (() => void) | undefined;
  #ended: { readonly reason: unknown } | undefined;
  #isSilenceCounted = false;
  #isReleased = false;
  #rejectWait: ((reason: unknown) => void) | undefined;
  #endListener: ((reason: unknown) => void) | undefined;

  constructor({ member, signal, deadlines, whole, reportsOwnAbort = false }: Watched, hasDeadline: boolean) {
    this.#member = member;
    this.#idleMs = deadlines.idleMs;
    this.#controller = hasDeadline ? new AbortController() : undefined;
    this.#timers = hasDeadline ? new Map() : undefined;
    this.signal = this.#controller?.signal ?? signal;
    this.reportsOwnAbort = reportsOwnAbort;
    this.countsSilence = deadlines.idleMs !== undefined;
    this.#removeListener = signal && onAbort(signal, () => this.#end(signal.reason));
    this.#start('firstContentMs', deadlines.firstContentMs);
    this.#start('totalMs', deadlines.totalMs);
    this.#start('deadlineMs', whole?.ms, whole?.left);
    if (signal?.aborted) this.#end(signal.reason);
  }

  wait<Value>(promise: PromiseLike<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.#ended && !this.reportsOwnAbort) reject(this.#ended.reason);
      // Waits can be nested, as in a plan: then both are rejected.
      const outer = this.#rejectWait;
      this.#rejectWait = outer
        ? (reason) => {
            reject(reason);
            outer(reason);
          }
        : reject;
      if (this.#isSilenceCounted && !this.#ended) this.#start('idleMs', this.#idleMs);
      const settle =
        <Outcome>(pass: (outcome: Outcome) => void) =>
        (outcome: Outcome): void => {
          if (this.#isSilenceCounted) this.#stop('idleMs');
          this.#rejectWait = outer;
          pass(outcome);
        };
      promise.then(settle(resolve), settle(reject));
    });
  }

  begun(): void {
    this.#isSilenceCounted = this.countsSilence;
    this.#stop('firstContentMs');
  }

  onEnd(listener: (reason: unknown) => void): void {
    this.#endListener = listener;
    if (this.#ended) listener(this.#ended.reason);
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#isSilenceCounted = false;
    if (this.#timers) for (const deadline of this.#timers.keys()) this.#stop(deadline);
    this.#removeListener?.();
  }

  abandon(reason: unknown): void {
    this.#controller?.abort(reason);
  }

  #start(deadline: Deadline, ms: number | undefined, after = ms): void {
    if (ms === undefined) return;
    const pass = (): void => {
      this.passed = deadline;
      this.#end(new AttemptTimeoutError({ member: this.#member, deadline, ms }));
    };
    // The deadline of the whole call also counts time in which this process was busy: the caller has set it.
    const timer = deadline === 'deadlineMs' ? patientTimer : deadlineTimer;
    this.#timers!.set(deadline, timer(pass, after!));
  }

  #stop(deadline: Deadline): void {
    this.#timers?.get(deadline)?.stop();
    this.#timers?.delete(deadline);
  }

  #end(reason: unknown): void {
    this.#ended = { reason };
    this.release();
    if (!this.reportsOwnAbort) this.#rejectWait?.(reason); // first, so that the member's own abort error doesn't replace the reason
    this.#controller?.abort(reason);
    this.#endListener?.(reason);
  }
}
