import type { Deadlines } from './watch.ts';

/** How long to wait for a member, and how often to try it. Times are milliseconds. */
export interface AttemptOptions {
  /**
   * Streams: the timeout for the first content. Parts without content, such as a `ping`, don't count. Recommended:
   * 120_000, and 30_000 for models that don't think first.
   * @default no limit
   */
  readonly firstContentMs?: number | undefined;
  /**
   * Streams: how long a stream may send nothing after its first content, while the caller reads from it. A `ping`
   * resets the timer. Recommended: 180_000.
   * @default no limit
   */
  readonly idleMs?: number | undefined;
  /** The timeout for a whole attempt, streamed or not. Recommended: 600_000. @default no limit */
  readonly totalMs?: number | undefined;
  /**
   * How often to try the same member again after a failure that may be temporary. Each retry waits for an exponential
   * backoff with jitter, in addition to the provider's Retry-After. 0 to 10. If a retried call fails in the end, `ai`
   * doesn't retry it again.
   * @default 0
   */
  readonly retries?: number | undefined;
}

/** The timeouts and retries that are set for a member or primitive; the rest is left out or undefined. */
export interface AttemptSettings {
  readonly deadlines: Deadlines;
  readonly retries: number | undefined;
}

/** The usual case. A shared object, which is recognised by identity. */
export const noDeadlines: Deadlines = {};

/** Reads options that have already been checked. */
export function attemptsOf({ firstContentMs, idleMs, totalMs, retries }: AttemptOptions): AttemptSettings {
  const own = { firstContentMs, idleMs, totalMs };
  const declared = Object.entries(own).filter(([, ms]) => ms !== undefined);
  return { deadlines: declared.length > 0 ? Object.fromEntries(declared) : noDeadlines, retries };
}
