import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputTokensOf } from '../../src/sdk/usage.ts';

// Shapes as the packages build them (read in their dist, November 2026).

describe('the input tokens that an answer reports, where the cache is left out of them', () => {
  it.each([
    [
      '@ai-sdk/anthropic 1.2.12 (V1)',
      { promptTokens: 12, completionTokens: 5 },
      { anthropic: { cacheCreationInputTokens: 800, cacheReadInputTokens: 150_000 } },
      150_812,
    ],
    [
      'the same, nothing cached',
      { promptTokens: 12, completionTokens: 5 },
      { anthropic: { cacheCreationInputTokens: null, cacheReadInputTokens: null } },
      12,
    ],
    [
      '@ai-sdk/anthropic 2.0.0, 2.0.112 (V2)',
      { inputTokens: 12, outputTokens: 5, totalTokens: 17, cachedInputTokens: 150_000 },
      {
        anthropic: {
          usage: { input_tokens: 12, cache_read_input_tokens: 150_000, cache_creation_input_tokens: 800 },
          cacheCreationInputTokens: 800,
        },
      },
      150_812,
    ],
    [
      'the same under the name that createAnthropic was given, the cache smaller than the rest',
      { inputTokens: 9000, outputTokens: 5, totalTokens: 9005, cachedInputTokens: 2000 },
      { mine: { usage: null, cacheCreationInputTokens: null, stopSequence: null } },
      11_000,
    ],
    [
      'the same, adapted to V3 by ai 6.0.326 and 7.0.173',
      {
        inputTokens: { total: 9000, noCache: undefined, cacheRead: 2000, cacheWrite: undefined },
        outputTokens: { total: 5, text: undefined, reasoning: undefined },
        raw: { totalTokens: 9005 },
      },
      { anthropic: { usage: {}, cacheCreationInputTokens: 300 } },
      11_300,
    ],
    [
      '@ai-sdk/amazon-bedrock 2.2.9 (V1)',
      { promptTokens: 12, completionTokens: 5 },
      { bedrock: { usage: { cacheReadInputTokens: 150_000, cacheWriteInputTokens: Number.NaN } } },
      150_012,
    ],
    [
      '@ai-sdk/amazon-bedrock 3.0.137 (V2), reads and writes',
      { inputTokens: 900, outputTokens: 5, totalTokens: 905, cachedInputTokens: 500 },
      { bedrock: { usage: { cacheWriteInputTokens: 800 }, stopSequence: null } },
      2200,
    ],
    [
      '@ai-sdk/amazon-bedrock 3.0.137 (V2), reads only',
      { inputTokens: 900, outputTokens: 5, totalTokens: 905, cachedInputTokens: 500 },
      { bedrock: { stopSequence: null } },
      1400,
    ],
    [
      'any other that reads more from the cache than there is in all',
      { inputTokens: 900, outputTokens: 5, totalTokens: 905, cachedInputTokens: 1000 },
      undefined,
      1900,
    ],
    [
      'V3 that takes nothing off for the cache',
      { inputTokens: { total: 900, noCache: 900, cacheRead: 500, cacheWrite: 10 } },
      undefined,
      1410,
    ],
  ])('%s', (_, usage, providerMetadata, expected) => {
    expect(inputTokensOf({ usage, providerMetadata })).toBe(expected);
  });
});

