// A process of its own with one cascade whose rests are in Redis; a test tells it over IPC when to call it.
import { cascade, decisionOf } from '../../src/index.ts';
import { redisStore } from '../../src/redis/index.ts';
import { callOf } from '../support/models.ts';
import { connect, type Kind } from './clients.ts';
import { membersThat } from './members.ts';

export interface Settings {
  readonly kind: Kind;
  readonly port: number;
  readonly offlineQueue: boolean;
  /** Of a rest. */
  readonly ms: number;
}

export interface Command {
  /** The members that fail when they are called. */
  readonly failing: readonly string[];
}

export interface Reply {
  readonly answeredBy: string | undefined;
  /** The members that were called, in that order. */
  readonly called: readonly string[];
  readonly resting: readonly string[];
  readonly durationMs: number;
  readonly error?: string;
}

const { kind, port, offlineQueue, ms } = JSON.parse(process.argv[2]!) as Settings;
const { client } = await connect(kind, { port, offlineQueue });

let failing: readonly string[] = [];
const called: string[] = [];
const model = cascade({
  id: 'shared',
  steps: membersThat({ called: (id) => called.push(id), fails: (id) => failing.includes(id) }),
  cooldown: { failures: 2, ms, store: redisStore(client) },
});

async function call(): Promise<Reply> {
  called.length = 0;
  const startedAt = performance.now();
  const result = await model.doGenerate(callOf('Hello')).then(
    (answer): unknown => answer,
    (error: unknown) => error,
  );
  const decision = decisionOf(result);
  return {
    answeredBy: decision?.answeredBy,
    called: [...called],
    resting: decision?.candidates.filter(({ skipped }) => skipped === 'resting').map(({ id }) => id) ?? [],
    durationMs: performance.now() - startedAt,
    ...(result instanceof Error && { error: result.message }),
  };
}

process.on('message', async (command: Command) => {
  ({ failing } = command);
  process.send!(await call());
});
process.on('disconnect', () => process.exit());
process.send!('ready');
