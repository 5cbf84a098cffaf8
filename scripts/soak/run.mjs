// Makes many calls at once on all primitives, with faults, aborts and cancelled streams, and counts at the end what is
// left of them. Prints the counts; exits with 1 where one is off.
//   npm run soak                                    200,000 calls
//   npm run soak -- --calls 5000 --seed 7 --at-once 100
import { setMaxListeners } from 'node:events';
import { parseArgs } from 'node:util';
import { setImmediate } from 'node:timers/promises';
import { countTimers } from './timers.mjs';
import { ask } from './ask.mjs';
import { countAll, settle, used, watchProcess } from './counters.mjs';
import { startServer } from './http-server.mjs';
import { plantLeaks } from './leaks.mjs';
import { createLedger } from './ledger.mjs';
import { planOf } from './plan.mjs';
import { createPrimitives } from './primitives.mjs';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '50' },
    // Makes every kind of leak on purpose: then every count has to be off.
    'plant-leaks': { type: 'boolean', default: false },
  },
});
const [calls, seed, atOnce] = [values.calls, values.seed, values['at-once']].map(Number);
countTimers();
globalThis.AI_SDK_LOG_WARNINGS = false;

const started = performance.now();
const problems = watchProcess();
const ledger = createLedger(seed, calls);
const server = await startServer(ledger);
const primitives = createPrimitives(ledger, server.model);
const shared = new AbortController().signal;
setMaxListeners(0, shared); // of all calls that share it
const leftovers = [];
const plant = values['plant-leaks'] ? plantLeaks({ ledger, shared, port: server.port }) : undefined;
const names = Object.keys(primitives);

/** Makes the calls from one number to another, so many at once. */
async function makeCalls(from, to) {
  let next = from;
  const worker = async () => {
    while (next <= to) {
      const plan = planOf(seed, next++, names);
      plant?.(plan);
      await ask(plan, { primitives, ledger, shared, leftovers });
      await setImmediate();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await settle(ledger);
}

// The first fifth fills the caches; what memory grows by after that is counted.
const memory = [];
for (let round = 1; round <= 5; round++) {
  const until = Math.round((calls * round) / 5);
  await makeCalls(Math.round((calls * (round - 1)) / 5) + 1, until);
  memory.push(await used());
  console.log(`after ${until} calls: ${(memory.at(-1) / 1e6).toFixed(1)} MB`);
}
const growth = memory.at(-1) - memory[0];
const counts = await countAll({ ledger, server, shared, leftovers, problems, growth });

const seconds = (performance.now() - started) / 1000;
console.log(
  `\n${calls} calls in ${seconds.toFixed(0)} s, seed ${seed}: ${[...ledger.outcomes].map(([name, count]) => `${count} ${name}`).join(', ')}\n`,
);
for (const [name, count, isRight, examples = []] of counts) {
  console.log(`${isRight ? 'ok ' : 'OFF'}  ${name}: ${count}`);
  if (!isRight) for (const example of examples) console.log(`       ${example}`);
}
const off = counts.filter(([, , isRight]) => !isRight).length;
console.log(`\nsoak: ${counts.length - off} passed, ${off} failed`);
process.exit(off > 0 ? 1 : 0);
