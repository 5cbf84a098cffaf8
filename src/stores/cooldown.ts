import type { Failure } from '../faults/failure.ts';
import { isEmptyAnswer } from '../sdk/ending.ts';
import { healthOf, type Health } from './health.ts';
import type { KeyValueStore } from './key-value-store.ts';
import { guardedStore } from './guarded-store.ts';
import { longestResetMs } from '../faults/retry-after.ts';
import { sharedCooldowns, type SharedCooldowns } from './shared-cooldowns.ts';

/** Circuit breaker: after how many failures a member goes on cooldown, and for how long. */
export interface CooldownOptions {
  /** How many failures in a row start a cooldown. */
  readonly failures: number;
  /**
   * How long a cooldown lasts, in milliseconds. A longer Retry-After lengthens it, to an hour at most. A 429 that
   * names a wait starts a cooldown at once, and so does a used-up quota: for as long as the provider says, a day at
   * most, or for `ms` if the provider doesn't say.
   */
  readonly ms: number;
  /** Shares cooldowns with other processes: `redisStore(client)` of `ai-alloy/redis`. @default this process only */
  readonly store?: KeyValueStore | undefined;
}

/** The cooldowns of one primitive's members, by member id. Times are milliseconds on this process' monotonic clock. */
export interface Cooldown {
  /**
   * When the cooldown of each member ends, for those on cooldown; other members are left out. Reads the store, if
   * there is one.
   */
  cooldownEnds(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Whether a member is on cooldown, without reading the store. */
  isOnCooldown(id: string): boolean;
  /** A member's failures in a row, and whether its cooldown was started by another process. */
  stateOf(id: string): { readonly failures: number; readonly isElsewhere: boolean };
  /** Forgets failures, and ends cooldowns in every process. Calls that have begun no longer count as failures. */
  reset(ids: readonly string[]): Promise<void>;
  /**
   * Call this before each call on a member; report the outcome of the call to what it returns.
   *
   * @param onStarted is told how many milliseconds a cooldown lasts that the call has started
   */
  beginCall(id: string, onStarted?: (ms: number) => void): CallReport;
}

/** Reports what came of one call on a member: this starts and ends cooldowns. */
export interface CallReport {
  /** The member sent its first content. */
  begun(): void;
  answered(): void;
  /** The member failed. Returns whether it went on cooldown in such a way that a retry is not worth it. */
  failed(failure: Failure): boolean;
  /** The call ended in a way that says nothing about the member. */
  undecided(): void;
}

/** A member of the primitive, by its id, and its model object, which other primitives may use as well. */
export interface CooldownMember {
  readonly id: string;
  /** Undefined for a string id, which may resolve to another object each time. */
  readonly modelObject: object | undefined;
}

/** @param owner the primitive's id: the same in other processes that share the store */
export function createCooldown(
  options: CooldownOptions,
  owner: string,
  members: readonly CooldownMember[],
): Cooldown {
  const { store } = options;
  const healths = new Map(members.map(({ id, modelObject }) => [id, healthOf(modelObject)]));
  const of = (id: string): Health => healths.get(id)!;
  const shared = sharedCooldowns(guardedStore(store), owner, options.ms);
  return {
    async cooldownEnds(ids) {
      if (store) await shared.refresh(ids, of);
      const now = performance.now();
      const until = new Map<string, number>();
      for (const id of ids) {
        const end = shared.isOnCooldownElsewhere(id) ? now + options.ms : of(id).until;
        if (end > now) until.set(id, end);
      }
      return until;
    },
    isOnCooldown: (id) => shared.isOnCooldownElsewhere(id) || of(id).until > performance.now(),
    stateOf: (id) => ({ failures: of(id).failures, isElsewhere: shared.isOnCooldownElsewhere(id) }),
    async reset(ids) {
      if (store) await shared.refresh(ids, of);
      const fresh = { failures: 0, until: 0, isProbeDue: false, resetAt: performance.now() };
      for (const id of ids) Object.assign(of(id), fresh);
      // Another process may look at the entry as late as its cooldown would end.
      await Promise.all(ids.map(async (id) => shared.recovered(id, longestResetMs)));
    },
    beginCall: (id, onStarted) => beginCall(options, of(id), shared, id, onStarted),
  };
}

function beginCall(
  { failures: maxFailures, ms }: CooldownOptions,
  health: Health,
  shared: SharedCooldowns,
  id: string,
  onStarted?: (ms: number) => void,
): CallReport {
  const startedAt = performance.now();
  // The first call after a cooldown is a probe: the others wait for its outcome (a half-open circuit breaker).
  const probeUntil = health.isProbeDue && health.until <= startedAt ? startedAt + ms : undefined;
  if (probeUntil !== undefined) Object.assign(health, { until: probeUntil, isProbeDue: false });
  /** Whether the call says something about the member's state now: not if a failure was seen after the call began. */
  const isCurrent = (): boolean => Math.max(health.failedAt, shared.seenElsewhereAt(id)) <= startedAt;
  return {
    begun() {
      if (!isCurrent()) return;
      // Other calls may use the member again; if it fails before it has answered, a single failure puts it back on
      // cooldown.
      Object.assign(health, {
        until: 0,
        isProbeDue: false,
        failures: Math.min(health.failures, maxFailures - 1),
      });
      void shared.recovered(id, ms);
    },
    answered() {
      // A success resets the count of failures in a row. It ends a cooldown only if the call began after the cooldown
      // did.
      if (health.until > performance.now() && !isCurrent()) return;
      Object.assign(health, { until: 0, isProbeDue: false, failures: 0 });
      void shared.recovered(id, ms);
    },
    failed({ kind, retryAfterMs, quotaResetMs }) {
      if (startedAt < health.resetAt) return false;
      const now = performance.now();
      health.failures += 1;
      health.failedAt = now;
      const isRepeated = health.failures >= maxFailures;
      const named =
        kind === 'quota' ? (quotaResetMs ?? ms) : kind === 'rate-limit' ? retryAfterMs : undefined;
      if (!isRepeated && named === undefined) return false;
      const forMs = Math.min(longestResetMs, Math.max(isRepeated ? ms : 0, named ?? retryAfterMs ?? 0));
      health.until = Math.max(health.until, now + forMs);
      health.isProbeDue = true;
      shared.started(id, health.until - now);
      onStarted?.(health.until - now);
      return isRepeated || kind === 'quota';
    },
    undecided() {
      if (health.until === probeUntil) Object.assign(health, { until: startedAt, isProbeDue: true });
    },
  };
}

/** Kinds of failures that are about this one request: another request may succeed on the same member. */
const ofTheRequest = /^(unsupported|rejected|truncated|content-filter|overflow|bad-request|aborted)$/;

/**
 * Whether a failure says something about the member: not one that only this request meets. A request can also make a
 * healthy model answer nothing (a stop sequence, a low output limit), and code in this process throw (a header or a value
 * that can't be sent).
 */
export function isAboutMember({ kind, exceedsRateLimit, error }: Failure): boolean {
  if (exceedsRateLimit || ofTheRequest.test(kind)) return false;
  if (kind === 'unknown') return !(error instanceof TypeError || error instanceof RangeError);
  return !(kind === 'malformed-response' && isEmptyAnswer(error));
}
