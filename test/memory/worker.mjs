// Runs in a process of its own, with --expose-gc: prints what is kept after calls, as JSON.
import { getHeapSnapshot } from 'node:v8';
import { callWith, kinds, models } from './calls.mjs';

const [task, name] = process.argv.slice(2);
// What an application may well hold on to.
const held = [];
// Made anew each time, so that it is nowhere by itself.
const secret = () => ['4f1d', 'b77e', process.pid].join('-');

async function settle() {
  for (let round = 0; round < 5; round++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function attempt(run) {
  try {
    held.push(await run());
  } catch (error) {
    held.push(error);
  }
}

/** Calls that end in every way, none of which is held. */
async function callInEveryWay(model) {
  await attempt(() => model.doGenerate(callWith(secret())));
  await attempt(async () => {
    const result = await model.doStream(callWith(secret()));
    for await (const part of result.stream) held.push(part);
    return result;
  });
  await attempt(async () => {
    const result = await model.doStream(callWith(secret()));
    await result.stream.cancel();
    return result;
  });
  const abort = new AbortController();
  await attempt(() => {
    const pending = model.doGenerate(callWith(secret(), { abortSignal: abort.signal }));
    abort.abort(new Error('enough'));
    return pending;
  });
  held.push(abort);
}

/** How many strings in the heap hold the secret. */
async function secretsInHeap() {
  await settle();
  const chunks = [];
  for await (const chunk of getHeapSnapshot()) chunks.push(chunk);
  const { strings } = JSON.parse(Buffer.concat(chunks));
  const wanted = secret();
  return strings.filter((text) => text.includes(wanted)).length;
}

async function used() {
  await settle();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function growth() {
  const [times, make, called = 'the default'] = kinds[name];
  const model = models[called];
  for (let call = 0; call < 3; call++) await model.doGenerate(make()).catch(() => {}); // some are too large
  const before = await used();
  for (let call = 0; call < times; call++) await model.doGenerate(make()).catch(() => {}); // some are too large
  return (await used()) - before;
}

async function texts() {
  await callInEveryWay(models[name]);
  const after = await secretsInHeap();
  const call = callWith(secret());
  const whileHeld = await secretsInHeap();
  held.push(call);
  return { after, whileHeld };
}

console.log(JSON.stringify(await (task === 'texts' ? texts() : growth())));
