import { afterEach, describe, expect, test } from 'vitest';
import { installations } from './installations.ts';
import { modelsOf } from './mock-models.ts';
import { errorOf, modes, run } from './run.ts';

const globals = globalThis as { AI_SDK_DEFAULT_PROVIDER?: unknown };

afterEach(() => {
  delete globals.AI_SDK_DEFAULT_PROVIDER;
});

const config = {
  tokenizer: { kind: 'tiktoken' },
  models: [
    { id: 'small/qwen', context_window: '1K', default_output_tokens: 100 },
    { id: 'large/kimi', context_window: '256K' },
  ],
  alloys: [{ id: 'blend', strategy: 'round_robin', constituents: ['small/qwen', 'large/kimi'] }],
  dispatchers: [{ id: 'smart', targets: ['small/qwen', 'large/kimi'] }],
} as const;

describe.each(await installations())('ai $major', (installation) => {
  const { sdk, major, native, aiAlloy, counting, declared } = installation;
  const { answers } = modelsOf(installation);
  const providers = { small: (id: string) => answers(id), large: (id: string) => answers(id) } as never;
  const gateway = declared.createModelGateway(config, { providers, tiktoken: counting.tiktoken });
  const long = 'The quick brown fox jumps over the lazy dog. '.repeat(200);

  describe.each(modes)('%s', (mode) => {
    test('R-35: a declared gateway routes', async () => {
      const model = gateway.languageModel('smart');
      expect(await run(installation, mode, { model })).toMatchObject({ text: 'qwen', finishReason: 'stop' });
      expect(await run(installation, mode, { model, prompt: long })).toMatchObject({ text: 'kimi' });
      const { decision } = await run(installation, mode, { model: gateway.languageModel('small/qwen') });
      expect(decision).toMatchObject({ id: 'small/qwen', answeredBy: 'small/qwen' });
    });

    test('R-34: it nests in a registry and in a custom provider', async () => {
      const registry = sdk.createProviderRegistry({ my: gateway as never });
      const custom = sdk.customProvider({ languageModels: {}, fallbackProvider: gateway as never });
      const both = sdk.createProviderRegistry({ my: custom as never });
      const models = [
        registry.languageModel('my:smart'),
        custom.languageModel('smart'),
        both.languageModel('my:smart'),
      ];
      for (const model of models) {
        const { text, finishReason, usage, decision } = await run(installation, mode, {
          model: model as never,
        });
        expect({ text, finishReason, usage }).toEqual({
          text: 'qwen',
          finishReason: 'stop',
          usage: (await run(installation, mode, { model: answers('plain') as never })).usage,
        });
        expect(decision).toMatchObject({ id: 'smart', answeredBy: 'small/qwen' });
      }
    });

    if (major === 4) return;

    test('it is the global provider', async () => {
      globals.AI_SDK_DEFAULT_PROVIDER = gateway;
      const plain = await run(installation, mode, { model: answers('plain') as never });
      const { text, finishReason, usage } = await run(installation, mode, { model: 'dispatcher/smart' });
      expect({ text, finishReason, usage }).toEqual({
        text: 'qwen',
        finishReason: 'stop',
        usage: plain.usage,
      });
      const error = await errorOf((async () => run(installation, mode, { model: 'smrt' }))());
      expect(sdk.NoSuchModelError.isInstance(error)).toBe(true);
    });

    test("undeclared: 'ai-sdk' goes to the global provider, also from a gateway inside it", async () => {
      const outer = sdk.customProvider({ languageModels: { other: answers('other') as never } });
      globals.AI_SDK_DEFAULT_PROVIDER = outer;
      const open = declared.createModelGateway(
        { cascades: [{ id: 'c', steps: ['other'] }] },
        { undeclared: 'ai-sdk' },
      );
      expect(await run(installation, mode, { model: open.languageModel('c') })).toMatchObject({
        text: 'other',
      });
      expect(await run(installation, mode, { model: open.languageModel('other') })).toMatchObject({
        text: 'other',
      });
    });
  });

  test('it has the version of the installed ai', () => {
    expect(gateway.specificationVersion).toBe(native);
    expect(gateway.languageModel('smart').specificationVersion).toBe(native);
  });

  test('what it does not have is a NoSuchModelError', () => {
    for (const ask of [
      () => gateway.languageModel('smrt' as never),
      () => gateway.embeddingModel('x'),
      () => gateway.textEmbeddingModel('x'),
      () => gateway.imageModel('x'),
    ]) {
      expect(ask).toThrow(expect.objectContaining({ name: 'AI_NoSuchModelError' }));
    }
  });

  test('its providers have the models of other types', () => {
    const openai = installation.createOpenAI({ apiKey: 'none' });
    const made = declared.createModelGateway({}, { providers: { openai } });
    const registry = sdk.createProviderRegistry({ my: made as never }) as unknown as Record<
      string,
      (id: string) => { readonly modelId: string }
    >;
    const embeddingModel = major < 6 ? 'textEmbeddingModel' : 'embeddingModel';
    expect(registry[embeddingModel]!('my:openai/text-embedding-3-small').modelId).toBe(
      'text-embedding-3-small',
    );
    expect(registry['imageModel']!('my:openai/gpt-image-1').modelId).toBe('gpt-image-1');
    expect(made.embeddingModel('openai/text-embedding-3-small')).toMatchObject({
      modelId: 'text-embedding-3-small',
    });
  });

  test('its embedding models are found through the global provider', async () => {
    const values = { embeddings: [[1, 2]], usage: { tokens: 1 }, warnings: [] };
    const model = { specificationVersion: native, provider: 'p', modelId: 'm', doEmbed: async () => values };
    const given = { ...model, maxEmbeddingsPerCall: 1, supportsParallelCalls: true };
    const source = Object.assign(() => answers('x'), { embeddingModel: () => given });
    const made = declared.createModelGateway({}, { providers: { p: source as never } });
    globals.AI_SDK_DEFAULT_PROVIDER = made;
    // ai 4 has no global provider.
    const asked = major === 4 ? made.embeddingModel('p/m') : 'p/m';
    expect((await sdk.embed({ model: asked as never, value: 'Hi' })).embedding).toEqual([1, 2]);
  });

  test('R-31: sticky dispatchers are no problem of the data where a store may serve them', () => {
    const data = {
      models: [{ id: 'a/b' }],
      dispatchers: [{ id: 'd', reevaluate: 'sticky', targets: ['a/b'] }],
    };
    expect(declared.parseGatewayConfig(data).problems).toEqual([]);
    const make = (options: object) =>
      declared.createModelGateway(data as never, { providers: answers as never, ...options });
    const sessionStore = { get: () => undefined, set() {} };
    expect(make({ sessionStore }).ids).toContain('d');
    const outcome = (): string => {
      try {
        return make({}).ids.join();
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(outcome()).toMatch(major === 4 ? /dispatchers\[0\]\.reevaluate: "sticky": ai 4/ : /^a\/b,d,/);
  });

  test('R-36: all problems are one error', () => {
    const broken = { models: [{ id: 1 }], cascades: [{ id: 'c', steps: ['d'] }] };
    const construct = () => declared.createModelGateway(broken as never, { providers });
    expect(construct).toThrow(
      expect.objectContaining({
        name: 'AI_GatewayConfigurationError',
        problems: [
          expect.objectContaining({ path: ['models', 0, 'id'] }),
          expect.objectContaining({ path: ['cascades', 0, 'steps', 0] }),
        ],
      }),
    );
    // The core's class knows the subpath's errors.
    expect(construct).toThrow(
      expect.toSatisfy((error) => aiAlloy.InvalidConfigurationError.isInstance(error)),
    );
  });

  test('undeclared models under ai 4 are problems, elsewhere string ids', () => {
    const construct = () =>
      declared.createModelGateway(
        { cascades: [{ id: 'c', steps: ['openai/gpt-5'] }] },
        { undeclared: 'ai-sdk' },
      );
    const refusal = /cascades\[0\]\.steps\[0\]: "openai\/gpt-5": .*ai 4/;
    const outcome = (): string => {
      try {
        return construct().ids.join();
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(outcome()).toMatch(major === 4 ? refusal : /^c,cascade\/c$/);
  });

  // ai 4 has no global provider.
  test.each(major === 4 ? [] : ['ai-sdk' as const])(
    'a gateway that is the global provider does not ask itself for ever',
    () => {
      const open = declared.createModelGateway({}, { undeclared: 'ai-sdk' });
      globals.AI_SDK_DEFAULT_PROVIDER = open;
      // The Vercel AI Gateway, which is asked for nothing until it is called.
      expect(open.languageModel('openai/gpt-5').modelId).toBe('openai/gpt-5');
      expect(open.embeddingModel('openai/text-embedding-3-small')).toMatchObject({
        modelId: 'openai/text-embedding-3-small',
      });
    },
  );

  // Nor has it one for models of other types.
  test.each(major === 4 ? [] : ['ai-sdk' as const])(
    "undeclared: '%s' asks the global provider for models of other types",
    (undeclared) => {
      const method = major < 6 ? 'textEmbeddingModel' : 'embeddingModel';
      globals.AI_SDK_DEFAULT_PROVIDER = { [method]: (id: string) => ({ id }), imageModel: () => undefined };
      const own = { p: Object.assign(() => answers('x'), { embeddingModel: () => 'own' }) } as never;
      const ask = (policy: 'error' | 'ai-sdk') => (id: string) =>
        declared.createModelGateway({}, { providers: own, undeclared: policy }).embeddingModel(id);
      const refusal = expect.objectContaining({ name: 'AI_NoSuchModelError' });
      expect(ask(undeclared)('p/m')).toBe('own');
      expect(() => ask('error')('q/m')).toThrow(refusal);
      expect(ask(undeclared)('q/m')).toEqual({ id: 'q/m' });
      const open = declared.createModelGateway({}, { undeclared });
      expect(() => open.imageModel('q/m')).toThrow(refusal);
    },
  );
});
