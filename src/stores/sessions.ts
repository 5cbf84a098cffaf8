import { check, foundSecret } from '../errors/errors.ts';
import type { KeyValueStore } from './key-value-store.ts';
import { patientStore } from './patient-store.ts';
import { passedWith } from '../sdk/call.ts';
import type { Call } from '../sdk/model.ts';
import { hashOfText } from '../tokens/hash.ts';

/** Where picks are kept that don't travel with the conversation. */
export interface SessionOptions {
  /** Keeps a short string per session: `redisStore(client)` of `ai-alloy/redis`, or a store of your own. */
  readonly store: KeyValueStore;
  /** For how many milliseconds after its last answer a session is remembered. @default 86_400_000, a day */
  readonly ms?: number;
}

/** The picks of sessions, by what the application passes as `providerOptions['ai-alloy'].session`. */
export interface Sessions {
  /**
   * Who answered before, the last one first; nobody for a call without a session.
   * @throws InvalidConfigurationError for a session id that can't be one
   */
  picksOf(call: Call): Promise<readonly string[]>;
  remember(call: Call, member: string): void;
}

/** Keeps the picks of a session as a list of ids, so that promotions can be counted. */
export function createSessions({ store, ms = 86_400_000 }: SessionOptions, owner: string): Sessions {
  const ask = patientStore(store);
  // What this process knows itself, for when the store is away; a restart forgets it. By hash: an id may be a
  // slice of a longer text, which it would keep in memory. Ages go by the monotonic clock.
  const local = new Map<number, { readonly value: string; readonly until: number }>();
  const keyOf = (call: Call): string | undefined => {
    const { session } = passedWith(call);
    if (session === undefined || session === null) return undefined;
    const isId = typeof session === 'string' && session !== '' && session.length <= longestId;
    const remedy = `use a string of 1 to ${longestId} characters, or leave it out`;
    check(isId, "providerOptions['ai-alloy'].session", foundSecret(session), remedy);
    return `session:${owner}:${session}`;
  };
  const knownLocally = (key: string): string => {
    const entry = local.get(hashOfText(key));
    return entry && entry.until > performance.now() ? entry.value : '';
  };
  const keepLocally = (key: string, value: string): void => {
    const hash = hashOfText(key);
    local.delete(hash);
    local.set(hash, { value, until: performance.now() + ms });
    if (local.size > mostLocal) local.delete(local.keys().next().value!);
  };
  return {
    async picksOf(call) {
      const key = keyOf(call);
      if (key === undefined) return [];
      const said = await ask(async (it) => (await it.get(key)) ?? '');
      const value = said === undefined ? knownLocally(key) : `${said}`;
      // What the store has forgotten is over.
      if (value === '') local.delete(hashOfText(key));
      else keepLocally(key, value);
      return picksIn(value).toReversed();
    },
    remember(call, member) {
      const key = keyOf(call);
      if (key === undefined) return;
      const before = picksIn(knownLocally(key));
      if (before.at(-1) === member) before.pop();
      const value = JSON.stringify([...before, member].slice(-mostPicks));
      keepLocally(key, value);
      void ask(async (it) => it.set(key, value, Math.ceil(ms)));
    },
  };
}

/** A list of ids as it is kept; anything else is none. */
function picksIn(value: string): string[] {
  try {
    const picks: unknown = JSON.parse(value);
    return Array.isArray(picks) ? picks.filter((pick) => typeof pick === 'string') : [];
  } catch {
    return [];
  }
}

const longestId = 1000;
const mostLocal = 10_000;
const mostPicks = 8;
