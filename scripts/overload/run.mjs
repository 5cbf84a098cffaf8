// Opens many real streams at once, on cores that are busy already, with deadlines that the server keeps: counts those that
// were cut off although their server was in time. Prints the counts; exits with 1 where ai-alloy has cut one.
//   npm run overload                             2,000 streams, 2 s, two busy cores
//   npm run overload -- --streams 500 --ms 1000 --busy 0
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { createOpenAI } from '@ai-sdk/openai';
import { streamText } from 'ai';
import { cascade } from 'ai-alloy';
import { now } from './clock.mjs';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '2000' },
    ms: { type: 'string', default: '2000' },
    busy: { type: 'string', default: '2' },
  },
});
const [streams, ms, busy] = [values.streams, values.ms, values.busy].map(Number);

const start = (file) => fork(new URL(file, import.meta.url));
const server = start('server.mjs');
const [{ port }] = await once(server, 'message');
const helpers = [server, ...Array.from({ length: busy }, () => start('busy.mjs'))];
const member = createOpenAI({ baseURL: `http://127.0.0.1:${port}/v1`, apiKey: 'none' }).chat('m');

/** Reads a stream; says when it got each word, and when and why it was cut off. */
async function read(model, call, options, heard = () => {}) {
  const seen = { words: 0, cutAt: undefined, deadline: undefined };
  const { fullStream } = streamText({
    model,
    prompt: 'Hi',
    maxRetries: 0,
    headers: { 'x-call': call },
    onError() {},
    ...options,
  });
  try {
    for await (const part of fullStream) {
      if (part.type === 'text-delta') heard(++seen.words);
      if (part.type === 'abort') seen.cutAt = now();
      if (part.type === 'error')
        Object.assign(seen, { cutAt: now(), deadline: part.error.deadline, error: part.error });
    }
  } catch (error) {
    Object.assign(seen, { cutAt: now(), error });
  }
  return seen;
}

/** The same model by itself, with timers as one would write them: for the first word, then for each. */
function readPlainly(call) {
  const controller = new AbortController();
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), ms);
  };
  let timer;
  restart();
  return read(member, call, { abortSignal: controller.signal }, restart).finally(() => clearTimeout(timer));
}

const routed = (options) => {
  const model = cascade({ steps: [member], ...options });
  return (call) => read(model, call, {});
};

const variants = {
  'no ai-alloy, setTimeout': readPlainly,
  'no deadlines': routed({}),
  'firstContentMs, idleMs': routed({ firstContentMs: ms, idleMs: ms }),
  totalMs: routed({ totalMs: ms }),
};

/** Whether the server was in time itself, for the word that was awaited: by its own clock, from when it was asked. */
function wasInTime({ arrivedAt, writtenAt }, { words, deadline }, cutAt) {
  const from = deadline === 'totalMs' ? arrivedAt : (writtenAt[words - 1] ?? arrivedAt);
  const due = deadline === 'totalMs' ? writtenAt.at(-1) : writtenAt[words];
  return (due ?? cutAt) - from < ms;
}

/** Opens all streams of a variant, and one that the server never answers, where that has a deadline. */
async function measure(name, readOne) {
  const startedAt = now();
  const hasDeadline = name !== 'no deadlines';
  const opening = Array.from({ length: streams }, (_, index) => readOne(`${index}`));
  const hung = hasDeadline ? readOne('hung').then(() => now() - startedAt) : undefined;
  const all = await Promise.all(opening);
  const seconds = (now() - startedAt) / 1000;
  const hungSeconds = ((await hung) ?? 0) / 1000;
  server.send('calls?');
  const [{ calls }] = await once(server, 'message');
  const served = new Map(calls);
  const cut = all.flatMap((seen, index) =>
    seen.cutAt === undefined ? [] : [{ seen, call: served.get(`${index}`) }],
  );
  const healthy = cut.filter(({ seen, call }) => !call || wasInTime(call, seen, seen.cutAt));
  const ending = hasDeadline
    ? `; the request that the server never answered timed out after ${hungSeconds.toFixed(1)} s`
    : '';
  console.log(
    `${name}: ${streams} streams in ${seconds.toFixed(1)} s, ${cut.length} cut off, ${healthy.length} of them while the server was in time${ending}`,
  );
  const other = cut.find(({ seen }) => seen.error && seen.deadline === undefined);
  if (other) console.log(`  by no deadline: ${other.seen.error}`);
  return healthy.length;
}

console.log(
  `${streams} streams at once, deadlines of ${ms} ms, ${busy} processes beside them that keep cores busy\n`,
);
let failed = 0;
for (const [name, readOne] of Object.entries(variants)) {
  const count = await measure(name, readOne);
  if (readOne !== readPlainly) failed += count;
}
for (const helper of helpers) helper.disconnect();
console.log(`\noverload: ${failed} healthy streams cut off by ai-alloy`);
process.exit(failed > 0 ? 1 : 0);
