import type { Deadlines } from './watch.ts';

/** How long to wait for a member, and how often to try it. Times are milliseconds. */
export interface AttemptOptions {
  /**
   * Streams: within which time the first content has to be here. What is no content, such as a `ping`, doesn't
   * count. Recommended: 30_000, and 120_000 for models that think.
   * @default no limit
   */
  readonly firstContentMs?: number;
  /**
   * Streams: for how long a stream may be silent behind its first content, while somebody waits for it. A `ping`
   * counts. Recommended: 30_000.
   * @default no limit
   */
  readonly idleMs?: number;
  /** Within which time an attempt has to be finished, streamed or not. Recommended: 300_000. @default no limit */
  readonly totalMs?: number;
  /**
   * How often to try the same member again after a failure that may pass: after a backoff, exponential and with
   * jitter, on top of what its Retry-After says. 0 to 10. A call that was retried is not retried by `ai` as well.
   * @default 0
   */
  readonly retries?: number;
}

/** What is said of attempts; undefined or left out where it isn't. */
export interface AttemptSettings {
  readonly deadlines: Deadlines;
  readonly retries: number | undefined;
}

/** The usual case, told by identity. */
export const noDeadlines: Deadlines = {};

/** What these options say, which have been checked. */
export function attemptsOf({ firstContentMs, idleMs, totalMs, retries }: AttemptOptions): AttemptSettings {
  const own = { firstContentMs, idleMs, totalMs };
  const declared = Object.entries(own).filter(([, ms]) => ms !== undefined);
  return { deadlines: declared.length > 0 ? Object.fromEntries(declared) : noDeadlines, retries };
}
