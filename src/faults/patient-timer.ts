/** Later than this, it was our own process that was busy. */
const lateMs = 25;
/** What was not read meanwhile is read within that time. */
const graceMs = 25;

/** A timer that can be stopped. */
export interface PatientTimer {
  stop(): void;
}

/**
 * Calls back after so many milliseconds. After a stall of this process, timers fire before sockets are read, and what
 * somebody waits for may be there already: a timer that fires late waits once more, for a moment.
 */
export function patientTimer(passed: () => void, ms: number): PatientTimer {
  const dueAt = performance.now() + ms;
  let timer = setTimeout(() => {
    if (performance.now() - dueAt > lateMs) timer = setTimeout(passed, graceMs);
    else passed();
  }, ms);
  return { stop: () => clearTimeout(timer) };
}
