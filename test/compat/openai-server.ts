import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeEach } from 'vitest';

/** What a raw endpoint does with a request, where aimock has no fixture for it. */
export type RawAnswer = (response: ServerResponse, request: { readonly stream?: boolean }) => unknown;

export interface OpenAIServer {
  readonly mock: LLMock;
  /** For `createOpenAI`. */
  readonly baseURL: string;
  /** A base URL at which every request is answered like this. */
  raw(answer: RawAnswer): string;
  /** The models that aimock was asked for since the test began, in order. */
  asked(): string[];
  /** Like `baseURL`, but notes what comes in as it is: aimock's journal has it in chat's terms. */
  readonly recordingURL: string;
  /** What came in at `recordingURL` since the last time this was called. */
  recorded(): Recorded[];
}

/** A request as the server got it. */
export interface Recorded {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An OpenAI-compatible server on 127.0.0.1 for one test file. */
export async function openAIServer(): Promise<OpenAIServer> {
  const mock = await LLMock.create({ port: 0 });
  const answers: RawAnswer[] = [];
  mock.mount('/raw', {
    async handleRequest(request: IncomingMessage, response: ServerResponse, path: string) {
      const answer = answers[Number(path.split('/')[1])]!;
      await answer(response, JSON.parse((await text(request)) || '{}'));
      return true;
    },
  });
  let recorded: Recorded[] = [];
  mock.mount('/recording', {
    async handleRequest(request: IncomingMessage, response: ServerResponse, path: string) {
      const sent = await text(request);
      // Less what aimock mints anew each time.
      const { 'x-request-id': _, ...own } = request.headers;
      const common = sent.replaceAll(/"(fc|rs|msg)-[\w-]{16}"/g, '"$1"');
      recorded.push({ path, headers: own, body: JSON.parse(common) });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${mock.url}/v1${path}`, { method: 'POST', headers, body: sent });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type')! });
      response.end(await answer.text());
      return true;
    },
  });
  beforeEach(() => {
    mock.clearRequests();
    recorded = [];
  });
  afterAll(() => mock.stop());
  return {
    mock,
    baseURL: `${mock.url}/v1`,
    raw: (answer) => `${mock.url}/raw/${answers.push(answer) - 1}`,
    asked: () => mock.getRequests().map((entry) => String(entry.body?.['model'])),
    recordingURL: `${mock.url}/recording`,
    recorded: () => recorded.splice(0),
  };
}

const contentType = { json: 'application/json', sse: 'text/event-stream', html: 'text/html' };

/** Answers with a body as it is. */
export function body(status: number, type: keyof typeof contentType, content: string): RawAnswer {
  return (response) => response.writeHead(status, { 'content-type': contentType[type] }).end(content);
}

/** Closes the connection without an answer. */
export const reset: RawAnswer = (response) => response.socket!.resetAndDestroy();

/** Sends the headers of a stream, and closes the connection. */
export const resetAfterHeaders: RawAnswer = (response) => {
  response.writeHead(200, { 'content-type': contentType.sse });
  response.write('\n', () => response.socket!.resetAndDestroy()); // headers leave with the first byte
};

/** An error in the body of a 200: as the first event of a stream, or as the whole answer. */
export const inBandError: RawAnswer = (response, { stream }) => {
  const error = JSON.stringify({ error: { message: 'The server had an error.', type: 'server_error' } });
  return stream
    ? body(200, 'sse', `data: ${error}\n\ndata: [DONE]\n\n`)(response, {})
    : body(200, 'json', error)(response, {});
};

/** Half an answer; the rest is up to the test. */
export interface HalfAnswer {
  readonly answer: RawAnswer;
  /** Breaks the connection. */
  breakOff(): void;
  /** Resolves when the connection is closed, by either side. */
  readonly closed: Promise<void>;
}

/** A stream that sends one word, and then keeps the connection open. */
export function halfAnswer(): HalfAnswer {
  let response: ServerResponse | undefined;
  let close = (): void => {};
  const closed = new Promise<void>((resolve) => (close = resolve));
  const choice = { index: 0, delta: { role: 'assistant', content: 'half' }, finish_reason: null };
  const chunk = { id: '1', object: 'chat.completion.chunk', created: 1, model: 'half', choices: [choice] };
  return {
    answer(opened) {
      response = opened.on('close', close);
      response.writeHead(200, { 'content-type': contentType.sse });
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    },
    breakOff: () => void response!.socket!.resetAndDestroy(),
    closed,
  };
}
