import { describe, expect, test } from 'vitest';
import { installations } from './installations.ts';
import { modelsOf } from './mock-models.ts';
import { openAIServer } from './openai-server.ts';
import { modes, run, runObject, toolOf, type Mode, type Request } from './run.ts';
import type { RoutingModel } from '../../src/index.ts';

const server = await openAIServer();
const city = '{"city":"Bern"}';
const usage = { prompt_tokens: 21, completion_tokens: 3, input_tokens: 21, output_tokens: 3 };

server.mock.on({ model: 'text' }, { content: 'A good answer.', usage });
server.mock.on({ model: 'thinks' }, { content: 'I am.', reasoning: 'I think.', usage });
server.mock.on({ model: 'tools', hasToolResult: true }, { content: 'Sunny in Bern.', usage });
server.mock.on(
  { model: 'tools' },
  { toolCalls: [{ id: 'call_1', name: 'weather', arguments: city }], usage },
);
// The provider of ai 4 asks for objects through a tool, the others through a response format.
server.mock.on({ model: 'object' }, ({ tools }) =>
  tools?.length ? { toolCalls: [{ name: 'json', arguments: city }] } : { content: city },
);

describe.each(await installations())('ai $major', (installation) => {
  const { aiAlloy, createOpenAI, major } = installation;
  const openai = createOpenAI({
    baseURL: server.recordingURL,
    apiKey: 'test',
    compatibility: 'strict',
  } as never);
  type Model = ReturnType<typeof openai.chat>;
  const apis = { chat: openai.chat, ...(major > 4 && { responses: openai.responses }) };

  const contextWindow = '128K';
  const compositions: Record<string, (model: Model) => RoutingModel> = {
    cascade: (model) => aiAlloy.cascade({ steps: [{ model, contextWindow }] }),
    nested: (model) =>
      aiAlloy.cascade({
        steps: [
          aiAlloy.dispatcher({
            targets: [
              aiAlloy.alloy({ constituents: [model, model].map((each) => ({ model: each, contextWindow })) }),
            ],
          }),
        ],
      }),
  };

  const cases = Object.entries(apis).flatMap(([api, modelFor]) =>
    Object.entries(compositions).flatMap(([composition, compose]) =>
      modes.map((mode) => ({ api, composition, mode, modelFor, compose })),
    ),
  );

  describe.each(cases)('$api, $composition, $mode', ({ mode, modelFor, compose }) => {
    /** Runs a request with a model alone and composed: what the server gets has to be the same. */
    const both = async (id: string, request: Omit<Request, 'model'>) => {
      const alone = await run(installation, mode, { ...request, model: modelFor(id) });
      const expected = server.recorded();
      const composed = await run(installation, mode, { ...request, model: compose(modelFor(id)) });
      expect(server.recorded()).toEqual(expected);
      expect(pick(composed)).toEqual(pick(alone));
      return { ...composed, requests: expected };
    };
    const pick = (outcome: Awaited<ReturnType<typeof run>>) => ({
      text: outcome.text,
      reasoning: outcome.reasoning,
      finishReason: outcome.finishReason,
      usage: outcome.usage,
      warnings: outcome.warnings,
      toolResults: outcome.toolResults.length,
      modelId: outcome.response.modelId,
      headers: Object.keys(outcome.response.headers!).toSorted(),
    });

    test('R-34: text, with the usage that the server reports', async () => {
      const { text, usage: used, request, requests } = await both('text', {});
      expect({ text, used }).toEqual({ text: 'A good answer.', used: { input: 21, output: 3 } });
      expect(requests).toHaveLength(1);
      expect(request.body).toBeDefined();
    });

    test('R-34: tools, through a loop of two steps', async () => {
      const tools = { weather: toolOf(installation, 'city', (input) => `sunny in ${input['city']}`) };
      const { text, steps, requests } = await both('tools', { tools, steps: 3 });
      expect({ text, steps: steps.length }).toEqual({ text: 'Sunny in Bern.', steps: 2 });
      expect(JSON.stringify(requests[0]!.body['tools'])).toContain('"weather"');
      expect(JSON.stringify(requests[1]!.body)).toContain('sunny in Bern');
    });

    test('R-34: images, as data and as a data URL', async () => {
      const png =
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
      const image = { type: 'image', image: Uint8Array.from(Buffer.from(png, 'base64')) };
      const url = { type: 'image', image: `data:image/png;base64,${png}` };
      const content = [{ type: 'text', text: 'What is this?' }, image, url];
      const { requests } = await both('text', { messages: [{ role: 'user', content }] });
      expect(JSON.stringify(requests[0]!.body).split(`data:image/png;base64,${png}`)).toHaveLength(3);
    });

    test('R-34: images behind a URL that the provider fetches itself', async () => {
      const image = { type: 'image', image: new URL('https://example.com/image.png') };
      const { requests } = await both('text', { messages: [{ role: 'user', content: [image] }] });
      expect(JSON.stringify(requests[0]!.body)).toContain('"https://example.com/image.png"');
    });

    test('R-34: settings, provider options and headers', async () => {
      const limit = major === 4 ? { maxTokens: 99 } : { maxOutputTokens: 99 };
      const { requests } = await both('text', {
        system: 'Be brief.',
        temperature: 0.3,
        topP: 0.9,
        headers: { 'X-Tenant': 'acme' },
        providerOptions: { openai: { user: 'user-7', metadata: { run: '42' }, store: true } },
        ...limit,
      });
      expect(requests[0]!.headers).toMatchObject({ 'x-tenant': 'acme' });
      expect(JSON.stringify(requests[0]!.body)).toContain('Be brief.');
      expect(requests[0]!.body).toMatchObject({ temperature: 0.3 });
    });

    test('R-34: structured output', async () => {
      const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
      const ask = async (model: Model | RoutingModel) =>
        runObject(installation, mode as Mode, { model, schema });
      await ask(modelFor('object'));
      const expected = server.recorded();
      expect(await ask(compose(modelFor('object')))).toMatchObject({ object: { city: 'Bern' } });
      expect(server.recorded()).toEqual(expected);
      expect(JSON.stringify(expected[0]!.body)).toContain('"city"');
    });

    test('R-34: reasoning, where the provider passes it on', async () => {
      const { text, reasoning } = await both('thinks', {});
      expect(text).toBe('I am.');
      expect(reasoning || undefined).toBe(
        modelFor('x').provider === 'openai.responses' ? 'I think.' : undefined,
      );
    });
  });

  test.each(modes)(
    'R-34: images behind a URL that some member cannot fetch are downloaded (%s)',
    async (mode) => {
      const png = Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10]);
      const image = new URL(`${server.raw((response) => response.end(png))}/image.png`);
      // `ai` 5 to 7 refuse to download from 127.0.0.1 themselves.
      const download = async (wanted: { isUrlSupportedByModel: boolean }[]) =>
        wanted.map((each) => (each.isUrlSupportedByModel ? null : { data: png, mediaType: 'image/png' }));
      const request = {
        messages: [{ role: 'user', content: [{ type: 'image', image }] }],
        experimental_download: download,
      };
      const spare = Object.assign(modelsOf(installation).answers('spare'), { supportsImageUrls: false }); // V1's word
      const steps = [openai.chat('text'), spare];
      await run(installation, mode, { model: aiAlloy.cascade({ steps }), ...request });
      await run(installation, mode, { model: aiAlloy.cascade({ steps: steps.slice(0, 1) }), ...request });
      const [downloaded, passed] = server.recorded().map((sent) => JSON.stringify(sent.body));
      expect(downloaded).toContain(Buffer.from(png).toString('base64'));
      expect(passed).toContain(image.href);
    },
  );
});
