// Runs in a process of its own: prints what a cascade of two adds to a call, as JSON. Optimising compilers would make
// what is counted depend on how often it ran before.
import { Session } from 'node:inspector/promises';
import { cascade } from 'ai-alloy';
import { bare, newCallWithSignal } from '../../bench/bare.mjs';

const [what, kind] = process.argv.slice(2);

const ways = {
  async generate(model, call) {
    await model.doGenerate(call);
  },
  async stream(model, call) {
    const { stream } = await model.doStream(call);
    for await (const _ of stream);
  },
};

async function callTimes(times, model) {
  for (let call = 0; call < times; call++) await ways[kind](model, newCallWithSignal());
}

/** How many functions of the package one call runs. */
async function functionCalls(model) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await callTimes(10, model); // some of it happens only in the first calls
  await session.post('Profiler.takePreciseCoverage'); // sets the counts to 0
  const times = 10;
  await callTimes(times, model);
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const own = result.filter(({ url }) => url.includes('/dist/'));
  const counts = own.flatMap(({ functions }) => functions.map(({ ranges: [whole] }) => whole.count));
  return counts.reduce((sum, count) => sum + count, 0) / times;
}

/** How many bytes one call allocates; nothing is collected meanwhile. */
async function bytes(model) {
  await callTimes(100, model);
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  const times = 100;
  await callTimes(times, model);
  return (process.memoryUsage().heapUsed - before) / times;
}

const model = cascade({
  steps: [
    { model: bare('a'), contextWindow: 128_000 },
    { model: bare('b'), contextWindow: 200_000 },
  ],
});
const measure = { functionCalls, bytes }[what];
console.log(JSON.stringify((await measure(model)) - (await measure(bare('bare')))));
