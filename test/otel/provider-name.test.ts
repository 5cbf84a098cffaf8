import { expect, it } from 'vitest';
import { providerName } from '../../src/otel/provider-name.ts';

it.each([
  ['openai.responses', 'openai'],
  ['openai', 'openai'],
  ['azure.responses', 'azure.ai.openai'],
  ['azure-openai.chat', 'azure.ai.openai'],
  ['anthropic.messages', 'anthropic'],
  ['vertex.anthropic.messages', 'gcp.vertex_ai'],
  ['google.vertex.chat', 'gcp.vertex_ai'],
  ['google.generative-ai', 'gcp.gemini'],
  ['amazon-bedrock', 'aws.bedrock'],
  ['mistral.chat', 'mistral_ai'],
  ['xai.responses', 'x_ai'],
  ['moonshotai.chat', 'moonshot_ai'],
  // The conventions have no word for these.
  ['openrouter.chat', 'openrouter.chat'],
  ['openai-at-home.chat', 'openai-at-home.chat'],
  ['', ''],
])('%j is called %j', (provider, name) => {
  expect(providerName(provider)).toBe(name);
});
