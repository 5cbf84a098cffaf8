import { noDeadlines } from '../faults/attempt-options.ts';
import { watch, type Watch } from '../faults/watch.ts';
import type { Run } from './run.ts';

/** A watch over what the call waits for besides its members: it ends when the caller aborts or `deadlineMs` has passed. */
export function watchCall(run: Run): Watch {
  const { id, deadlineMs: ms } = run.router;
  const whole = ms === undefined ? undefined : { ms, left: run.left() };
  return watch({ member: id, signal: run.call.abortSignal, deadlines: noDeadlines, whole });
}
