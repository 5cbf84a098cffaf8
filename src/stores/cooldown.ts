import type { Failure } from '../faults/failure.ts';
import { isEmptyAnswer } from '../sdk/ending.ts';
import { healthOf, type Health } from './health.ts';
import type { KeyValueStore } from './key-value-store.ts';
import { patientStore } from './patient-store.ts';
import { longestResetMs } from '../faults/retry-after.ts';
import { sharedCooldowns, type SharedCooldowns } from './shared-cooldowns.ts';

/** When a member that fails goes on cooldown, and for how long. */
export interface CooldownOptions {
  /** After how many failures in a row. */
  readonly failures: number;
  /**
   * For how many milliseconds; a longer Retry-After lengthens it, to an hour at most. A 429 that names a wait, and a
   * used-up quota, start it at once, for as long as the provider says: of a quota a day at most, and `ms` if it doesn't say.
   */
  readonly ms: number;
  /** Shares cooldowns with other processes: `redisStore(client)` of `ai-alloy/redis`. @default this process only */
  readonly store?: KeyValueStore;
}

/** The cooldowns of one primitive's members, by member id. Times are milliseconds of this process' monotonic clock. */
export interface Cooldown {
  /** Until when members are on cooldown; all others are left out. Asks the store, too. */
  resting(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Whether a member is on cooldown, as far as this process knows now. */
  rests(id: string): boolean;
  /** A member is about to be called; what comes of it is told to what is returned. */
  begin(id: string): Trial;
}

/** A call on a member, whose outcome says whether it is well. */
export interface Trial {
  /** It sent its first content. */
  begun(): void;
  answered(): void;
  /** It failed. Whether it is not worth another try before its cooldown is over. */
  failed(failure: Failure): boolean;
  /** It ended in a way that says nothing about the member. */
  undecided(): void;
}

/** A member of the primitive, and the model object that other primitives may have as well. */
export interface Cooled {
  readonly id: string;
  /** Undefined for a string id, which stands for another object each time. */
  readonly modelObject: object | undefined;
}

/** @param owner the primitive's id, which other processes give it as well */
export function createCooldown(
  options: CooldownOptions,
  owner: string,
  members: readonly Cooled[],
): Cooldown {
  const { store } = options;
  const healths = new Map(members.map(({ id, modelObject }) => [id, healthOf(modelObject)]));
  const of = (id: string): Health => healths.get(id)!;
  const shared = sharedCooldowns(patientStore(store), owner, options.ms);
  return {
    async resting(ids) {
      if (store) await shared.hear(ids, of);
      const now = performance.now();
      const until = new Map<string, number>();
      for (const id of ids) {
        const end = shared.isHeard(id) ? now + options.ms : of(id).until;
        if (end > now) until.set(id, end);
      }
      return until;
    },
    rests: (id) => shared.isHeard(id) || of(id).until > performance.now(),
    begin: (id) => beginTrial(options, of(id), shared, id),
  };
}

function beginTrial(
  { failures: most, ms }: CooldownOptions,
  health: Health,
  shared: SharedCooldowns,
  id: string,
): Trial {
  const startedAt = performance.now();
  // Whoever comes first after a cooldown tries whether it is over; the others wait for what comes of it.
  const probesUntil = health.isDue && health.until <= startedAt ? startedAt + ms : undefined;
  if (probesUntil !== undefined) Object.assign(health, { until: probesUntil, isDue: false });
  /** Whether the call says something about the state of things: not if a failure is younger than it. */
  const isCurrent = (): boolean => Math.max(health.failedAt, shared.heardAt(id)) <= startedAt;
  return {
    begun() {
      if (!isCurrent()) return;
      // The others may come again; if that was too early, one more failure is enough.
      Object.assign(health, { until: 0, isDue: false, failures: Math.min(health.failures, most - 1) });
      shared.over(id, ms);
    },
    answered() {
      // A success breaks the row of failures; it ends a cooldown only if its call began after that.
      if (health.until > performance.now() && !isCurrent()) return;
      Object.assign(health, { until: 0, isDue: false, failures: 0 });
      shared.over(id, ms);
    },
    failed({ kind, retryAfterMs, quotaResetMs }) {
      const now = performance.now();
      health.failures += 1;
      health.failedAt = now;
      const isRepeated = health.failures >= most;
      const named =
        kind === 'quota' ? (quotaResetMs ?? ms) : kind === 'rate-limit' ? retryAfterMs : undefined;
      if (!isRepeated && named === undefined) return false;
      const forMs = Math.min(longestResetMs, Math.max(isRepeated ? ms : 0, named ?? retryAfterMs ?? 0));
      health.until = Math.max(health.until, now + forMs);
      health.isDue = true;
      shared.started(id, health.until - now);
      return isRepeated || kind === 'quota';
    },
    undecided() {
      if (health.until === probesUntil) Object.assign(health, { until: startedAt, isDue: true });
    },
  };
}

/** Kinds of failures that another request need not meet: they are about this one. */
const ofTheRequest = /^(unsupported|truncated|content-filter|overflow|bad-request|aborted)$/;

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
