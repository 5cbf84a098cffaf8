import { describe, expect, it } from 'vitest';
import { InvalidConfigurationError } from '../../src/index.ts';
import { parseLimits } from '../../src/tokens/fit.ts';
import { checkOption } from '../../src/options/check-options.ts';
import { model as options } from '../../src/options/member.ts';
import { placeOf } from '../../src/errors/place.ts';
import { tokenizerOf, versionOf, type VendorOption } from '../../src/tokens/vendor.ts';

const of = (provider: string, modelId: string): [string, number] => {
  const { vendor, factor } = tokenizerOf({ provider, modelId });
  return [vendor, factor];
};

describe('R-11: whose tokenizer a model has', () => {
  it.each([
    ['anthropic.messages', 'claude-sonnet-4-5', 'anthropic', 1.25],
    ['anthropic.messages', 'claude-3-5-sonnet-20241022', 'anthropic', 1.25],
    ['anthropic.messages', 'claude-3-haiku-20240307', 'anthropic', 1.25],
    ['anthropic.messages', 'claude-opus-4-20250514', 'anthropic', 1.25],
    ['anthropic.messages', 'claude-haiku-4-5-20251001', 'anthropic', 1.25],
    ['anthropic.messages', 'claude-sonnet-4-6', 'anthropic', 1.25],
    ['anthropic.messages', 'claude-opus-4-7', 'anthropic', 1.6],
    ['anthropic.messages', 'claude-haiku-5', 'anthropic', 1.6],
    ['anthropic.messages', 'claude-fable-5', 'anthropic', 1.6],
    ['anthropic.messages', 'claude-opus-4-10', 'anthropic', 1.6],
    ['anthropic.messages', 'claude-mythos-preview', 'anthropic', 1.6],
    ['anthropic.messages', 'my-proxy-route', 'anthropic', 1.6],
    ['gateway', 'anthropic/claude-sonnet-5.5', 'anthropic', 1.6],
    ['openrouter.chat', 'anthropic/claude-3.7-sonnet:thinking', 'anthropic', 1.25],
    ['amazon-bedrock', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'anthropic', 1.25],
    ['amazon-bedrock', 'anthropic.claude-v2:1', 'anthropic', 1.25],
    ['vertex.anthropic.messages', 'claude-opus-4@20250514', 'anthropic', 1.25],
    ['googleVertex.anthropic.messages', 'a-deployment', 'anthropic', 1.6],
    ['openai.chat', 'claude-opus-4.7', 'anthropic', 1.6],
    ['google.generative-ai', 'gemini-2.5-flash', 'google', 1.25],
    ['google.vertex.chat', 'models/gemini-3-pro', 'google', 1.25],
    ['openrouter.chat', 'google/gemini-3.8-flash', 'google', 1.25],
    ['openai.responses', 'gpt-5.6-sol', 'openai', 1],
    ['openai.chat', 'o3', 'openai', 1],
    ['openai.chat', 'o4-mini-2025-04-16', 'openai', 1],
    ['openai.chat', 'chatgpt-4o-latest', 'openai', 1],
    ['openai.chat', 'ft:gpt-4o-mini-2024-07-18:org::id', 'openai', 1],
    ['gateway', 'openai/gpt-5', 'openai', 1],
    ['azure.chat', 'a-deployment', 'openai', 1],
    ['azure-openai.responses', 'a-deployment', 'openai', 1],
    ['azure.chat', 'australia-east-1', 'openai', 1],
  ] as const)('%s, %s: %s × %d', (provider, modelId, vendor, factor) => {
    expect(of(provider, modelId)).toEqual([vendor, factor]);
  });

  it.each([
    ['openai.chat', 'phi4'],
    ['openai.chat', 'ollama/phi4'],
    ['openai-compatible.chat', 'llama.cpp/a-model'],
    ['azure.chat', 'grok-4'],
    ['openai-compatible.chat', 'a-model'],
    ['openai-compatible.chat', 'command-r-plus'],
    ['amazon-bedrock', 'amazon.nova-pro-v1:0'],
    ['', ''],
  ])('%s, %s: generic × 1', (provider, modelId) => {
    expect(of(provider, modelId)).toEqual(['generic', 1]);
    expect(tokenizerOf({ provider, modelId }).encodings).toBeUndefined();
  });

  it('a vendor or a factor that is given has its way', () => {
    const model = { provider: 'openai.chat', modelId: 'gpt-5' };
    expect(tokenizerOf(model, 'anthropic')).toEqual({ vendor: 'anthropic', factor: 1.6, modelId: 'gpt-5' });
    expect(tokenizerOf(model, 1.1)).toEqual({ vendor: 'openai', factor: 1.1, modelId: 'gpt-5' });
    expect(tokenizerOf(model, 'qwen')).toMatchObject({ vendor: 'qwen', encodings: ['qwen'] });
    expect(tokenizerOf(model, 'generic')).toEqual({ vendor: 'generic', factor: 1, modelId: 'gpt-5' });
    expect(tokenizerOf({})).toEqual({ vendor: 'generic', factor: 1, modelId: '' });
  });

  it.each([
    ['claude-2.1', 201],
    ['claude-instant-1.2', 102],
    ['gpt-5-2025-08-07', 500],
    ['gpt-4-0613', 400],
    ['gpt-5.2-2025-12-11', 502],
    ['gemini-2.5-pro-preview-05-06', 205],
    ['o3', Infinity],
    ['', Infinity],
  ])('the version of %s is %d', (modelId, version) => {
    expect(versionOf(modelId)).toBe(version);
  });

  it('an option is a name that is known, or a factor', () => {
    const isVendor = (value: unknown): boolean => {
      try {
        checkOption(placeOf('vendor'), value, options.vendor);
        return true;
      } catch {
        return false;
      }
    };
    expect(['openai', 'anthropic', 'google', 'generic', 'qwen', 'gpt-oss', 0.5, 1.3].every(isVendor)).toBe(
      true,
    );
    expect(['Openai', 'tekken', '', 0, -1, NaN, Infinity, null, {}].some(isVendor)).toBe(false);
  });
});

