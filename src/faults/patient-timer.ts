/** Later than this, it was our own process that was busy. */
const lateMs = 25;
/** What was not read meanwhile is read within that time, or later, if this process is busy still. */
const graceMs = 25;
/** After so many turns of a process that is busy all the time, what was there has been read. */
const mostGraces = 40;
/** A deadline is waited for in parts, so that a stall in any of them is seen, and not counted. */
const mostParts = 8;
const leastPartMs = 100;

/** A timer that can be stopped. */
export interface PatientTimer {
  stop(): void;
}

/**
 * Calls back after so many milliseconds. After a stall of this process, timers fire before sockets are read, and what
 * somebody waits for may be there already: a timer that fires late waits once more, for a moment.
 */
export function patientTimer(passed: () => void, ms: number): PatientTimer {
  return wait(passed, { partMs: ms, leftMs: ms, graces: 1 });
}

/**
 * Calls back after so many milliseconds in which this process was not held up, as far as that is seen; and not while it is
 * so busy that timers fire late. For what others are blamed for, if they take longer.
 */
export function deadlineTimer(passed: () => void, ms: number): PatientTimer {
  const parts = Math.min(mostParts, Math.max(1, Math.floor(ms / leastPartMs)));
  return wait(passed, { partMs: Math.ceil(ms / parts), leftMs: ms, graces: mostGraces });
}

interface Waiting {
  readonly partMs: number;
  leftMs: number;
  /** How often to wait once more at the end. */
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
