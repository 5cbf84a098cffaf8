import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { json } from 'node:stream/consumers';
import { afterAll } from 'vitest';

/** One request that a member got. */
export interface Arrival {
  readonly member: string;
  /** Milliseconds on the clock of this process. */
  readonly at: number;
  /** Resolves when it is answered to its end, or its connection closed by either side. */
  readonly closed: Promise<unknown>;
}

/** What a member answers to, and in whose words. */
export interface Scene {
  readonly response: ServerResponse;
  readonly isStream: boolean;
  readonly words: readonly string[];
}

export type Behaviour = (scene: Scene) => unknown;

/** The endpoints of one cell: each member's behaviours in the order of its requests; the last stays. */
export type Scripts = Readonly<Record<string, readonly Behaviour[]>>;

export interface Stage {
  /** For `createOpenAI`. */
  baseURL(member: string): string;
  /** All requests so far, of all members, in order. */
  readonly arrivals: readonly Arrival[];
}

/** An OpenAI-compatible server on 127.0.0.1 whose members misbehave as they are told to. */
export async function faultServer(): Promise<(scripts: Scripts) => Stage> {
  const stages: { readonly scripts: Scripts; readonly arrivals: Arrival[] }[] = [];
  const server = createServer(async (request, response) => {
    const [, stage = '', member = ''] = request.url!.split('/');
    const { scripts, arrivals } = stages[Number(stage)]!;
    const script = scripts[member]!;
    const before = arrivals.filter((arrival) => arrival.member === member).length;
    const closed = new Promise((resolve) => response.once('close', resolve));
    arrivals.push({ member, at: performance.now(), closed });
    const { stream } = (await json(request)) as { stream?: boolean };
    const behave = script[Math.min(before, script.length - 1)]!;
    await behave({ response, isStream: stream === true, words: wordsOf(member) });
  });
  // A connection that the server closes between two requests would be a fault that no test asked for.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return (scripts) => {
    const arrivals: Arrival[] = [];
    const index = stages.push({ scripts, arrivals }) - 1;
    return { arrivals, baseURL: (member) => `http://127.0.0.1:${port}/${index}/${member}` };
  };
}

/** A member's whole answer, in pieces: no two members have a word in common. */
export const wordsOf = (member: string): readonly string[] =>
  ['1 ', '2 ', '3 ', '4'].map((word) => member + word);
/** How much of it comes before a fault in the middle. */
export const half = 2;

const contentType = { json: 'application/json', sse: 'text/event-stream', html: 'text/html' };

/** Answers with a status and a body as they are. */
export const says =
  (status: number, content: unknown, headers: Record<string, string> = {}): Behaviour =>
  ({ response }) => {
    const type = typeof content === 'string' ? contentType.html : contentType.json;
    const body = typeof content === 'string' ? content : JSON.stringify(content);
    response.writeHead(status, { 'content-type': type, ...headers }).end(body);
  };

/** Sends the headers of a success. */
export function open({ response, isStream }: Scene): void {
  response.writeHead(200, { 'content-type': isStream ? contentType.sse : contentType.json });
  response.flushHeaders();
}

/** Sends an event of a stream: JSON, or something that should have been. */
export function send({ response }: Scene, data: unknown): void {
  response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
}

/** A line that event streams are kept alive with. */
export const comment = ({ response }: Scene): unknown => response.write(': still here\n\n');

const envelope = { id: 'chatcmpl-1', created: 1, model: 'as-served' };
const usage = { prompt_tokens: 21, completion_tokens: 4, total_tokens: 25 };

export function delta(scene: Scene, change: object, finishReason: string | null = null): void {
  const choices = [{ index: 0, delta: change, finish_reason: finishReason }];
  send(scene, { ...envelope, object: 'chat.completion.chunk', choices });
}

/** The chunk that opens a stream and holds no content. */
export const role = (scene: Scene): void => delta(scene, { role: 'assistant', content: '' });
export const word = (scene: Scene, content: string): void => delta(scene, { content });
export const finish = (scene: Scene, reason = 'stop'): void => delta(scene, {}, reason);

/** What comes behind the last word: the finish reason, the usage, and the end. */
export function closing(scene: Scene, reason?: string): void {
  finish(scene, reason);
  send(scene, { ...envelope, object: 'chat.completion.chunk', choices: [], usage });
  send(scene, '[DONE]');
  scene.response.end();
}

/** Everything up to a fault in the middle of a stream, which the client has read when this resolves. */
export async function opening(scene: Scene, count = half): Promise<void> {
  open(scene);
  role(scene);
  for (const each of scene.words.slice(0, count)) word(scene, each);
  await isRead();
}

/**
 * Client and server share a process, so that turns of the event loop, not time, bring what was sent to whoever reads
 * it. Without it, a reset may overtake what was sent before, as it may on a real network.
 */
export async function isRead(): Promise<void> {
  await setTimeout(20);
  for (let turn = 0; turn < 10; turn++) await setImmediate();
}

/** A whole answer without streaming. */
export const completion = (words: readonly string[], finishReason: string | null = 'stop'): object => ({
  ...envelope,
  object: 'chat.completion',
  choices: [
    { index: 0, message: { role: 'assistant', content: words.join('') }, finish_reason: finishReason },
  ],
  usage,
});

/** A whole answer, streamed if asked for so. */
export const answers =
  (finishReason?: string): Behaviour =>
  (scene) => {
    open(scene);
    if (!scene.isStream) return scene.response.end(JSON.stringify(completion(scene.words, finishReason)));
    role(scene);
    for (const each of scene.words) word(scene, each);
    return closing(scene, finishReason);
  };
