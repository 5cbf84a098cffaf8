import { describe, expect, it } from 'vitest';
import { isVendor, tokenizerOf, versionOf } from '../../src/tokens/vendor.ts';

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
    ['google.generative-ai', 'gemma-3-27b-it', 'google', 1.25],
    ['openrouter.chat', 'google/gemini-3.8-flash', 'google', 1.25],
    ['openai.responses', 'gpt-5.6-sol', 'openai', 1],
    ['openai.chat', 'o3', 'openai', 1],
    ['openai.chat', 'o4-mini-2025-04-16', 'openai', 1],
    ['openai.chat', 'chatgpt-4o-latest', 'openai', 1],
    ['openai.chat', 'ft:gpt-4o-mini-2024-07-18:org::id', 'openai', 1],
    ['amazon-bedrock', 'openai.gpt-oss-120b-1:0', 'openai', 1],
    ['gateway', 'openai/gpt-5', 'openai', 1],
    ['azure.chat', 'a-deployment', 'openai', 1],
    ['azure-openai.responses', 'a-deployment', 'openai', 1],
    ['azure.chat', 'australia-east-1', 'openai', 1],
  ] as const)('%s, %s: %s × %d', (provider, modelId, vendor, factor) => {
    expect(of(provider, modelId)).toEqual([vendor, factor]);
  });

  it.each([
    ['openai.chat', 'qwen3:30b'],
    ['openai.chat', 'llama3.2'],
    ['openai.chat', 'mistral-small'],
    ['openai.chat', 'Devstral:24b'],
    ['openai.chat', 'hf.co/x/qwen3-claude-opus-distill'],
    ['openai.chat', 'deepseek-r1'],
    ['openai.chat', 'gemma3'],
    ['openai.chat', 'phi4'],
    ['azure.chat', 'grok-4'],
    ['anthropic.messages', 'kimi-k2'],
    ['anthropic.messages', 'GLM-5.3'],
    ['openai-compatible.chat', 'a-model'],
    ['amazon-bedrock', 'amazon.nova-pro-v1:0'],
    ['groq.chat', 'meta-llama/llama-4-scout'],
    ['', ''],
  ])('%s, %s: generic × 1', (provider, modelId) => {
    expect(of(provider, modelId)).toEqual(['generic', 1]);
  });

  it('a vendor or a factor that is given has its way', () => {
    const model = { provider: 'openai.chat', modelId: 'gpt-5' };
    expect(tokenizerOf(model, 'anthropic')).toEqual({ vendor: 'anthropic', factor: 1.6, modelId: 'gpt-5' });
    expect(tokenizerOf(model, 1.1)).toEqual({ vendor: 'openai', factor: 1.1, modelId: 'gpt-5' });
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

  it('an option is one of four names, or a factor', () => {
    expect(['openai', 'anthropic', 'google', 'generic', 0.5, 1.3].every(isVendor)).toBe(true);
    expect(['Openai', '', 0, -1, NaN, Infinity, null, {}].some(isVendor)).toBe(false);
  });
});