it.each(['qwenn', 'Llama', 'tekken', '', 0, -1])(
  'an unknown vendor is an error that lists the known: %j',
  (vendor) => {
    const make = (): unknown => parseLimits('here', { vendor: vendor as VendorOption });
    expect(make).toThrow(InvalidConfigurationError);
    expect(make).toThrow(
      'use one of openai, anthropic, google, qwen, llama, gemma, deepseek, mistral, kimi, glm, gpt-oss',
    );
  },
);

const anyOpen = ['qwen', 'llama', 'gemma', 'deepseek', 'mistral'];

// Ids as Ollama, OpenRouter, Hugging Face, Groq, Together, Fireworks, Bedrock, Vertex and the labs themselves spell them.
const families: readonly (readonly [family: string, encodings: readonly string[], ids: string])[] = [
  [
    'qwen',
    ['qwen'],
    `qwen3:30b qwen2.5-coder:7b-instruct-q4_K_M qwq qwq:32b qvq-72b-preview qwen-max qwen3-coder-plus
    qwen/qwen3-235b-a22b:free qwen/qwq-32b Qwen/Qwen3-8B-GGUF unsloth/Qwen3-8B-GGUF hf.co/unsloth/Qwen3-8B-GGUF:Q4_K_M
    Qwen/Qwen2.5-7B-Instruct-Turbo qwen-qwq-32b accounts/fireworks/models/qwen3-235b-a22b qwen.qwen3-32b-v1:0
    deepseek-r1-distill-qwen-32b deepseek-ai/DeepSeek-R1-Distill-Qwen-14B deepseek-r1:14b deepseek-r1:1.5b-qwen-distill-q8_0
    deepseek-r1:32b deepseek/deepseek-r1-0528-qwen3-8b moonshotai/Kimi-Dev-72B hf.co/x/qwen3-claude-opus-distill
    lmstudio-community/Qwen3-Coder-30B-A3B-Instruct-MLX-4bit`,
  ],
  ['qwen', ['qwen', 'llama'], 'deepseek-r1:8b'],
  [
    'llama',
    ['llama'],
    `llama3.2 llama3.1:8b-instruct-q4_0 ollama/llama3.3 meta-llama/Llama-3.1-8B-Instruct meta-llama/llama-3.3-70b-instruct:free
    llama-3.3-70b-versatile llama-3.1-8b-instant meta-llama/Llama-3.3-70B-Instruct-Turbo bartowski/Llama-3.2-1B-Instruct-GGUF
    accounts/fireworks/models/llama-v3p1-405b-instruct us.meta.llama3-1-8b-instruct-v1:0 meta.llama3-70b-instruct-v1:0
    meta/llama-3.3-70b-instruct-maas nvidia/llama-3.1-nemotron-70b-instruct deepseek-r1-distill-llama-70b deepseek-r1:70b
    nousresearch/hermes-3-llama-3.1-70b`,
  ],
  [
    'llama',
    ['llama', 'o200k'],
    'meta-llama/llama-4-scout llama4:16x17b us.meta.llama4-maverick-17b-instruct-v1:0',
  ],
  [
    'llama',
    ['llama2'],
    `llama2 llama2:13b-chat meta-llama/Llama-2-7b-chat-hf meta.llama2-13b-chat-v1 accounts/fireworks/models/llama-v2-70b-chat
    codellama:34b tinyllama vicuna:7b huggyllama/llama-7b`,
  ],
  [
    'gemma',
    ['gemma'],
    `gemma3 gemma3:4b-it-qat google/gemma-3-27b-it:free gemma-3-27b-it unsloth/gemma-3-4b-it-GGUF google/gemma-3n-E4B-it
    bartowski/google_gemma-3-12b-it-GGUF gemma3n:e4b medgemma-27b-it`,
  ],
  ['gemma', ['gemma', 'qwen'], 'gemma2 gemma2-9b-it google/gemma-2-27b-it gemma:7b codegemma gemma'],
  [
    'deepseek',
    ['deepseek'],
    `deepseek-chat deepseek-reasoner deepseek-v3 deepseek-r1:671b deepseek-ai/DeepSeek-V3.1 deepseek/deepseek-chat-v3-0324:free
    deepseek-ai/DeepSeek-R1 accounts/fireworks/models/deepseek-v3 us.deepseek.r1-v1:0 deepseek.v3-v1:0 unsloth/DeepSeek-R1-GGUF`,
  ],
  ['deepseek', ['deepseek', 'qwen'], 'deepseek-r1 deepseek-r1:latest'],
  [
    'deepseek',
    anyOpen,
    'deepseek-coder:6.7b deepseek-coder-v2 deepseek-ai/deepseek-llm-67b-chat deepseek-v2.5',
  ],
  [
    'mistral',
    ['mistral'],
    `mistral-nemo mistral-small3.2:24b mistralai/Mistral-Small-3.1-24B-Instruct-2503 mistralai/devstral-small:free Devstral:24b
    magistral-medium-latest ministral-8b-latest codestral-2508 codestral-latest mistral-medium-2505 mistral-medium-3.1
    mistral-small-latest mistralai/Voxtral-Mini-3B-2507 pixtral-12b-2409 open-mistral-nemo mistral-large-3`,
  ],
  [
    'mistral',
    ['llama2'],
    `mistral mistral:7b-instruct-q4_K_M mistralai/Mistral-7B-Instruct-v0.3 open-mixtral-8x7b mixtral:8x22b codestral codestral:22b
    mistral.mistral-7b-instruct-v0:2 accounts/fireworks/models/mixtral-8x22b-instruct dolphin-mixtral`,
  ],
  [
    'mistral',
    ['mistral', 'llama2'],
    'mistral-small mistral-large mistral.mistral-large-2407-v1:0 pixtral-large-2411',
  ],
  [
    'kimi',
    anyOpen,
    'kimi-k2 moonshotai/kimi-k2:free moonshotai/Kimi-K2-Instruct-0905 moonshot-v1-8k accounts/fireworks/models/kimi-k2-instruct',
  ],
  ['glm', anyOpen, 'GLM-5.3 z-ai/glm-4.6 zai-org/GLM-4.5-Air THUDM/chatglm3-6b glm4:9b'],
  [
    'gpt-oss',
    ['o200k'],
    'gpt-oss:20b openai/gpt-oss-120b:free openai.gpt-oss-120b-1:0 unsloth/gpt-oss-20b-GGUF',
  ],
  [
    'openai',
    ['o200k'],
    'gpt-5.6-sol gpt-4.1-mini gpt-4o gpt-4.5-preview o3 chatgpt-4o-latest openai/gpt-5 ft:gpt-4o:a::b',
  ],
  ['openai', ['cl100k'], 'gpt-4 gpt-4-turbo gpt-4-0613 gpt-3.5-turbo openai/gpt-3.5-turbo'],
  ['google', ['gemma'], 'gemini-2.5-flash google/gemini-3.8-flash models/gemini-3-pro'],
  ['google', ['gemma', 'qwen'], 'gemini-1.5-pro google/gemini-1.5-flash-8b gemini-pro'],
];

