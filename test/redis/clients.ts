import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';
import type { IoredisClient, NodeRedisClient } from '../../src/redis/index.ts';

export const kinds = ['ioredis', 'node-redis'] as const;
export type Kind = (typeof kinds)[number];

export interface Connection {
  readonly client: IoredisClient | NodeRedisClient;
  close(): void;
}

interface ConnectOptions {
  readonly port: number;
  /** Whether commands wait for a server that is away; as by default. */
  readonly offlineQueue: boolean;
}

/** A client that is connected, of either package, with its own defaults. */
export async function connect(kind: Kind, { port, offlineQueue }: ConnectOptions): Promise<Connection> {
  if (kind === 'ioredis') {
    const client = new Redis(port, '127.0.0.1', { lazyConnect: true, enableOfflineQueue: offlineQueue });
    client.on('error', ignore);
    await client.connect();
    return { client, close: () => client.disconnect() };
  }
  const client = createClient({ url: `redis://127.0.0.1:${port}`, disableOfflineQueue: !offlineQueue });
  client.on('error', ignore);
  await client.connect();
  return { client, close: () => client.destroy() };
}

/** A cluster client that is connected. */
export async function connectCluster(kind: Kind, port: number): Promise<Connection> {
  if (kind === 'ioredis') {
    const client = new Cluster([{ host: '127.0.0.1', port }], { lazyConnect: true });
    client.on('error', ignore);
    await client.connect();
    return { client, close: () => client.disconnect() };
  }
  const client = createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${port}` }] });
  client.on('error', ignore);
  await client.connect();
  return { client, close: () => client.destroy() };
}

// The tests kill the server on purpose.
function ignore(): void {}
