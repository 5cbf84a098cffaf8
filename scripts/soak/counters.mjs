// What is counted when all calls are over. Each line says what was counted and, where that is wrong, what was found.
import { getEventListeners } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openTimers } from './timers.mjs';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** What memory is allowed to grow by after the first fifth of the calls, in bytes: caches that are not full yet. */
const mostGrowth = 6_000_000;

/** Records unhandled rejections, uncaught exceptions and warnings of the process, from now on. */
export function watchProcess() {
  const problems = { rejections: [], warnings: [] };
  process.on('unhandledRejection', (reason) => problems.rejections.push(String(reason?.stack ?? reason)));
  process.on('uncaughtException', (error) => problems.rejections.push(String(error?.stack ?? error)));
  process.on('warning', (warning) => problems.warnings.push(String(warning)));
  return problems;
}

/** Bytes in use once nothing more can be collected. */
export async function used() {
  for (let round = 0; round < 6; round++) {
    collect();
    await setTimeout(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Waits for late members, which take 0.4 s, and for streams that are read on to their end after the finish part, up to 1 s. */
export async function settle(ledger) {
  for (let round = 0; round < 20; round++) {
    await setTimeout(100);
    if (round >= 5 && ledger.open.size + ledger.waiting.size + openTimers().length === 0) return;
  }
}

/** All counts, as `[name, what is there, whether that is right, examples]`. */
export async function countAll({ ledger, server, shared, leftovers, problems, growth }) {
  // Several times: where `fetch` has aborted requests in its queue, it opens sockets for them when others are closed.
  for (let round = 0; round < 10 && server.connections() > 0; round++) {
    server.closeIdle();
    await setTimeout(200);
  }
  const connections = server.connections();
  const listeners = leftovers.reduce(
    (sum, count) => sum + count(),
    getEventListeners(shared, 'abort').length,
  );
  const timers = openTimers();
  const { twice, missing, unnamed } = ledger.decisions();
  const none = (name, list) => [name, list.length, list.length === 0, list.slice(0, 5)];
  const { held } = ledger.prompts;
  return [
    ['growth of memory, in bytes', growth, growth <= mostGrowth],
    ['listeners on signals', listeners, listeners === 0],
    none(
      'timers',
      timers.map((ms) => `of ${ms} ms`),
    ),
    ['sockets', connections, connections === 0],
    none('open streams and responses', [...ledger.open.values()]),
    none('member calls that never ended', [...ledger.waiting.values()]),
    ['prompts that are held', held, held === 0],
    none('unhandled rejections', problems.rejections),
    none('warnings of the process', problems.warnings),
    none('calls with two decisions', twice),
    // A call that ends before anything is counted has a decision that names no call.
    ['calls without a decision', missing.length, missing.length <= unnamed, missing.slice(0, 5)],
    ['wrong answers', ledger.wrongs, ledger.wrongs === 0, ledger.wrong],
  ];
}
