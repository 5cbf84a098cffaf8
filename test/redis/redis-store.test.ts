import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { InvalidConfigurationError } from '../../src/index.ts';
import { redisStore } from '../../src/redis/index.ts';
import { connect, connectCluster, kinds, type Kind } from './clients.ts';
import { RedisServer } from './redis-server.ts';

let server: RedisServer;
/** Sees what is in Redis, past the store. */
let redis: Redis;

beforeAll(async () => {
  server = await RedisServer.start();
  redis = new Redis(server.port);
});
beforeEach(async () => {
  await redis.flushall();
});
afterAll(async () => {
  redis?.disconnect();
  await server?.remove();
});

async function clientOf(kind: Kind, { port = server.port, offlineQueue = true } = {}) {
  const { client, close } = await connect(kind, { port, offlineQueue });
  onTestFinished(close);
  return client;
}

describe.each(kinds)('redisStore with %s', (kind) => {
  it('keeps a value, and gives it back', async () => {
    const store = redisStore(await clientOf(kind));
    expect(await store.get('key')).toBeNull();
    await store.set('key', 'a value: ü', 60_000);
    expect(await store.get('key')).toBe('a value: ü');
    await store.set('key', 'another', 60_000);
    expect(await store.get('key')).toBe('another');
  });

  it('takes the time to live as milliseconds', async () => {
    const store = redisStore(await clientOf(kind));
    await store.set('key', 'value', 60_000);
    const left = await redis.pttl('ai-alloy:key');
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
  });

  it('forgets a value that has expired', async () => {
    const store = redisStore(await clientOf(kind));
    await store.set('key', 'value', 20);
    await vi.waitFor(async () => expect(await store.get('key')).toBeNull(), { timeout: 5000, interval: 5 });
  });

  it.each([
    [undefined, 'ai-alloy:key'],
    [{ prefix: 'my-app:' }, 'my-app:key'],
    [{ prefix: '' }, 'key'],
  ])('puts the prefix before its keys: %o', async (options, key) => {
    const store = redisStore(await clientOf(kind), options);
    await store.set('key', 'value', 60_000);
    expect(await redis.keys('*')).toEqual([key]);
    expect(await store.get('key')).toBe('value');
  });

  it('rejects what Redis rejects', async () => {
    const store = redisStore(await clientOf(kind));
    await redis.lpush('ai-alloy:list', 'not a string');
    await expect(store.get('list')).rejects.toThrow('WRONGTYPE');
    await expect(store.set('key', 'value', 0)).rejects.toThrow('invalid expire time');
  });

  it.each([
    { offlineQueue: true, outcome: 'pending' },
    { offlineQueue: false, outcome: 'rejected' },
  ])('never answers for a server that is away: $outcome', async ({ offlineQueue, outcome }) => {
    const own = await RedisServer.start();
    onTestFinished(() => own.remove());
    const store = redisStore(await clientOf(kind, { port: own.port, offlineQueue }));
    await store.set('key', 'value', 60_000);
    await own.kill();
    const commands = [store.get('key'), store.set('key', 'value', 60_000)];
    expect(await Promise.all(commands.map(outcomeOf))).not.toContain('answered');
    // By now the client has noticed.
    expect(await outcomeOf(store.get('key'))).toBe(outcome);
    expect(await outcomeOf(store.set('key', 'value', 60_000))).toBe(outcome);
    await own.start();
    await vi.waitFor(() => store.set('key', 'again', 60_000), { timeout: 10_000 });
    expect(await store.get('key')).toBe('again');
  });

  it('works with a cluster', async () => {
    const own = await RedisServer.start({ cluster: true });
    onTestFinished(() => own.remove());
    const node = new Redis(own.port);
    onTestFinished(() => node.disconnect());
    await node.cluster('ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => slot));
    await vi.waitFor(async () => expect(await node.cluster('INFO')).toContain('cluster_state:ok'), 10_000);
    const { client, close } = await connectCluster(kind, own.port);
    onTestFinished(close);
    const store = redisStore(client);
    await store.set('key', 'value', 60_000);
    expect(await store.get('key')).toBe('value');
    expect(await node.pttl('ai-alloy:key')).toBeGreaterThan(50_000);
  });
});

describe('redisStore', () => {
  it('turns what a client throws into a rejection', async () => {
    const client = await clientOf('ioredis');
    vi.spyOn(client, 'get').mockImplementation(() => {
      throw new Error('closed');
    });
    await expect(redisStore(client).get('key')).rejects.toThrow('closed');
  });

  // Wrong on purpose, so untyped.
  const nothing = (): void => {};
  const methods = { get: nothing, set: nothing, on: nothing, psetex: nothing };
  const remedy = 'pass a client: new Redis(url) of ioredis, or createClient({ url }) of redis';
  it.each<[string, client: unknown, options: unknown, message: string]>([
    ['no client', undefined, {}, `redisStore.client is undefined: ${remedy}`],
    ['an object without methods', {}, {}, `redisStore.client is an object: ${remedy}`],
    ['a client without get', { ...methods, get: undefined }, {}, 'redisStore.client is an object:'],
    ['a client without set', { ...methods, set: undefined }, {}, 'redisStore.client is an object:'],
    ['one of neither kind', { ...methods, psetex: undefined }, {}, 'redisStore.client is an object:'],
    [
      'one of both kinds, in legacy mode',
      { ...methods, pSetEx: nothing },
      {},
      'redisStore.client is an object:',
    ],
    ['one without events, over HTTP', { ...methods, on: undefined }, {}, 'redisStore.client is an object:'],
    ['a URL', 'redis://me:secret@host:1', {}, `redisStore.client is a string: ${remedy}`],
    ['a prefix that is no string', methods, { prefix: 7 }, 'redisStore.prefix is 7: use a string, such as'],
    [
      'an unknown option',
      methods,
      { ttl: 5 },
      'redisStore.ttl is a number: there is no such option, only prefix',
    ],
    ['options that are none', methods, 'my-app:', 'redisStore is a string: pass an object of options'],
  ])('rejects %s', (_, client, options, message) => {
    const make = () => redisStore(client as Redis, options as object);
    expect(make).toThrow(InvalidConfigurationError);
    expect(make).toThrow(message);
  });

  it('rejects pipelines, transactions and the legacy mode of the real clients', async () => {
    const { createClient } = await import('redis');
    const nodeRedis = createClient();
    nodeRedis.on('error', nothing);
    for (const wrong of [redis.pipeline(), nodeRedis.multi(), nodeRedis.legacy()]) {
      expect(() => redisStore(wrong as never)).toThrow(InvalidConfigurationError);
    }
  });
});

/** What has become of a promise within a moment. */
async function outcomeOf(promise: unknown): Promise<'answered' | 'rejected' | 'pending'> {
  const outcome = Promise.resolve(promise).then(
    () => 'answered' as const,
    () => 'rejected' as const,
  );
  const moment = new Promise<'pending'>((resolve) => setTimeout(resolve, 200, 'pending'));
  return Promise.race([outcome, moment]);
}
