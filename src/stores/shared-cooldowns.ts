import type { Health } from './health.ts';
import type { AskStore } from './guarded-store.ts';

/**
 * Shares cooldowns between processes through a store, by member id. An entry exists for as long as its cooldown lasts,
 * and only its existence counts: no process depends on another one's clock.
 */
export interface SharedCooldowns {
  /** Reads the members' entries from the store, and corrects outdated ones. */
  refresh(ids: readonly string[], healthOf: (id: string) => Health): Promise<void>;
  /** Whether another process has put the member on cooldown. */
  isOnCooldownElsewhere(id: string): boolean;
  /** When this process first saw that, on its own clock; 0: never. */
  seenElsewhereAt(id: string): number;
  /** Call this when this process has put the member on cooldown. */
  started(id: string, ms: number): void;
  /** Call this when the member works: ends its cooldown in every process that looks at the store within `ms`. */
  recovered(id: string, ms: number): Promise<unknown>;
}

interface Known {
  /** Identifies the cooldown: a random number, different for each. */
  token: string | undefined;
  /** The token of the last cooldown that a success ended. */
  ended: string | undefined;
  isOnCooldownElsewhere: boolean;
  seenElsewhereAt: number;
  /** When its entry was last seen in the store. */
  seenAt: number;
}

/** The values in the store. `on 4711`: a cooldown has begun; `over 4711`: a success ended it early. */
const entry = /^(on|over) (\w{1,40})$/;

/** @param maxAgeMs how long the last value read from the store counts while the store can't be reached */
export function sharedCooldowns(ask: AskStore, owner: string, maxAgeMs: number): SharedCooldowns {
  const all = new Map<string, Known>();
  const knownOf = (id: string): Known => {
    const known = all.get(id) ?? {
      token: undefined,
      ended: undefined,
      isOnCooldownElsewhere: false,
      seenElsewhereAt: 0,
      seenAt: 0,
    };
    all.set(id, known);
    return known;
  };
  const keyOf = (id: string): string => `cooldown:${owner}:${id}`;
  const write = (id: string, kind: string, ms: number): Promise<unknown> =>
    ask(async (store) => store.set(keyOf(id), kind, Math.max(1, Math.ceil(ms))));

  /** The entry has expired: as after a cooldown of this process, one probe call finds out whether the member works. */
  const expire = (known: Known, health: Health): void => {
    Object.assign(known, { token: undefined, isOnCooldownElsewhere: false });
    health.isProbeDue = true;
  };
  /** The store can't be reached: what was last read from it counts for `maxAgeMs`. */
  const expireOffline = (id: string, health: Health): void => {
    const known = all.get(id);
    if (known?.isOnCooldownElsewhere && performance.now() >= known.seenAt + maxAgeMs) expire(known, health);
  };

  const apply = (id: string, value: unknown, health: Health): void => {
    const [, kind, token] = entry.exec(typeof value === 'string' ? value : '') ?? [];
    const known = all.get(id);
    const now = performance.now();
    const left = health.until - now;
    if (kind === 'on' && token === known?.ended) return void write(id, `over ${token}`, 60_000); // a delayed write, or a read from a replica that lags
    if (kind === 'on' && known) known.seenAt = now;
    if (kind === 'on' && token !== known?.token) {
      Object.assign(knownOf(id), { token, isOnCooldownElsewhere: true, seenElsewhereAt: now, seenAt: now });
    } else if (kind === 'over' && token === known?.token) {
      Object.assign(known!, { token: undefined, ended: token, isOnCooldownElsewhere: false });
      Object.assign(health, { until: 0, isProbeDue: false }); // each process counts failures for itself
    } else if (kind === undefined && known?.isOnCooldownElsewhere) {
      expire(known, health);
    } else if (kind !== 'on' && known?.token && left > 0) {
      void write(id, `on ${known.token}`, left); // the store couldn't be reached when the cooldown began, or has lost the entry
    }
  };
  return {
    async refresh(ids, healthOf) {
      const value = await ask((store) => Promise.all(ids.map(async (id) => store.get(keyOf(id)))));
      ids.forEach((id, index) =>
        value ? apply(id, value[index], healthOf(id)) : expireOffline(id, healthOf(id)),
      );
    },
    isOnCooldownElsewhere: (id) => all.get(id)?.isOnCooldownElsewhere ?? false,
    seenElsewhereAt: (id) => all.get(id)?.seenElsewhereAt ?? 0,
    started(id, ms) {
      const known = knownOf(id);
      Object.assign(known, { token: newToken(), isOnCooldownElsewhere: false });
      void write(id, `on ${known.token}`, ms);
    },
    async recovered(id, ms) {
      const known = all.get(id);
      if (!known?.token) return undefined;
      const { token } = known;
      Object.assign(known, { token: undefined, ended: token, isOnCooldownElsewhere: false });
      return write(id, `over ${token}`, ms);
    },
  };
}

const newToken = (): string => Math.random().toString(36).slice(2);
