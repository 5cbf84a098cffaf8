import type { Health } from './health.ts';
import type { AskStore } from './patient-store.ts';

/**
 * What processes tell each other about cooldowns, by member id. An entry is there for as long as its cooldown lasts, and
 * that is all that counts: no process reads another one's clock.
 */
export interface SharedCooldowns {
  /** Reads what is there, and sets right what is outdated. */
  hear(ids: readonly string[], healthOf: (id: string) => Health): Promise<void>;
  /** Whether another process has put the member on cooldown. */
  isHeard(id: string): boolean;
  /** When that was heard first, on this process' clock; 0: never. */
  heardAt(id: string): number;
  /** This process has put the member on cooldown. */
  started(id: string, ms: number): void;
  /** The member is well: whatever cooldown it was on is over, for everybody. */
  over(id: string, ms: number): void;
}

interface Known {
  /** Which cooldown it is: a number that nobody else draws. */
  token: string | undefined;
  /** The one that a success has ended. */
  ended: string | undefined;
  isHeard: boolean;
  heardAt: number;
  /** When its entry was last seen in the store. */
  seenAt: number;
}

/** `on 4711`: a cooldown has begun; `over 4711`: it has ended before its time. */
const entry = /^(on|over) (\w{1,40})$/;

/** @param longestMs for how long what was read in the store holds while it can't be asked again */
export function sharedCooldowns(ask: AskStore, owner: string, longestMs: number): SharedCooldowns {
  const all = new Map<string, Known>();
  const knownOf = (id: string): Known => {
    const known = all.get(id) ?? {
      token: undefined,
      ended: undefined,
      isHeard: false,
      heardAt: 0,
      seenAt: 0,
    };
    all.set(id, known);
    return known;
  };
  const keyOf = (id: string): string => `cooldown:${owner}:${id}`;
  const tell = (id: string, what: string, ms: number): void =>
    void ask(async (store) => store.set(keyOf(id), what, Math.max(1, Math.ceil(ms))));

  /** Its time is over: as if it had failed here, one call tries whether the member is well. */
  const expire = (known: Known, health: Health): void => {
    Object.assign(known, { token: undefined, isHeard: false });
    health.isDue = true;
  };
  /** The store doesn't answer: what was read in it before holds for `longestMs` from then. */
  const expireUnasked = (id: string, health: Health): void => {
    const known = all.get(id);
    if (known?.isHeard && performance.now() >= known.seenAt + longestMs) expire(known, health);
  };

  const take = (id: string, said: unknown, health: Health): void => {
    const [, what, token] = entry.exec(typeof said === 'string' ? said : '') ?? [];
    const known = all.get(id);
    const now = performance.now();
    const left = health.until - now;
    if (what === 'on' && token === known?.ended) return tell(id, `over ${token}`, 60_000); // a late or lagging entry
    if (what === 'on' && known) known.seenAt = now;
    if (what === 'on' && token !== known?.token) {
      Object.assign(knownOf(id), { token, isHeard: true, heardAt: now, seenAt: now });
    } else if (what === 'over' && token === known?.token) {
      Object.assign(known!, { token: undefined, ended: token, isHeard: false });
      Object.assign(health, { until: 0, isDue: false }); // failures are counted by each process for itself
    } else if (what === undefined && known?.isHeard) {
      expire(known, health);
    } else if (what !== 'on' && known?.token && left > 0) {
      tell(id, `on ${known.token}`, left); // the store was away when it was to be told, or has lost it
    }
  };
  return {
    async hear(ids, healthOf) {
      const said = await ask((store) => Promise.all(ids.map(async (id) => store.get(keyOf(id)))));
      ids.forEach((id, index) =>
        said ? take(id, said[index], healthOf(id)) : expireUnasked(id, healthOf(id)),
      );
    },
    isHeard: (id) => all.get(id)?.isHeard ?? false,
    heardAt: (id) => all.get(id)?.heardAt ?? 0,
    started(id, ms) {
      const known = knownOf(id);
      Object.assign(known, { token: newToken(), isHeard: false });
      tell(id, `on ${known.token}`, ms);
    },
    over(id, ms) {
      const known = all.get(id);
      if (!known?.token) return;
      const { token } = known;
      Object.assign(known, { token: undefined, ended: token, isHeard: false });
      tell(id, `over ${token}`, ms);
    },
  };
}

const newToken = (): string => Math.random().toString(36).slice(2);
