import { describe, expect, test } from 'vitest';
import type { MemberOptions } from '../../src/index.ts';
import { installations } from './installations.ts';
import { modelsOf } from './mock-models.ts';
import { openAIServer } from './openai-server.ts';
import { modes, run, runObject, toolOf, type Request } from './run.ts';

const server = await openAIServer();
const usage = { prompt_tokens: 21, completion_tokens: 3 };
server.mock.on({ model: 'text' }, { content: 'A good answer.', usage });

const picture = { type: 'image', image: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) };

describe.each(await installations())('ai $major', (installation) => {
  const { sdk, aiAlloy, createOpenAI, major } = installation;
  const openai = createOpenAI({
    baseURL: server.recordingURL,
    apiKey: 'test',
    compatibility: 'strict',
  } as never);
  const options = major === 4 ? 'providerMetadata' : 'providerOptions';
  const limit = major === 4 ? 'maxTokens' : 'maxOutputTokens';

  /** What the server gets of a request to a member with such options. */
  async function sentWith(mode: (typeof modes)[number], member: object, request: object = {}) {
    const model = aiAlloy.cascade({
      steps: [{ model: openai.chat('text'), contextWindow: 100_000, ...member } as MemberOptions],
    });
    await run(installation, mode, { model, prompt: 'Hi', ...request } as Request);
    const [sent] = server.recorded();
    return sent!;
  }

  describe.each(modes)('%s', (mode) => {
    test("R-41: a member's settings reach the provider's HTTP body and headers", async () => {
      const settings = {
        temperature: 0.25,
        topP: 0.5,
        maxOutputTokens: 77,
        seed: 7,
        stopSequences: ['END'],
        presencePenalty: 0.125,
        frequencyPenalty: 0.375,
        providerOptions: { openai: { store: true } },
        headers: { 'x-team': 'search' },
      };
      const { body, headers } = await sentWith(mode, { settings });
      expect(body).toMatchObject({
        temperature: 0.25,
        top_p: 0.5,
        max_tokens: 77,
        seed: 7,
        stop: ['END'],
        presence_penalty: 0.125,
        frequency_penalty: 0.375,
        store: true,
      });
      expect(headers).toMatchObject({ 'x-team': 'search', authorization: 'Bearer test' });
    });

    test('R-41: what the call says wins', async () => {
      const settings = {
        temperature: 0.25,
        maxOutputTokens: 77,
        providerOptions: { openai: { store: true, metadata: { team: 'search', tier: 'gold' } } },
        headers: { 'X-Team': 'search' },
      };
      const { body, headers } = await sentWith(
        mode,
        { settings },
        {
          temperature: 0.75,
          [limit]: 66,
          providerOptions: { openai: { metadata: { team: 'chat' } } },
          headers: { 'x-team': 'chat' },
        },
      );
      expect(body).toMatchObject({
        temperature: 0.75,
        max_tokens: 66,
        store: true,
        metadata: { team: 'chat', tier: 'gold' },
      });
      expect(headers['x-team']).toBe('chat');
    });

    test('R-41: a transform gets a call of the native specification, and what it returns is sent and counted', async () => {
      const seen: Record<string, unknown>[] = [];
      const transform = (call: Record<string, unknown>) => {
        seen.push(call);
        return { ...call, prompt: [{ role: 'user', content: [{ type: 'text', text: 'Changed' }] }], seed: 3 };
      };
      const member = {
        settings: { maxOutputTokens: 5, providerOptions: { openai: { user: 'u' } } },
        transform,
      };
      const { body } = await sentWith(mode, member);
      expect(body).toMatchObject({ messages: [{ role: 'user', content: 'Changed' }], seed: 3 });
      expect(seen).toMatchObject([{ [limit]: 5, [options]: { openai: { user: 'u' } } }]);
    });

    test('R-42: a member that lacks images, tools or JSON is passed over', async () => {
      const { answers } = modelsOf(installation);
      const able = answers('able');
      for (const [name, request] of [
        ['images', { messages: [{ role: 'user', content: [{ type: 'text', text: 'What?' }, picture] }] }],
        ['tools', { prompt: 'Hi', tools: { weather: toolOf(installation, 'city', async () => 'sunny') } }],
      ] as const) {
        const lacking = answers('lacking');
        const steps = [{ model: lacking, supports: { [name]: false } }, able];
        await run(installation, mode, { model: aiAlloy.cascade({ steps }), ...request } as Request);
        expect(lacking.calls).toEqual([]);
        const alone = aiAlloy.cascade({ steps: steps.slice(0, 1) });
        const request_ = { model: alone, ...request } as Request;
        const error: unknown = await run(installation, mode, request_).catch((thrown: unknown) => thrown);
        expect(aiAlloy.UnsupportedRequestError.isInstance(error)).toBe(true);
        expect(lacking.calls).toEqual([]);
      }
      expect(able.calls).toHaveLength(2);
    });
  });

  test('R-42: a text-only member does not make ai download an image that the others take as a URL', async () => {
    const { answers } = modelsOf(installation);
    const url = 'https://image.invalid/a.png'; // a download would fail
    const seeing = Object.assign(answers('seeing'), { supportsImageUrls: true });
    Object.defineProperty(seeing, 'supportedUrls', { value: { 'image/*': [/^https:/] } }); // mocks have a getter
    const text = Object.assign(answers('text'), { supportsImageUrls: false });
    const model = aiAlloy.cascade({ steps: [{ model: text, supports: { images: false } }, seeing] });
    const content = [{ type: 'image', image: new URL(url) }];
    const { text: answer } = await run(installation, 'generate', {
      model,
      messages: [{ role: 'user', content }],
    });
    expect(answer).toBe('seeing');
    expect(JSON.stringify(seeing.calls[0]!.prompt)).toContain(url);
  });

  test('R-42: a member that takes no JSON has no say in how ai 4 asks the others for an object', async () => {
    const { answers } = modelsOf(installation);
    const json = Object.assign(answers('json', { text: '{"city":"Bern"}' } as never), {
      supportsStructuredOutputs: true,
    });
    const lacking = Object.assign(answers('lacking'), { defaultObjectGenerationMode: 'tool' });
    const model = aiAlloy.cascade({ steps: [{ model: lacking, supports: { json: false } }, json] });
    const schema = { type: 'object', properties: { city: { type: 'string' } } };
    const { object } = await runObject(installation, 'generate', { model, schema });
    expect(object).toEqual({ city: 'Bern' });
  });

  test('R-42: a member without a JSON response format gets no generateObject', async () => {
    const { answers } = modelsOf(installation);
    const lacking = answers('lacking', { text: '{"city":"Bern"}' } as never);
    const model = aiAlloy.cascade({ steps: [{ model: lacking, supports: { json: false } }] });
    const error: unknown = await runObject(installation, 'generate', {
      model,
      schema: sdk.jsonSchema({ type: 'object' }),
    } as never).catch((thrown: unknown) => thrown);
    expect(aiAlloy.decisionOf(error)?.candidates[0]).toMatchObject({
      skipped: 'unsupported',
      lacks: ['json'],
    });
    expect(lacking.calls).toEqual([]);
  });

  test('R-41: settings are merged as defaultSettingsMiddleware of this ai does', async () => {
    const { answers } = modelsOf(installation);
    const settings = {
      temperature: 0.25,
      topK: 3,
      seed: 1,
      providerOptions: { openai: { user: 'default', store: true } },
    };
    const [own, theirs] = [answers('m'), answers('m')];
    const theirSettings = { ...settings, [options]: settings.providerOptions };
    const wrapped = sdk.wrapLanguageModel({
      model: theirs as never,
      middleware: sdk.defaultSettingsMiddleware({ settings: theirSettings as never }),
    });
    const request = { prompt: 'Hi', topP: 0.5, seed: 2, providerOptions: { openai: { user: 'said' } } };
    const composed = aiAlloy.cascade({ steps: [{ model: own, settings }] });
    for (const model of [composed, wrapped])
      await run(installation, 'generate', { model, ...request } as never);
    // The middleware of ai 4 lets a setting that the call has as undefined win, as all are that it leaves open.
    const names = ['temperature', 'topP', 'seed', options, ...(major > 4 ? ['topK'] : [])];
    for (const name of names) expect(own.calls[0]![name]).toEqual(theirs.calls[0]![name]);
  });
});
