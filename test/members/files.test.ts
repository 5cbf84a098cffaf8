import type { MockLanguageModelV4 } from 'ai/test';
import { describe, expect, it } from 'vitest';
import { explain, UnsupportedRequestError } from '../../src/index.ts';
import { createModelGateway, formatPath, parseGatewayConfig } from '../../src/gateway/index.ts';
import { loadModelGateway } from '../../src/load/index.ts';
import { runCli, temporaryFiles } from '../cli/command-line.ts';
import { answers, callOf, errorOf, type Call } from '../support/models.ts';

const written = temporaryFiles();
const problemsOf = (data: unknown): string[] =>
  parseGatewayConfig(data).problems.map(({ path, message }) => `${formatPath(path)}: ${message}`);

const yaml = `
model_defaults:
  settings: { temperature: 0.1, headers: { X-Team: search } }
models:
  - id: a
    context_window: 100K
    settings:
      max_output_tokens: 8K
      top_p: \${TOP_P}
      stop_sequences: [END]
      provider_options:
        openai: { service_tier: flex, nested_options: { keep_this: true } }
      headers: { X-Key: "\${KEY}", x_own_name: "1" }
    supports: { images: false, tools: false }
  - { id: b, context_window: 100K }
cascades:
  - id: chat
    steps:
      - { model: a, settings: { temperature: 0.9, provider_options: { openai: { other_option: 1 } } }, supports: { tools: true } }
      - b
  - id: outer
    steps: [{ model: chat, settings: { seed: 3 }, supports: { json: false } }]
`;

/** The models of a gateway, by id, as they are asked for. */
async function loaded(text: string) {
  const models = new Map<string, MockLanguageModelV4>();
  const providers = (id: string) => {
    const model = answers(id);
    models.set(id, model);
    return model;
  };
  const environment = { TOP_P: '0.5', KEY: 'sk-very-secret-key' };
  return { gateway: await loadModelGateway({ text, format: 'yaml' }, { providers, environment }), models };
}

const image = { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } } as const;
const withImage: Call = { prompt: [{ role: 'user', content: [image] }] };

