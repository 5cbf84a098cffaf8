import type { CooldownStore } from './cooldown-store.ts';

/** When a member that fails repeatedly rests, and for how long. */
export interface CooldownOptions {
  /** After how many failures in a row. */
  readonly failures: number;
  /** For how many milliseconds; a longer Retry-After lengthens it, to an hour at most. */
  readonly ms: number;
  /** Shares the rests with other processes: `redisStore(client)` of `ai-alloy/redis`. @default this process only */
  readonly store?: CooldownStore;
}

/** The rests of one primitive's members, by member id. */
export interface Cooldown {
  /** Until when members rest, in milliseconds since the epoch; those awake are left out. */
  resting(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** A member is about to be called. */
  tried(id: string): void;
  /** It sent its first content. */
  begun(id: string): void;
  answered(id: string): void;
  /** It failed, and asked to be left alone for a while or did not. Whether it rests now. */
  failed(id: string, retryAfterMs: number | undefined): boolean;
}

interface Rest {
  /** In a row. */
  failures: number;
  /** When the last of them was seen, in milliseconds since the epoch. */
  failedAt: number;
  /** Milliseconds since the epoch; 0: awake. */
  until: number;
  /** Until when other processes may take it to rest. */
  sharedUntil: number;
}

/** No request waits longer for the store, which is then left alone for a while. */
const storePatienceMs = 50;
const leaveStoreMs = 1000;
/** What a store says beyond this is no rest of ours. */
const longestRestMs = 24 * 3_600_000;

/** @param owner the primitive's id, which other processes give it as well */
export function createCooldown({ failures: most, ms, store }: CooldownOptions, owner: string): Cooldown {
  const rests = new Map<string, Rest>();
  let storeIsLeftUntil = 0;
  const restOf = (id: string): Rest => {
    const known = rests.get(id);
    if (known) return known;
    const rest = { failures: 0, failedAt: 0, until: 0, sharedUntil: 0 };
    rests.set(id, rest);
    return rest;
  };
  const keyOf = (id: string): string => `cooldown:${owner}:${id}`;
  const onStore = async <Value>(
    ask: (store: CooldownStore) => PromiseLike<Value>,
  ): Promise<Value | undefined> => {
    if (!store || Date.now() < storeIsLeftUntil) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const late = new Promise<never>((_, reject) => (timer = setTimeout(reject, storePatienceMs)));
      return await Promise.race([ask(store), late]);
    } catch {
      storeIsLeftUntil = Date.now() + leaveStoreMs;
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  };
  /** Says until when a member rests; or, below 0, since when it is awake. */
  const share = (id: string, said: number, until: number): void =>
    void onStore(async (it) => it.set(keyOf(id), `${said}`, Math.ceil(Math.max(ms, until - Date.now()))));

  return {
    async resting(ids) {
      const shared = store && (await onStore((it) => Promise.all(ids.map(async (id) => it.get(keyOf(id))))));
      const now = Date.now();
      const until = new Map<string, number>();
      ids.forEach((id, index) => {
        const said = Number(shared?.[index] ?? Number.NaN);
        // What failed since another process found it awake is news to that one.
        if (said < 0 && (rests.get(id)?.failedAt ?? 0) <= -said) rests.delete(id);
        if (said > now && said <= now + longestRestMs) {
          const rest = restOf(id);
          // As if it had failed here: one call will try whether the rest is over.
          rest.failures = Math.max(rest.failures, most);
          rest.until = Math.max(rest.until, said);
          rest.sharedUntil = said;
        }
        const rest = rests.get(id);
        if (rest && rest.until > now) until.set(id, rest.until);
      });
      return until;
    },
    tried(id) {
      const rest = rests.get(id);
      // Whoever comes first after a rest tries whether it is over; the others wait for what comes of it.
      if (rest && rest.failures >= most && rest.until <= Date.now()) rest.until = Date.now() + ms;
    },
    begun(id) {
      const rest = rests.get(id);
      if (rest) rest.until = 0;
    },
    answered(id) {
      const rest = rests.get(id);
      if (!rest) return;
      rests.delete(id);
      if (rest.sharedUntil > 0) share(id, -Date.now(), rest.sharedUntil);
    },
    failed(id, retryAfterMs = 0) {
      const rest = restOf(id);
      rest.failures += 1;
      rest.failedAt = Date.now();
      if (rest.failures < most) return false;
      rest.until = Math.max(rest.until, Date.now() + Math.max(ms, retryAfterMs));
      rest.sharedUntil = rest.until;
      share(id, rest.until, rest.until);
      return true;
    },
  };
}
