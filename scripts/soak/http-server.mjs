// Members over HTTP: a server of chat completions whose answers fail in the ways of a transport.
import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { createOpenAI } from '@ai-sdk/openai';
import { between, pick, randomBy } from './random.mjs';
import { wordsOf } from './words.mjs';

const weights = {
  fine: 8,
  'status 503': 2,
  'status 429': 1,
  page: 1,
  resets: 1,
  garbage: 1,
  breaks: 2,
  'half a stream': 1,
};
const silence = { silent: 0.5, 'silent half-way': 0.5 };

export async function startServer(ledger) {
  const server = createServer((request, response) => {
    const close = ledger.opens(`a response of the server to call ${request.headers['x-soak-call']}`);
    response.on('close', close);
    response.on('error', () => {});
    answer(request, response, ledger).catch((error) => ledger.isWrong(`the server: ${error.stack}`));
  });
  const sockets = new Map();
  server.on('connection', (socket) => {
    sockets.set(socket, { isUsed: false });
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('request', ({ socket }) => (sockets.get(socket).isUsed = true));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseURL = `http://127.0.0.1:${server.address().port}/v1`;
  const openai = createOpenAI({ baseURL, apiKey: 'none' });
  return {
    port: server.address().port,
    model: (id) => openai.chat(id),
    connections: () => sockets.size,
    /** Closes what `fetch` keeps for later: the sockets of finished requests, and those opened for an aborted one. */
    closeIdle() {
      server.closeIdleConnections();
      for (const [socket, { isUsed }] of sockets) if (!isUsed) socket.destroy();
    },
  };
}

async function answer(request, response, ledger) {
  const body = [];
  try {
    for await (const chunk of request) body.push(chunk);
  } catch {
    return; // the caller left
  }
  const { model: member, stream = false } = JSON.parse(Buffer.concat(body));
  const n = Number(request.headers['x-soak-call']);
  // A request may be under way when its caller aborts, so nothing is wrong where the call is over.
  const state = ledger.stateOf(n);
  const tries = state ? state.tries++ : 0;
  const random = randomBy(ledger.seed, n, member, tries);
  const faults = state?.plan.faults ?? 'none';
  const how = faults === 'none' ? 'fine' : pick(random, { ...weights, ...(state.mayBeSilent && silence) });
  state?.behaviours.add(how);
  const words = wordsOf({ member, n, tries, length: between(random, 2, 12) });
  if (random() < 0.3) await setTimeout(1);
  if (how === 'silent') return;
  if (how === 'resets') return void request.socket.destroy();
  if (how.startsWith('status')) return void refuse(response, Number(how.slice(7)));
  if (how === 'page')
    return void response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>');
  response.setHeader('content-type', stream ? 'text/event-stream' : 'application/json');
  if (how === 'garbage') return void response.end(stream ? 'data: {{{\n\n' : '{{{');
  const pieces = stream ? streamed(member, words) : whole(member, words);
  const last = how === 'fine' ? pieces.length : Math.ceil(pieces.length / 2);
  for (const piece of pieces.slice(0, last)) {
    response.write(piece);
    if (random() < 0.2) await setTimeout(1);
  }
  if (how === 'silent half-way') return;
  if (how === 'breaks') return void request.socket.destroy();
  response.end();
}

function refuse(response, status) {
  response.writeHead(status, { 'content-type': 'application/json', 'retry-after-ms': '20' });
  response.end(JSON.stringify({ error: { message: `Refused with ${status}.` } }));
}

const usage = (words) => ({ prompt_tokens: 2000, completion_tokens: words.length * 8 });

function streamed(model, words) {
  const chunk = (choice, rest) => {
    const choices = choice ? [{ index: 0, delta: {}, ...choice }] : [];
    return `data: ${JSON.stringify({ id: 'r', created: 1, model, choices, ...rest })}\n\n`;
  };
  return [
    ...words.map((content) => chunk({ delta: { content } })),
    chunk({ finish_reason: 'stop' }),
    chunk(undefined, { usage: usage(words) }),
    'data: [DONE]\n\n',
  ];
}

function whole(model, words) {
  const message = { role: 'assistant', content: words.join('') };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  const text = JSON.stringify({ id: 'r', created: 1, model, choices, usage: usage(words) });
  return [text.slice(0, text.length / 2), text.slice(text.length / 2)];
}