describe('R-41, R-42: in files', () => {
  it('settings of a model, its entry and the defaults are merged; names of providers stay as they are', async () => {
    const { gateway, models } = await loaded(yaml);
    await gateway.languageModel('chat').doGenerate(callOf('Hi'));
    expect(models.get('a')!.doGenerateCalls[0]).toEqual({
      ...callOf('Hi'),
      temperature: 0.9,
      maxOutputTokens: 8192,
      topP: 0.5,
      stopSequences: ['END'],
      providerOptions: {
        openai: { service_tier: 'flex', nested_options: { keep_this: true }, other_option: 1 },
      },
      headers: { 'X-Team': 'search', 'X-Key': 'sk-very-secret-key', x_own_name: '1' },
    });
    await gateway.languageModel('b').doGenerate(callOf('Hi'));
    const asked = models.get('b')!.doGenerateCalls.at(-1);
    expect(asked).toEqual({ ...callOf('Hi'), temperature: 0.1, headers: { 'X-Team': 'search' } });
    await gateway.languageModel('outer').doGenerate(callOf('Hi'));
    expect(models.get('a')!.doGenerateCalls.at(-1)).toMatchObject({ seed: 3, temperature: 0.9 });
  });

  it('a header is sent once, whatever its case on each level', async () => {
    const headersOf = async (id: string): Promise<unknown> => {
      const model = answers('a');
      const gateway = createModelGateway(
        {
          model_defaults: { settings: { headers: { 'X-Team': 'defaults', 'X-Kept': 'defaults' } } },
          models: [{ id: 'a', settings: { headers: { 'x-team': 'model' } } }],
          cascades: [{ id: 'c', steps: [{ model: 'a', settings: { headers: { 'X-TEAM': 'member' } } }] }],
        },
        { providers: () => model },
      );
      await gateway.languageModel(id as 'a').doGenerate(callOf('Hi'));
      return model.doGenerateCalls[0]!.headers;
    };
    expect(await headersOf('a')).toEqual({ 'X-Kept': 'defaults', 'x-team': 'model' });
    expect(await headersOf('c')).toEqual({ 'X-Kept': 'defaults', 'X-TEAM': 'member' });
  });

  it('supports of a model and its entry are merged', async () => {
    const { gateway } = await loaded(yaml);
    const [chat, outer] = [gateway.languageModel('chat'), gateway.languageModel('outer')];
    expect((await chat.doGenerate(withImage)).content).toEqual([{ type: 'text', text: 'b' }]);
    const tools = [{ type: 'function', name: 't', inputSchema: { type: 'object' } }] as never;
    expect((await chat.doGenerate(callOf('Hi', { tools }))).content).toEqual([{ type: 'text', text: 'a' }]);
    const alone = await errorOf(gateway.languageModel('a').doGenerate(callOf('Hi', { tools })));
    expect(UnsupportedRequestError.isInstance(alone)).toBe(true);
    const json = await errorOf(outer.doGenerate(callOf('Hi', { responseFormat: { type: 'json' } })));
    expect(UnsupportedRequestError.isInstance(json)).toBe(true);
  });

  it('the same as a TypeScript object, in camelCase', async () => {
    const gateway = createModelGateway(
      {
        models: [
          {
            id: 'a',
            contextWindow: '100K',
            settings: { maxOutputTokens: '1K', providerOptions: { openai: { store: false } } },
            supports: { images: false },
          },
        ],
      },
      { providers: (id) => answers(id) },
    );
    const { candidates } = await explain(gateway.languageModel('a'), { prompt: 'Hi' });
    expect(candidates[0]!.demand).toMatchObject({ output: 1024, outputFrom: 'settings' });
  });

  it.each<[string, object, string]>([
    [
      'an unknown setting',
      { settings: { temprature: 1 } },
      'models[0].settings.temprature: no such option, did you mean "temperature"?',
    ],
    ['a wrong setting', { settings: { top_p: 2 } }, 'models[0].settings.top_p: 2: '],
    [
      'a wrong header',
      { settings: { headers: { key: 12345 } } },
      'models[0].settings.headers.key: a number: use a text',
    ],
    [
      'no headers',
      { settings: { headers: 'sk-secret' } },
      'models[0].settings.headers: a string: use a table of texts',
    ],
    [
      'no options',
      { settings: { provider_options: { openai: 'sk-secret' } } },
      'models[0].settings.provider_options.openai: a string: use a table',
    ],
    [
      'a setting beside the model',
      { temperature: 1 },
      'models[0].temperature: no such option: write it in settings: { temperature: … }',
    ],
    [
      'headers beside the model',
      { top_p: 1, headers: { a: 'sk-secret' } },
      'models[0].headers: no such option: write it in settings: { headers: … }',
    ],
    [
      'what a model takes',
      { supports: { image: false } },
      'models[0].supports.image: no such option, did you mean "images"?',
    ],
    [
      'members to use, which only a call can name',
      { settings: { provider_options: { 'ai-alloy': { only: ['a'] } } } },
      'models[0].settings.provider_options.ai-alloy.only: a list of 1: only has no effect in settings',
    ],
    [
      'more output than the model gives',
      { max_output_tokens: '8K', settings: { max_output_tokens: '16K' } },
      `models[0].settings.max_output_tokens: "16K": settings ask for more output than the model's max_output_tokens, 8192`,
    ],
    ['no flag', { supports: { images: 'no' } }, 'models[0].supports.images: "no": use true or false'],
    ['a transform, which is code', { transform: 'x' }, 'models[0].transform: only in code: '],
  ])('%s is a problem with a remedy, and shows no secret', (_, options, said) => {
    const problems = problemsOf({ models: [{ id: 'a', context_window: '1K', ...options }] }).join('\n');
    expect(problems).toContain(said);
    expect(problems).not.toMatch(/sk-secret|12345/);
  });

  it('settings of model_defaults that ask for more output than a model gives are a problem of that model', () => {
    expect(
      problemsOf({
        model_defaults: { settings: { max_output_tokens: '16K' } },
        models: [{ id: 'a', context_window: '64K' }, { id: 'b', max_output_tokens: '8K' }, { id: 'c' }],
        cascades: [{ id: 'k', steps: ['a', 'b', { model: 'c', max_output_tokens: '4K' }] }],
      }),
    ).toEqual([
      expect.stringMatching(/^models\[1\]: "16K": settings ask for more output than .* 8192/),
      expect.stringMatching(/^cascades\[0\].steps\[2\]: "16K": settings ask for more output than .* 4096/),
    ]);
  });

  it('a setting on a primitive is a problem that says where it goes', () => {
    const [problem] = problemsOf({
      models: [{ id: 'a', context_window: '1K' }],
      cascades: [{ id: 'c', steps: ['a'], temperature: 0.5 }],
    });
    expect(problem).toBe(
      'cascades[0].temperature: no such option: write it in the settings of a model, or of model_defaults',
    );
  });
});

describe('R-42: the command line', () => {
  const asked = JSON.stringify([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What?' },
        { type: 'image', image: 'iVBORw0KGgo=' },
      ],
    },
  ]);
  const text = `
models:
  - { id: text, context_window: 32K, supports: { images: false } }
  - { id: vision, context_window: 32K }
cascades:
  - { id: chat, steps: [text, vision] }
  - { id: texts, steps: [text] }
alloys:
  - { id: blend, constituents: [text, vision] }
dispatchers:
  - { id: strict, rules: [{ target: text }], targets: [vision] }
  - { id: kind, rules: [{ target: text, fits_target: true }], targets: [vision] }
`;

  it('explain says who is passed over and why, and what to do where nobody is left', async () => {
    const file = await written('supports.yaml', text);
    const explained = async (id: string): Promise<string> => {
      const { stdout } = await runCli(['explain', file, id, '--messages', '-'], { input: asked });
      return stdout;
    };
    const chat = await explained('chat');
    expect(chat).toMatch(/text .* does not support images/);
    expect(chat).toContain('First call: vision.');
    expect(await explained('texts')).toContain(
      'Refused: the request carries images, and no member of cascade "texts" supports that.\nAdd a model that does',
    );
    expect(await explained('text')).toContain('model "text" does not support that');
    expect(await explained('blend')).toContain('not every constituent of alloy "blend" supports that');
    expect(await explained('strict')).toContain('the target of rule 0 does not support that');
    expect(await explained('kind')).toContain("does not match: its target can't take the request.");
  });

  it('graph shows what a model lacks', async () => {
    const file = await written('supports.yaml', text);
    expect((await runCli(['graph', file])).stdout).toContain('no images');
  });
});
