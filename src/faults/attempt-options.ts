import { assertKnownOptions, check, foundSecret } from '../errors.ts';
import type { CooldownOptions } from './cooldown.ts';
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

export const attemptOptionNames: readonly string[] = ['firstContentMs', 'idleMs', 'totalMs', 'retries'];

/** Reads and checks; `where` names the holder in errors. */
export function parseAttempts(
  where: string,
  { firstContentMs, idleMs, totalMs, retries }: AttemptOptions,
): AttemptSettings {
  const own = { firstContentMs, idleMs, totalMs };
  for (const [name, ms] of Object.entries(own)) assertMs(`${where}.${name}`, ms);
  const valid =
    retries === undefined || (Number.isInteger(retries) && retries >= 0 && retries <= mostRetries);
  check(valid, `${where}.retries`, retries, `use a whole number from 0 to ${mostRetries}`);
  const declared = Object.entries(own).filter(([, ms]) => ms !== undefined);
  return { deadlines: declared.length > 0 ? Object.fromEntries(declared) : noDeadlines, retries };
}

const mostRetries = 10;
/** Longer timers fire at once. */
export const longestMs = 2_147_483_647;

export function assertMs(option: string, ms: unknown): void {
  const valid = ms === undefined || (typeof ms === 'number' && ms > 0 && ms <= longestMs);
  check(valid, option, ms, `use milliseconds above 0, at most ${longestMs}`);
}

export function assertCooldown(option: string, cooldown: CooldownOptions | undefined): void {
  if (cooldown === undefined) return;
  assertKnownOptions(option, cooldown, ['failures', 'ms', 'store']);
  const { failures, ms, store } = cooldown;
  const valid = Number.isSafeInteger(failures) && failures > 0;
  check(
    valid,
    `${option}.failures`,
    failures,
    'use a whole number above 0, such as 3: of failures in a row, after which a member rests',
  );
  check(ms !== undefined, `${option}.ms`, ms, 'say for how many milliseconds a member rests, such as 30_000');
  assertMs(`${option}.ms`, ms);
  if (store !== undefined) assertStore(`${option}.store`, store);
}

export function assertStore(option: string, store: unknown): void {
  const { get, set } = Object(store) as Partial<Record<string, unknown>>;
  const isClient = ['psetex', 'pSetEx'].some((name) => name in Object(store));
  check(!isClient, option, foundSecret(store), 'wrap the client: redisStore(client) of ai-alloy/redis');
  const isStore = typeof get === 'function' && typeof set === 'function';
  check(isStore, option, foundSecret(store), 'pass an object with get(key) and set(key, value, expiresInMs)');
}
