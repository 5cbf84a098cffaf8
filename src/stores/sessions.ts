import { check, foundSecret } from '../errors/errors.ts';
import type { KeyValueStore } from './key-value-store.ts';
import { guardedStore } from './guarded-store.ts';
import { passedWith } from '../sdk/call.ts';
import type { Call } from '../sdk/model.ts';
import { pathIn, type Path } from '../sdk/stamp.ts';
import { hashOfText } from '../tokens/hash.ts';

/** Where the chosen members of each conversation are kept, if not in the conversation itself. */
export interface SessionOptions {
  /** Keeps a short string per session: `redisStore(client)` from `ai-alloy/redis`, or your own store. */
  readonly store: KeyValueStore;
  /** How long a session is remembered after its last answer, in milliseconds. @default 86_400_000, a day */
  readonly ms?: number | undefined;
}

/**
 * The targets that were chosen for sessions, by the session id that the application passes as
 * `providerOptions['ai-alloy'].session`.
 */
export interface Sessions {
  /**
   * The paths to the members that answered before, the last one first; empty for a call without a session.
   * @throws InvalidConfigurationError for an invalid session id
   */
  picksOf(call: Call): Promise<readonly Path[]>;
  remember(call: Call, path: Path): void;
}

/** Keeps the members that were chosen in a session as a list of ids and paths, so that escalations can be counted. */
export function createSessions({ store, ms = 86_400_000 }: SessionOptions, owner: string): Sessions {
  const ask = guardedStore(store);
  // This process' own copy, for when the store can't be reached; it is lost when the process restarts. Keyed by hash
  // a session id may be a slice of a longer text, which would stay in memory with it. Ages are measured on the
  // monotonic clock.
  const local = new Map<number, { readonly value: string; readonly until: number }>();
  const keyOf = (call: Call): string | undefined => {
    const { session } = passedWith(call);
    if (session === undefined || session === null) return undefined;
    const isId = typeof session === 'string' && session !== '' && session.length <= maxIdLength;
    const remedy = `use a string of 1 to ${maxIdLength} characters, or leave it out`;
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
    if (local.size > maxLocal) local.delete(local.keys().next().value!);
  };
  return {
    async picksOf(call) {
      const key = keyOf(call);
      if (key === undefined) return [];
      const stored = await ask(async (it) => (await it.get(key)) ?? '');
      const value = stored === undefined ? knownLocally(key) : `${stored}`;
      // If the store has no entry, the session has expired: drop the local copy too.
      if (value === '') local.delete(hashOfText(key));
      else keepLocally(key, value);
      return picksIn(value).toReversed();
    },
    remember(call, path) {
      const key = keyOf(call);
      if (key === undefined) return;
      const before = picksIn(knownLocally(key));
      if (before.at(-1)?.[0] === path[0]) before.pop();
      const picks = [...before, path].slice(-maxPicks);
      const value = JSON.stringify(picks.map((pick) => (pick.length === 1 ? pick[0] : pick)));
      keepLocally(key, value);
      void ask(async (it) => it.set(key, value, Math.ceil(ms)));
    },
  };
}

/** Parses a stored list of ids and paths; empty for anything else. */
function picksIn(value: string): Path[] {
  try {
    const picks: unknown = JSON.parse(value);
    return Array.isArray(picks) ? picks.map(pathIn).filter((path) => path !== undefined) : [];
  } catch {
    return [];
  }
}

const maxIdLength = 1000;
const maxLocal = 10_000;
const maxPicks = 8;
