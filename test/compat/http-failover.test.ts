import { describe, expect, test } from 'vitest';
import { installations } from './installations.ts';
import * as raw from './openai-server.ts';
import { drained, errorOf, modes, optionsOf, run, type Mode } from './run.ts';

const server = await raw.openAIServer();
server.mock.on(
  { model: 'good' },
  { content: 'A good answer.', model: 'good-2026', usage: { prompt_tokens: 21, completion_tokens: 3 } },
);

/** A member that fails: a model id with an error fixture, or a base URL of its own. */
interface Failing {
  readonly kind: string;
  readonly status?: number;
  readonly error?: { readonly type: string; readonly code?: string };
  readonly raw?: raw.RawAnswer;
  readonly modes?: readonly Mode[];
}

const fallsThrough: Record<string, Failing> = {
  '429, a rate limit': {
    kind: 'rate-limit',
    status: 429,
    error: { type: 'requests', code: 'rate_limit_exceeded' },
  },
  '429, a quota': {
    kind: 'quota',
    status: 429,
    error: { type: 'insufficient_quota', code: 'insufficient_quota' },
  },
  '500': { kind: 'server-error', status: 500, error: { type: 'server_error' } },
  '503': { kind: 'server-error', status: 503, error: { type: 'overloaded_error' } },
  '502 with HTML': { kind: 'server-error', raw: raw.body(502, 'html', '<html>Bad Gateway</html>') },
  'a reset before the headers': { kind: 'network', raw: raw.reset },
  'a reset after the headers': { kind: 'network', raw: raw.resetAfterHeaders, modes: ['stream'] },
  'a 200 that is no JSON': {
    kind: 'malformed-response',
    raw: raw.body(200, 'json', 'OK'),
    modes: ['generate'],
  },
  'an empty 200': { kind: 'malformed-response', raw: raw.body(200, 'json', ''), modes: ['generate'] },
  'an empty stream': { kind: 'malformed-response', raw: raw.body(200, 'sse', ''), modes: ['stream'] },
  'a stream that is only done': {
    kind: 'malformed-response',
    raw: raw.body(200, 'sse', 'data: [DONE]\n\n'),
    modes: ['stream'],
  },
  'a stream whose first event is no JSON': {
    kind: 'malformed-response',
    raw: raw.body(200, 'sse', 'data: <html>\n\n'),
    modes: ['stream'],
  },
  'a stream whose first event is an error': { kind: 'server-error', raw: raw.inBandError, modes: ['stream'] },
  'a 200 that holds an error': { kind: 'server-error', raw: raw.inBandError, modes: ['generate'] },
};

const thrown: Record<string, Failing> = {
  '401': { kind: 'auth', status: 401, error: { type: 'invalid_request_error', code: 'invalid_api_key' } },
  '404': {
    kind: 'not-found',
    status: 404,
    error: { type: 'invalid_request_error', code: 'model_not_found' },
  },
  '400': { kind: 'bad-request', status: 400, error: { type: 'invalid_request_error' } },
};

const overflows: Record<string, Failing> = {
  'OpenAI, by code': {
    kind: 'overflow',
    status: 400,
    error: { type: 'invalid_request_error', code: 'context_length_exceeded' },
  },
  'llama.cpp': {
    kind: 'overflow',
    raw: raw.body(
      400,
      'json',
      JSON.stringify({
        error: {
          code: 400,
          message:
            'request (40000 tokens) exceeds the available context size (32768 tokens), try increasing it',
          type: 'exceed_context_size_error',
          n_prompt_tokens: 40_000,
          n_ctx: 32_768,
        },
      }),
    ),
  },
};

for (const [name, { status, error }] of Object.entries({ ...fallsThrough, ...thrown, ...overflows })) {
  if (error) server.mock.on({ model: name }, { error: { message: 'Refused.', ...error }, status: status! });
}

const casesOf = (members: Record<string, Failing>) =>
  Object.entries(members).flatMap(([name, failing]) =>
    (failing.modes ?? modes).map((mode) => ({ name, mode, failing })),
  );

