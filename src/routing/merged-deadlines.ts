import { noDeadlines } from '../faults/attempt-options.ts';
import type { Deadlines } from '../faults/watch.ts';

/** The outer timeouts, replaced by the inner ones where both are set; copies nothing in the usual case, without any. */
export function mergedDeadlines(outer: Deadlines, inner: Deadlines): Deadlines {
  if (inner === noDeadlines) return outer;
  return outer === noDeadlines ? inner : { ...outer, ...inner };
}
