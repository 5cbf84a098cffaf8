import type { KeyValueStore } from './key-value-store.ts';
import { patientStore } from './patient-store.ts';
import type { Failure } from './failure.ts';
import { longestResetMs } from './retry-after.ts';

/** When a member that fails repeatedly rests, and for how long. */
export interface CooldownOptions {
  /** After how many failures in a row. */
  readonly failures: number;
  /**
   * For how many milliseconds; a longer Retry-After lengthens it, to an hour at most. A 429 that names a wait, and a
   * used-up quota, don't wait for more failures: the member rests for as long as the provider says, of a quota a day
   * at most.
   */
  readonly ms: number;
  /** Shares the rests with other processes: `redisStore(client)` of `ai-alloy/redis`. @default this process only */
  readonly store?: KeyValueStore;
}

/** The rests of one primitive's members, by member id. */
export interface Cooldown {
  /** Until when members rest, in milliseconds since the epoch; those awake are left out. Asks the store, too. */
  resting(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Whether a member rests, as far as this process knows now. */
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

/** All times are milliseconds since the epoch; 0: never. */
interface Rest {
  /** In a row. */
  failures: number;
  /** When the last of them was seen here. */
  failedAt: number;
  /** When another process was heard to have found it failing. */
  heardAt: number;
  until: number;
  /** Until when other processes may take it to rest. */
  sharedUntil: number;
  /** The end of a shared rest that a success has ended before. */
  overUntil: number;
}

/** @param owner the primitive's id, which other processes give it as well */
export function createCooldown({ failures: most, ms, store }: CooldownOptions, owner: string): Cooldown {
  const longestMs = Math.max(ms, longestResetMs);
  const all = new Map<string, Rest>();
  const restOf = (id: string): Rest => {
    const known = all.get(id);
    if (known) return known;
    const rest = { failures: 0, failedAt: 0, heardAt: 0, until: 0, sharedUntil: 0, overUntil: 0 };
    all.set(id, rest);
    return rest;
  };
  const keyOf = (id: string): string => `cooldown:${owner}:${id}`;
  const onStore = patientStore(store);
  /** Says until when a member rests; or, below 0, since when it is awake, for as long as others may think it rests. */
  const share = (id: string, said: number, until: number): void =>
    void onStore(async (it) => it.set(keyOf(id), `${said}`, Math.ceil(Math.max(ms, until - Date.now()))));

  /** Takes over what another process said of a member, or sets it right. */
  const hear = (id: string, said: number, now: number): void => {
    const rest = all.get(id);
    if (said < 0) {
      // What has failed since then is news to who found it awake.
      if (rest && rest.failedAt <= -said) all.delete(id);
    } else if (said > now && said <= now + longestMs) {
      if (rest && said <= rest.overUntil) return share(id, -now, said);
      if (rest && said <= rest.sharedUntil) return; // known, and perhaps over
      const heard = restOf(id);
      // As if it had failed here: one call will try whether the rest is over.
      heard.failures = Math.max(heard.failures, most);
      if (said > heard.until) Object.assign(heard, { until: said, heardAt: now });
      heard.sharedUntil = said;
    } else if (rest && rest.sharedUntil > now && rest.until > now) {
      share(id, rest.sharedUntil, rest.sharedUntil); // the store was away when it was to be told, or has lost it
    }
  };

  return {
    async resting(ids) {
      const shared = store && (await onStore((it) => Promise.all(ids.map(async (id) => it.get(keyOf(id))))));
      const now = Date.now();
      const until = new Map<string, number>();
      ids.forEach((id, index) => {
        const said = shared?.[index];
        if (shared) hear(id, typeof said === 'string' ? Number(said) : Number.NaN, now);
        const rest = all.get(id);
        if (!rest) return;
        rest.until = Math.min(rest.until, now + longestMs); // the clock may have been set back
        if (rest.until > now) until.set(id, rest.until);
      });
      return until;
    },
    rests: (id) => (all.get(id)?.until ?? 0) > Date.now(),
    begin(id) {
      const startedAt = Date.now();
      const before = all.get(id);
      // Whoever comes first after a rest tries whether it is over; the others wait for what comes of it.
      const triesUntil =
        before && before.failures >= most && before.until <= startedAt ? startedAt + ms : undefined;
      if (before && triesUntil) before.until = triesUntil;
      /** The rest that the outcome says something about: not one that began after the call did. */
      const current = (): Rest | undefined => {
        const rest = all.get(id);
        return rest && Math.max(rest.failedAt, rest.heardAt) <= startedAt ? rest : undefined;
      };
      return {
        begun() {
          const rest = current();
          // The others may come again; if that was too early, one more failure is enough.
          if (rest) Object.assign(rest, { until: 0, failures: Math.min(rest.failures, most - 1) });
        },
        answered() {
          const rest = all.get(id);
          // A success breaks the row of failures; it ends a rest only if its call began after that.
          if (!rest || (rest.until > Date.now() && !current())) return;
          const { sharedUntil } = rest;
          all.delete(id);
          if (sharedUntil === 0) return;
          restOf(id).overUntil = sharedUntil;
          share(id, -Date.now(), sharedUntil);
        },
        failed({ kind, retryAfterMs, quotaResetMs }) {
          const rest = restOf(id);
          rest.failures += 1;
          rest.failedAt = Date.now();
          const isRepeated = rest.failures >= most;
          const named =
            kind === 'quota' ? (quotaResetMs ?? ms) : kind === 'rate-limit' ? retryAfterMs : undefined;
          if (!isRepeated && named === undefined) return false;
          const forMs = Math.max(isRepeated ? ms : 0, named ?? retryAfterMs ?? 0);
          rest.until = Math.max(rest.until, Date.now() + forMs);
          rest.sharedUntil = rest.until;
          share(id, rest.until, rest.until);
          return isRepeated || kind === 'quota';
        },
        undecided() {
          const rest = all.get(id);
          if (rest && rest.until === triesUntil) rest.until = startedAt;
        },
      };
    },
  };
}

/** Kinds of failures that another request need not meet: they are about this one. */
const ofTheRequest = /^(unsupported|truncated|content-filter|overflow|bad-request|aborted)$/;

/** Whether a failure says something about the member: not one that only this request meets. */
export const isAboutMember = ({ kind, exceedsRateLimit }: Failure): boolean =>
  !exceedsRateLimit && !ofTheRequest.test(kind);