describe.each(await installations())('ai $major', (installation) => {
  const { aiAlloy, createOpenAI, sdk, major } = installation;
  // `compatibility` makes the provider of ai 4 ask for the usage of streams.
  const openai = (baseURL: string) =>
    createOpenAI({ baseURL, apiKey: 'test', compatibility: 'strict' } as never);
  const good = openai(server.baseURL).chat('good');
  const failingMember = (name: string, { raw: answer }: Failing) =>
    openai(answer ? server.raw(answer) : server.baseURL).chat(name);

  test.each(casesOf(fallsThrough))('R-22: $name falls through ($mode)', async ({ name, mode, failing }) => {
    const model = aiAlloy.cascade({ steps: [failingMember(name, failing), good] });
    const { text, usage, finishReason, request, response, decision } = await run(installation, mode, {
      model,
    });
    expect({ text, usage, finishReason }).toEqual({
      text: 'A good answer.',
      usage: { input: 21, output: 3 },
      finishReason: 'stop',
    });
    expect(decision?.attempts).toMatchObject([
      { id: `openai.chat/${name}`, outcome: 'failed', failure: failing.kind },
      { id: 'openai.chat/good', outcome: 'answered' },
    ]);
    // What the result says about request and response is what the member that answered saw.
    const served = server.mock.getLastRequest()!;
    expect(response.modelId).toBe('good-2026');
    expect(response.headers?.['x-request-id']).toBe(served.headers['x-request-id']);
    // Text or an object, depending on the generation.
    const sent = JSON.parse(typeof request.body === 'string' ? request.body : JSON.stringify(request.body));
    expect({ ...served.body }).toMatchObject(sent as object);
    expect(sent).toMatchObject({ model: 'good' });
  });

  test.each(casesOf(thrown))('R-22: $name is thrown ($mode)', async ({ name, mode, failing }) => {
    const model = aiAlloy.cascade({ steps: [failingMember(name, failing), good] });
    const error = await errorOf(run(installation, mode, { model }));
    expect(sdk.APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ statusCode: failing.status });
    expect(server.asked()).toEqual([name]);
    expect(aiAlloy.decisionOf(error)?.attempts).toMatchObject([{ failure: failing.kind }]);
  });

  test.each(casesOf(thrown))('R-22: fallThroughOn lets $name fall through ($mode)', async (each) => {
    const steps = [failingMember(each.name, each.failing), good];
    const fallThroughOn = ['auth', 'not-found', 'bad-request'] as const;
    const { text } = await run(installation, each.mode, {
      model: aiAlloy.cascade({ steps, fallThroughOn }),
    });
    expect(text).toBe('A good answer.');
  });

  test.each(casesOf(overflows))(
    'R-24: $name leads to a larger step ($mode)',
    async ({ name, mode, failing }) => {
      const model = aiAlloy.cascade({
        steps: [
          { model: failingMember(name, failing), contextWindow: '32K' },
          { model: openai(server.baseURL).chat('as-small'), contextWindow: '32K' },
          { model: good, contextWindow: '64K' },
        ],
      });
      const { text, decision } = await run(installation, mode, { model });
      expect(text).toBe('A good answer.');
      expect(server.asked()).not.toContain('as-small');
      expect(decision?.candidates[0]).toMatchObject({ skipped: 'rejected' });
      expect(decision?.attempts?.[0]).toMatchObject({ failure: 'overflow', statusCode: 400 });
    },
  );

  test.each(casesOf(overflows))(
    'R-33: so does a dispatcher: $name ($mode)',
    async ({ name, mode, failing }) => {
      const model = aiAlloy.dispatcher({
        targets: [
          { model: failingMember(name, failing), contextWindow: '32K' },
          { model: good, contextWindow: '64K' },
        ],
      });
      expect(await run(installation, mode, { model })).toMatchObject({ text: 'A good answer.' });
    },
  );

  test.each(major === 4 ? [] : casesOf(fallsThrough).filter(({ failing }) => failing.error))(
    'R-22: $name of the Responses API falls through to a chat model ($mode)',
    async ({ name, mode, failing }) => {
      const model = aiAlloy.cascade({ steps: [openai(server.baseURL).responses(name), good] });
      const { text, decision } = await run(installation, mode, { model });
      expect({ text, asked: server.asked() }).toEqual({ text: 'A good answer.', asked: [name, 'good'] });
      expect(decision?.attempts?.[0]).toMatchObject({ failure: failing.kind, statusCode: failing.status });
    },
  );

  test('R-22: a connection that breaks after the first content is the end of the call', async () => {
    const half = raw.halfAnswer();
    const model = aiAlloy.cascade({ steps: [openai(server.raw(half.answer)).chat('half'), good] });
    let text = '';
    const failure = await errorOf(
      drained(sdk.streamText(optionsOf(installation, { model })), (delta) => {
        text += delta;
        half.breakOff();
      }),
    );
    expect({ text, asked: server.asked() }).toEqual({ text: 'half', asked: [] });
    expect(aiAlloy.decisionOf(failure)?.attempts).toMatchObject([{ outcome: 'failed', failure: 'network' }]);
  });

  test("R-22: the caller's abort closes the connection, and asks nobody else", async () => {
    const half = raw.halfAnswer();
    const model = aiAlloy.cascade({ steps: [openai(server.raw(half.answer)).chat('half'), good] });
    const controller = new AbortController();
    const result = sdk.streamText(optionsOf(installation, { model, abortSignal: controller.signal }));
    // Ends with an `abort` part, or throws: that depends on the generation.
    await drained(result, () => controller.abort()).catch(() => {});
    await half.closed;
    expect(server.asked()).toEqual([]);
  });

  test('R-34: a consumer who cancels closes the connection', async () => {
    const half = raw.halfAnswer();
    const inner = aiAlloy.dispatcher({ targets: [openai(server.raw(half.answer)).chat('half')] });
    const { stream } = await aiAlloy.cascade({ steps: [inner, good] }).doStream({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hello!' }] }],
      ...({ inputFormat: 'prompt', mode: { type: 'regular' } } as object), // what ai 4 adds
    });
    await stream.cancel();
    await half.closed;
    expect(server.asked()).toEqual([]);
  });
});
