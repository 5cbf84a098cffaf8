import { MockLanguageModelV4 } from 'ai/test';
import { afterEach, describe, expect, it } from 'vitest';
import { cascade } from '../../src/index.ts';
import { answers } from '../support/models.ts';

const urls = (supportedUrls: Record<string, RegExp[]>): MockLanguageModelV4 =>
  new MockLanguageModelV4({ supportedUrls });

afterEach(() => {
  delete (globalThis as { AI_SDK_DEFAULT_PROVIDER?: unknown }).AI_SDK_DEFAULT_PROVIDER;
});

describe('R-34: what a composite declares', () => {
  it.each([
    [['openai.chat', 'openai.chat'], 'openai.chat'],
    [['openai.chat', 'openai.responses'], 'openai'],
    [['openai', 'openai.responses'], 'openai'],
    [['openai.chat', 'openai-compatible.chat'], 'ai-alloy'],
    [['openai.chat', 'anthropic.messages'], 'ai-alloy'],
    [['openai.chat', ''], 'ai-alloy'],
  ])('the provider of %j is %s', (providers, provider) => {
    expect(cascade({ steps: providers.map((each) => answers('m', each)) }).provider).toBe(provider);
  });

  it('a string id is not resolved to be named', () => {
    expect(cascade({ steps: ['openai/gpt-5', answers('m')] })).toMatchObject({
      provider: 'ai-alloy',
      modelId: 'cascade(openai/gpt-5, mock/m)',
    });
  });

  it('its id is its modelId', () => {
    expect(cascade({ id: 'kimi', steps: [answers('m')] })).toMatchObject({
      modelId: 'kimi',
      provider: 'mock',
      kind: 'cascade',
    });
  });

  it('supportedUrls is the intersection', async () => {
    const https = /^https:.*$/;
    const model = cascade({
      steps: [
        urls({ 'image/*': [https, /^gs:.*$/], 'application/pdf': [https] }),
        urls({ 'image/*': [/^https:.*$/], '*/*': [https] }),
      ],
    });
    expect(await model.supportedUrls).toEqual({ 'image/*': [https] });
  });

  it('a member that has no word on URLs leaves none', async () => {
    const mute = {
      ...answers('m'),
      supportedUrls: undefined,
      doGenerate: async () => {},
      doStream: async () => {},
    };
    expect(await cascade({ steps: [mute as never, urls({ '*/*': [/.*/] })] }).supportedUrls).toEqual({});
  });

  it('a member whose supportedUrls reject leaves none, and breaks nothing', async () => {
    const rejects = {
      specificationVersion: 'v4',
      provider: 'p',
      modelId: 'm',
      doGenerate: async () => {},
      doStream: async () => {},
    };
    const supportedUrls = { then: (_: unknown, no: (error: Error) => void) => no(new Error('offline')) };
    const model = cascade({ steps: [{ ...rejects, supportedUrls } as never] });
    void model.supportedUrls; // an eager promise would be an unhandled rejection, which fails the run
    expect(await model.supportedUrls).toEqual({});
  });

  it('a string id that does not resolve has no say in it', async () => {
    (globalThis as { AI_SDK_DEFAULT_PROVIDER?: unknown }).AI_SDK_DEFAULT_PROVIDER = {
      languageModel: () => {
        throw new Error('no such model');
      },
    };
    const model = cascade({ steps: ['gone', urls({ 'image/*': [/x/] })] });
    expect(await model.supportedUrls).toEqual({ 'image/*': [/x/] });
  });
});