describe('R-10: whose weights count for a model', () => {
  const cases = families.flatMap(([family, encodings, ids]) =>
    ids.split(/\s+/).map((id) => [id, family, encodings] as const),
  );

  it.each(cases)('%s: %s by %j', (modelId, family, encodings) => {
    const tokenizer = tokenizerOf({ provider: 'openai-compatible.chat', modelId });
    expect(tokenizer).toMatchObject({ vendor: family, encodings });
    expect(tokenizer.factor).toBe(['openai', 'gpt-oss'].includes(family) ? 1 : 1.25);
    // Whatever the server in front of it calls itself.
    expect(tokenizerOf({ provider: 'openai.chat', modelId: modelId.toUpperCase() })).toMatchObject({
      encodings,
    });
  });

  it('a factor takes their place', () => {
    expect(tokenizerOf({ modelId: 'qwen3' }, 1.3)).toEqual({ vendor: 'qwen', factor: 1.3, modelId: 'qwen3' });
  });

  it('what a provider alone tells is not enough, but for Google', () => {
    expect(tokenizerOf({ provider: 'azure.chat', modelId: 'a-deployment' }).encodings).toBeUndefined();
    expect(tokenizerOf({ provider: 'openai.chat', modelId: 'my-model' }).encodings).toBeUndefined();
    expect(tokenizerOf({ provider: 'google.generative-ai', modelId: 'learnlm' }).encodings).toEqual([
      'gemma',
    ]);
  });

  it('Anthropic’s tokenizer is not public: a factor, and no weights', () => {
    const tokenizer = tokenizerOf({ provider: 'anthropic.messages', modelId: 'claude-sonnet-4-5' });
    expect(tokenizer).toEqual({ vendor: 'anthropic', factor: 1.25, modelId: 'claude-sonnet-4-5' });
  });
});
