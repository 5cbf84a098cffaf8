// A model server that is well: a process of its own, which streams each answer in time, and keeps when it wrote what.
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { now } from './clock.mjs';

/** Before the first word, and between two words. */
const firstMs = 300;
const wordMs = 100;
const words = 10;

const calls = new Map();
const chunk = (delta, finish_reason = null) =>
  `data: ${JSON.stringify({ id: 'r', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;

async function respond(request, response) {
  const call = { arrivedAt: now(), writtenAt: [] };
  calls.set(request.headers['x-call'], call);
  await json(request);
  if (request.headers['x-call'] === 'hung') return;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const write = (text) => {
    call.writtenAt.push(now());
    response.write(text);
  };
  await setTimeout(firstMs);
  for (let word = 0; word < words && !response.destroyed; word++) {
    if (word > 0) await setTimeout(wordMs);
    write(chunk({ content: `${word} ` }));
  }
  write(chunk({}, 'stop'));
  response.end('data: [DONE]\n\n');
}

const server = createServer((request, response) => {
  response.on('error', () => {});
  respond(request, response).catch(() => {}); // the client left
});
server.keepAliveTimeout = 0;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  process.send({ port: server.address().port }),
);
process.on('message', () => {
  process.send({ calls: [...calls] });
  calls.clear();
});
process.on('disconnect', () => process.exit());
