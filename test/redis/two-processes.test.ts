import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { memberIds } from './members.ts';
import { RedisServer } from './redis-server.ts';
import type { Command, Reply, Settings } from './worker.ts';

/** Far more than the engine waits for a store, far less than a client does. */
const promptMs = 2_000;

interface Process {
  /** Calls its cascade once; those members fail when they are called. Fails the test if the process has ended. */
  call(...failing: string[]): Promise<Reply>;
}

async function startProcess(settings: Settings): Promise<Process> {
  const worker = new URL('worker.ts', import.meta.url);
  const child = fork(worker, [JSON.stringify(settings)], { execArgv: ['--import', 'tsx'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a worker ended with ${code}`);
  });
  ended.catch(() => {}); // it does at the end of a test
  onTestFinished(() => void child.kill('SIGKILL'));
  const message = async (): Promise<unknown> => {
    const [received] = await Promise.race([once(child, 'message'), ended]);
    return received;
  };
  await message();
  return {
    async call(...failing) {
      const reply = message();
      child.send({ failing } satisfies Command);
      return (await reply) as Reply;
    },
  };
}

/** A Redis, and two processes that share it. */
async function start({ offlineQueue = true, ms = 5_000 } = {}) {
  const server = await RedisServer.start();
  onTestFinished(() => server.remove());
  const redis = new Redis(server.port);
  redis.on('error', () => {});
  onTestFinished(() => redis.disconnect());
  const shared = { port: server.port, offlineQueue, ms };
  const [one, other] = await Promise.all([
    startProcess({ ...shared, kind: 'ioredis' }),
    startProcess({ ...shared, kind: 'node-redis' }),
  ]);
  return { server, redis, one, other };
}

interface Sharing {
  readonly redis: Redis;
  readonly from: Process;
  readonly to: Process;
  /** Members that are down already. */
  readonly down: readonly string[];
}

/**
 * Has one process rest a member that the other has never called, until the other passes it over. On a busy machine
 * Redis may answer too late, and the engine then leaves it alone for a second: so a fresh member is taken each time.
 */
async function shareRest({ redis, from, to, down }: Sharing) {
  const replies: Reply[] = [];
  const failing = [...down];
  for (const fresh of memberIds.slice(down.length, down.length + 12)) {
    failing.push(fresh);
    replies.push(await from.call(...failing), await from.call(...failing));
    const isKept = async (): Promise<boolean> => (await redis.keys(`*${fresh}`)).length === 1;
    for (let tries = 0; tries < 25 && !(await isKept()); tries++) await wait(20);
    const reply = await to.call(...failing);
    replies.push(reply);
    if (reply.resting.includes(fresh) && !reply.called.includes(fresh)) return { replies, down: failing };
    await wait(1_100);
  }
  throw new Error(`no rest was shared: ${JSON.stringify(replies, null, 2)}`);
}

/** Those that no member answered, or that waited for Redis. */
const failuresIn = (replies: readonly Reply[]): readonly Reply[] =>
  replies.filter(({ answeredBy, durationMs }) => answeredBy === undefined || durationMs > promptMs);

const [first, second] = memberIds as [string, string];

describe.each([true, false])('two processes that share rests (offline queue: %s)', (offlineQueue) => {
  it('a member that one of them rests, the other does not call', async () => {
    const { redis, one, other } = await start({ offlineQueue });
    const { replies } = await shareRest({ redis, from: one, to: other, down: [] });
    expect(failuresIn(replies)).toEqual([]);
  });

  it.each(['is killed', 'hangs'] as const)('Redis %s: both answer, and rest by themselves', async (how) => {
    const { server, one, other } = await start({ offlineQueue });
    for (const process of [one, other]) expect(await process.call()).toMatchObject({ answeredBy: first });
    if (how === 'is killed') await server.kill();
    else server.pause();
    for (const process of [one, other]) {
      const replies: Reply[] = [];
      for (let call = 0; call < 5; call++) replies.push(await process.call(first));
      expect(failuresIn(replies)).toEqual([]);
      const failed = { answeredBy: second, called: [first, second], resting: [] };
      const rested = { answeredBy: second, called: [second], resting: [first] };
      expect(replies).toMatchObject([failed, failed, rested, rested, rested]);
    }
  });

  it('Redis comes back empty: they share rests again', async () => {
    const { server, redis, one, other } = await start({ offlineQueue });
    const before = await shareRest({ redis, from: one, to: other, down: [] });
    await server.kill();
    const { down } = before;
    const away = [await one.call(...down), await other.call(...down)];
    await server.start();
    const after = await shareRest({ redis, from: other, to: one, down });
    expect(failuresIn([...before.replies, ...away, ...after.replies])).toEqual([]);
  });
});

describe('two processes that share rests', () => {
  it('a member that is well again may rest again at once', async () => {
    const { one, other } = await start({ ms: 2_000 });
    await one.call(first);
    await one.call(first);
    await vi.waitFor(async () => expect(await other.call(first)).toMatchObject({ resting: [first] }), 3_000);
    // Its rest ends, and both hear that it answers.
    const answers = async () => {
      for (const process of [one, other, one])
        expect(await process.call()).toMatchObject({ called: [first] });
    };
    await vi.waitFor(answers, 10_000);
    await one.call(first);
    await one.call(first);
    expect(await one.call(first)).toMatchObject({ called: [second], resting: [first] });
  });
});
