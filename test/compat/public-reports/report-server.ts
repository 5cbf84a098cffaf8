// Servers on 127.0.0.1 that answer as the reports say, each provider's API in its own shape.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll } from 'vitest';
import { healthyAnswer } from './healthy-answer.ts';
import { timed, type Event, type Member, type Provider, type Script } from './report.ts';
import { passes } from './tool-ids.ts';

/** The servers of one call's members. */
export interface Stage {
  baseURL(member: string): string;
  /** The members that were asked so far, request by request. */
  readonly asked: string[];
}

interface Request {
  readonly provider: Provider;
  readonly member: string;
  readonly isStream: boolean;
  readonly body: object;
}

export async function reportServer(): Promise<(members: readonly Member[]) => Stage> {
  const stages: { readonly members: readonly Member[]; readonly asked: string[] }[] = [];
  const server = createServer(async (request, response) => {
    const [, stage, id] = request.url!.split('/');
    const { members, asked } = stages[Number(stage)]!;
    const member = members.find((each) => each.id === id)!;
    const before = asked.filter((each) => each === id).length;
    asked.push(member.id);
    await answer(response, scriptFor(member, before), await requestOf(request, member));
  });
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return (members) => {
    const asked: string[] = [];
    const index = stages.push({ members, asked }) - 1;
    return { asked, baseURL: (id) => `http://127.0.0.1:${port}/${index}/${id}` };
  };
}

function scriptFor({ id, script = { healthy: `${id} here` } }: Member, before: number): Script {
  return script.nth ? script.nth[Math.min(before, script.nth.length - 1)]! : script;
}

async function requestOf(request: IncomingMessage, { id, provider = 'chat' }: Member): Promise<Request> {
  const body = (await json(request)) as { readonly stream?: boolean };
  const isStream = body.stream === true || request.url!.includes('streamGenerateContent');
  return { provider, member: id, isStream, body };
}

async function answer(response: ServerResponse, script: Script, request: Request): Promise<void> {
  const { provider, isStream } = request;
  const byMode = isStream ? script.stream : script.generate;
  if (byMode) return answer(response, byMode, request);
  if (script.check) {
    const isFine = passes(script.check, request.body);
    return answer(response, isFine ? { healthy: `${request.member} here` } : script.otherwise!, request);
  }
  if (script.healthy !== undefined) {
    return answer(
      response,
      healthyAnswer(provider, script.healthy)[isStream ? 'stream' : 'generate'],
      request,
    );
  }
  const { status = 200, headers = {}, body, sse, end, gzip, cut = 0 } = timed(script);
  if (sse) {
    response.writeHead(status, { 'content-type': 'text/event-stream', ...headers });
    for (const event of sse) await send(response, provider, event);
    if (end === 'destroy') await isRead(() => response.destroy());
    else if (end !== 'hang') response.end();
    return;
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const sent = gzip ? gzipSync(text) : Buffer.from(text);
  const encoding = gzip ? { 'content-encoding': 'gzip' } : {};
  response.writeHead(status, { 'content-type': 'application/json', ...encoding, ...headers });
  response.end(sent.subarray(0, sent.length - cut));
}

async function send(response: ServerResponse, provider: Provider, event: Event): Promise<void> {
  if (typeof event === 'string') return void response.write(`data: ${event}\n\n`);
  if ('raw' in event) return void response.write(event.raw);
  if ('send' in event) {
    const { send: repeated, every, times } = event as { send: Event; every: number; times: number };
    for (let count = 0; count < times && !response.destroyed; count++) {
      await send(response, provider, repeated);
      await setTimeout(every);
    }
    return;
  }
  const isNamed = provider === 'anthropic' || provider === 'responses';
  const name = isNamed ? `event: ${String(event['type'])}\n` : '';
  response.write(`${name}data: ${JSON.stringify(event)}\n\n`);
}

/** A reset may overtake what was sent before it: the client is to have read that first. */
async function isRead(then: () => unknown): Promise<void> {
  await setTimeout(100);
  then();
}
