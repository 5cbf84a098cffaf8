import { assertKnownOptions, check, foundSecret, isObject } from '../errors/errors.ts';
import type { KeyValueStore } from '../stores/key-value-store.ts';
import { at } from '../errors/place.ts';

export type { KeyValueStore } from '../stores/key-value-store.ts';

/** A client of ioredis, 5 or later: a `Redis` or a `Cluster`. */
export interface IoredisClient {
  get(key: string): PromiseLike<string | null>;
  set(key: string, value: string, unit: 'PX', milliseconds: number): PromiseLike<unknown>;
  /** Only ioredis has it; node-redis has `pSetEx`. */
  readonly psetex: unknown;
  /** Pipelines, and clients that use HTTP, don't have it. */
  readonly on: unknown;
}

/** A client of node-redis, the package `redis`, 4 or later: of `createClient`, `createCluster` and the like. */
export interface NodeRedisClient {
  get(key: string): PromiseLike<string | null>;
  set(key: string, value: string, options: { readonly PX: number }): PromiseLike<unknown>;
  /** Only node-redis has it; ioredis has `psetex`. */
  readonly pSetEx: unknown;
  /** Transactions don't have it, nor does the legacy mode, which takes callbacks instead of returning promises. */
  readonly on: unknown;
}

/** Options of `redisStore`. */
export interface RedisStoreOptions {
  /** What every key begins with. Processes that share cooldowns use the same prefix. @default 'ai-alloy:' */
  readonly prefix?: string | undefined;
}

/**
 * A key-value store in Redis, with which several processes share the state of a `cooldown`, or sticky sessions. Takes
 * a client of ioredis (5 or later) or node-redis (`redis`, 4 or later), also of a cluster, since each command, `GET`
 * or `SET` with `PX` (milliseconds), uses a single key. Neither connects the client nor closes it. If a command
 * fails, its promise rejects, and routing uses what the process knows itself.
 *
 * Listen to the client's `error` events, as its documentation asks you to: without a listener, a lost connection ends
 * the process with node-redis, and is printed again and again with ioredis. While the server can't be reached, a
 * client queues commands and sends them later; with `disableOfflineQueue: true` (ioredis:
 * `enableOfflineQueue: false`) they fail at once instead.
 *
 * @param client a client of ioredis or node-redis, connected or connecting
 * @param options.prefix what every key begins with. @default 'ai-alloy:'
 * @throws InvalidConfigurationError for a client of neither kind, an unknown option, or a prefix that is no string
 *
 * @example
 * ```ts
 * import { anthropic } from '@ai-sdk/anthropic';
 * import { openai } from '@ai-sdk/openai';
 * import { cascade } from 'ai-alloy';
 * import { redisStore } from 'ai-alloy/redis';
 * import { Redis } from 'ioredis';
 *
 * const client = new Redis('redis://127.0.0.1:6379', { enableOfflineQueue: false });
 * client.on('error', (error) => console.error(error.message));
 *
 * export const model = cascade({
 *   id: 'chat',
 *   steps: [anthropic('claude-sonnet-4-5'), openai('gpt-5')],
 *   cooldown: { failures: 3, ms: 30_000, store: redisStore(client) },
 * });
 * ```
 *
 * @example
 * ```ts
 * import { redisStore } from 'ai-alloy/redis';
 * import { createClient } from 'redis';
 *
 * const client = createClient({ url: 'redis://127.0.0.1:6379', disableOfflineQueue: true });
 * client.on('error', (error: Error) => console.error(error.message));
 * client.connect().catch(console.error); // not awaited: requests are answered without Redis as well
 *
 * export const store = redisStore(client, { prefix: 'my-app:' });
 * ```
 */
export function redisStore(
  client: IoredisClient | NodeRedisClient,
  options: RedisStoreOptions = {},
): KeyValueStore {
  const set = setterOf(client);
  assertKnownOptions('redisStore', options, ['prefix']);
  const { prefix = 'ai-alloy:' } = options;
  check(typeof prefix === 'string', at('redisStore', 'prefix'), prefix, 'use a string, such as "my-app:"');
  // Async, so that a client that throws rejects too.
  return {
    get: async (key) => client.get(prefix + key),
    set: async (key, value, expiresInMs) => set(prefix + key, value, expiresInMs),
  };
}

type SetWithExpiry = (key: string, value: string, milliseconds: number) => PromiseLike<unknown>;

/**
 * Sets a key with a time to live. The two clients take that in different ways, and each ignores or rejects the
 * other's.
 */
function setterOf(client: IoredisClient | NodeRedisClient): SetWithExpiry {
  const methods = (isObject(client) ? client : {}) as Record<string, unknown>;
  const has = (name: string): boolean => typeof methods[name] === 'function';
  check(
    has('get') && has('set') && has('on') && has('psetex') !== has('pSetEx'),
    at('redisStore', 'client'),
    foundSecret(client), // a URL passed by mistake may contain a password
    'pass a client: new Redis(url) of ioredis, or createClient({ url }) of redis, not in legacy mode',
  );
  if (isNodeRedis(client)) return (key, value, milliseconds) => client.set(key, value, { PX: milliseconds });
  return (key, value, milliseconds) => client.set(key, value, 'PX', milliseconds);
}

/** Tells the clients apart by the names of their commands: lower case in ioredis, camel case in node-redis. */
function isNodeRedis(client: IoredisClient | NodeRedisClient): client is NodeRedisClient {
  return typeof (client as Partial<NodeRedisClient>).pSetEx === 'function';
}
