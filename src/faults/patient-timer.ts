/** A timer that fires later than this fires late because this process was busy. */
const lateMs = 25;
/** How long to wait once more, so that data that arrived meanwhile can be read. */
const graceMs = 25;
/** How often to wait once more. After so many turns of the event loop, all data that had arrived has been read. */
const maxGraces = 40;
/** A deadline is waited for in several parts, so that a stall in one part is noticed and not counted. */
const maxParts = 8;
const minPartMs = 100;

/** A timer that can be stopped. */
export interface PatientTimer {
  stop(): void;
}

/**
 * Calls `passed` after `ms` milliseconds. When this process was busy, timers fire before sockets are read, so the awaited
 * answer may have arrived already: a timer that fires late waits once more for a moment.
 */
export function patientTimer(passed: () => void, ms: number): PatientTimer {
  return wait(passed, { partMs: ms, leftMs: ms, graces: 1 });
}

/**
 * Calls `passed` after `ms` milliseconds, not counting the time during which this process was noticeably stalled, and not
 * while it is so busy that timers fire late. For timeouts that count as a failure of a model.
 */
export function deadlineTimer(passed: () => void, ms: number): PatientTimer {
  const parts = Math.min(maxParts, Math.max(1, Math.floor(ms / minPartMs)));
  return wait(passed, { partMs: Math.ceil(ms / parts), leftMs: ms, graces: maxGraces });
}

interface Waiting {
  readonly partMs: number;
  leftMs: number;
  /** How often it may still wait once more at the end. */
  graces: number;
}

function wait(passed: () => void, waiting: Waiting): PatientTimer {
  let timer: ReturnType<typeof setTimeout>;
  const waitFor = (ms: number): void => {
    const dueAt = performance.now() + ms;
    timer = setTimeout(() => {
      const isLate = performance.now() - dueAt > lateMs;
      waiting.leftMs -= ms;
      if (waiting.leftMs > 0) waitFor(Math.min(waiting.partMs, waiting.leftMs));
      else if (isLate && waiting.graces-- > 0) waitFor(graceMs);
      else passed();
    }, ms);
  };
  waitFor(Math.min(waiting.partMs, waiting.leftMs));
  return { stop: () => clearTimeout(timer) };
}