describe('the input tokens that an answer reports, where the cache is among them', () => {
  const v2 = { inputTokens: 9000, outputTokens: 5, totalTokens: 9005, cachedInputTokens: 2000 };

  it.each([
    ['@ai-sdk/openai 1.3.24 (V1)', { promptTokens: 9000 }, { openai: { cachedPromptTokens: 2000 } }],
    ['@ai-sdk/openai-compatible 0.2.16 (V1)', { promptTokens: 9000 }, { mine: { cachedPromptTokens: 2000 } }],
    ['@ai-sdk/google 1.2.22 (V1)', { promptTokens: 9000 }, { google: { safetyRatings: null } }],
    [
      '@openrouter/ai-sdk-provider 0.7.5 (V1)',
      { promptTokens: 9000 },
      { openrouter: { usage: { promptTokens: 9000, promptTokensDetails: { cachedTokens: 2000 } } } },
    ],
    ['ollama-ai-provider 1.2.0 (V1)', { promptTokens: 9000, completionTokens: 5 }, undefined],
    ['@ai-sdk/openai 2.0.130 (V2)', v2, { openai: { responseId: 'resp_1' } }],
    [
      '@ai-sdk/google 2.0.108 (V2)',
      v2,
      { google: { usageMetadata: { promptTokenCount: 9000, cachedContentTokenCount: 2000 } } },
    ],
    ['@ai-sdk/openai-compatible 1.0.61 (V2)', v2, { mine: {} }],
    ['@ai-sdk/xai 2.0.95, @ai-sdk/groq 2.0.56 (V2)', v2, undefined],
    [
      '@ai-sdk/deepseek 1.0.60 (V2)',
      v2,
      { deepseek: { promptCacheHitTokens: 2000, promptCacheMissTokens: 7000 } },
    ],
    [
      '@openrouter/ai-sdk-provider 1.5.4 (V2)',
      v2,
      { openrouter: { usage: { promptTokens: 9000, promptTokensDetails: { cachedTokens: 2000 } } } },
    ],
    [
      'ai-sdk-provider-claude-code 1.2.2 (V2)',
      v2,
      { 'claude-code': { rawUsage: { input_tokens: 7000, cache_read_input_tokens: 2000 } } },
    ],
    [
      'ollama-ai-provider-v2 1.5.5 (V2)',
      { inputTokens: 9000, outputTokens: 5, totalTokens: 9005, cachedInputTokens: undefined },
      undefined,
    ],
    [
      '@ai-sdk/anthropic 3.0.140, 4.0.105 (V3, V4)',
      { inputTokens: { total: 9000, noCache: 200, cacheRead: 8000, cacheWrite: 800 } },
      {
        anthropic: {
          usage: { input_tokens: 200, cache_read_input_tokens: 8000, cache_creation_input_tokens: 800 },
          cacheCreationInputTokens: 800,
        },
      },
    ],
    [
      '@ai-sdk/amazon-bedrock 4.0.186, 5.0.97 (V3, V4)',
      { inputTokens: { total: 9000, noCache: 200, cacheRead: 8000, cacheWrite: 800 } },
      { bedrock: { usage: { cacheWriteInputTokens: 800 }, stopSequence: null } },
    ],
    [
      '@ai-sdk/openai 3.0.141, 4.0.77 and -compatible 2.0.92, 3.0.92 (V3, V4)',
      { inputTokens: { total: 9000, noCache: 7000, cacheRead: 2000, cacheWrite: undefined } },
      { openai: {} },
    ],
    [
      '@openrouter/ai-sdk-provider 2.9.1, 3.1.0 (V3, V4), which takes no cache writes off',
      { inputTokens: { total: 9000, noCache: 9000, cacheRead: 0, cacheWrite: 4000 } },
      { openrouter: { provider: 'Anthropic' } },
    ],
    [
      'ollama-ai-provider-v2 2.0.0 to 4.0.1 (V3, V4)',
      { inputTokens: { total: 9000, noCache: undefined, cacheRead: undefined, cacheWrite: undefined } },
      undefined,
    ],
    [
      '@ai-sdk/groq 2.0.56, adapted to V3 by ai 6.0.326',
      { inputTokens: { total: 9000, noCache: undefined, cacheRead: 2000, cacheWrite: undefined } },
      undefined,
    ],
  ])('%s', (_, usage, providerMetadata) => {
    expect(inputTokensOf({ usage, providerMetadata })).toBe(9000);
  });
});

describe('the input tokens that an answer does not report', () => {
  it.each([
    undefined,
    null,
    {},
    'none',
    { promptTokens: Number.NaN },
    { promptTokens: 0 },
    { inputTokens: undefined, cachedInputTokens: 500 },
    { inputTokens: null },
    { inputTokens: 0 },
    { inputTokens: -1 },
    { inputTokens: Infinity },
    { inputTokens: '9000' },
    { inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined } },
    { inputTokens: { total: 0, noCache: 0 } },
  ])('%j', (usage) => {
    expect(inputTokensOf({ usage })).toBeUndefined();
  });

  it('whatever the shape, nothing is thrown, and a number is above 0', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (inputTokens, cachedInputTokens, entry) => {
        const usage = { inputTokens, cachedInputTokens };
        const tokens = inputTokensOf({ usage, providerMetadata: { anthropic: entry } }) ?? 1;
        expect(tokens > 0 && tokens < Infinity).toBe(true);
      }),
    );
  });
});
