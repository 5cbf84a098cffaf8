// What `redisStore` takes and what it doesn't, as the real packages type it.
import { redisStore, type KeyValueStore } from 'ai-alloy/redis';
import { Cluster, Redis } from 'ioredis';
import { createClient, createClientPool, createCluster, createSentinel, RESP_TYPES } from 'redis';

declare const redis: Redis;
declare const cluster: Cluster;
export const stores: KeyValueStore[] = [
  redisStore(redis),
  redisStore(cluster),
  redisStore(new Redis({ keyPrefix: 'app:' }), { prefix: '' }),
  redisStore(createClient()),
  redisStore(createClient({ RESP: 3 })),
  redisStore(createClient({ RESP: 2 })),
  redisStore(createCluster({ rootNodes: [] })),
  redisStore(createClientPool()),
  redisStore(createSentinel({ name: 'main', sentinelRootNodes: [] })),
];

// @ts-expect-error a pipeline answers when it is executed
redisStore(redis.pipeline());
// @ts-expect-error so does a transaction
redisStore(createClient().multi());
// @ts-expect-error callbacks
redisStore(createClient().legacy());
// @ts-expect-error a client that answers with bytes
redisStore(createClient().withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }));
// @ts-expect-error not a client
redisStore('redis://127.0.0.1:6379');
// @ts-expect-error a map is neither
redisStore(new Map<string, string>());
// @ts-expect-error an unknown option
redisStore(redis, { ttl: 5 });
// @ts-expect-error a prefix that is no string
redisStore(redis, { prefix: 5 });
