// An OpenAI-compatible server on 127.0.0.1 whose models misbehave as their names say. For calls of another process.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

const chunk = (delta, finishReason = null, rest = {}) => {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  return `data: ${JSON.stringify({ id: 'r', created: 1, model: 'served', choices, ...rest })}\n\n`;
};
const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };
const ending = [chunk({}, 'stop', { usage }), 'data: [DONE]\n\n'];

/** What is written of a stream, and whether the connection is closed after it, broken, or left open. */
const streams = {
  fine: { chunks: [chunk({ content: 'Hello ' }), chunk({ content: 'there' }), ...ending], then: 'end' },
  'breaks at once': { chunks: [chunk({ role: 'assistant' })], then: 'destroy' },
  'breaks half-way': { chunks: [chunk({ content: 'Half' })], then: 'destroy' },
  'ends half-way': { chunks: [chunk({ content: 'Half' })], then: 'end' },
  garbage: { chunks: ['data: {{{\n\n'], then: 'end' },
  empty: { chunks: [], then: 'end' },
  silent: { chunks: [], then: 'wait' },
  'silent half-way': { chunks: [chunk({ content: 'Half' })], then: 'wait' },
};

const answer = JSON.stringify({
  id: 'r',
  created: 1,
  model: 'served',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello there' }, finish_reason: 'stop' }],
  usage,
});
const half = answer.slice(0, answer.length / 2);

/** The same of an answer in one piece. */
const answers = {
  fine: { chunks: [answer], then: 'end' },
  'breaks half-way': { chunks: [half], then: 'destroy' },
  'ends half-way': { chunks: [half], then: 'end' },
  garbage: { chunks: ['{{{'], then: 'end' },
  empty: { chunks: [], then: 'end' },
  silent: { chunks: [], then: 'wait' },
};

async function respond(request, response) {
  const { model, stream = false } = await json(request);
  if (/^\d+$/.test(model)) {
    response.writeHead(Number(model), { 'content-type': 'application/json' });
    return response.end(JSON.stringify({ error: { message: 'Refused.' } }));
  }
  if (model === 'resets') return request.socket.destroy();
  if (model === 'page') return response.writeHead(502, { 'content-type': 'text/html' }).end('<html></html>');
  const { chunks, then } = (stream ? streams : answers)[model];
  response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
  response.flushHeaders();
  for (const each of chunks) response.write(each);
  if (then === 'end') response.end();
  // Only once the client has what was written before.
  if (then === 'destroy') setTimeout(() => request.socket.destroy(), 50);
}

/** Starts it; resolves to its address, and to what stops it. */
export async function startServer() {
  const server = createServer((request, response) => {
    response.on('error', () => {});
    respond(request, response).catch(() => request.socket.destroy()); // the client left
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}/v1`, stop };
}
