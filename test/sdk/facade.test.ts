import { MockLanguageModelV4 } from 'ai/test';
import { afterEach, describe, expect, it } from 'vitest';
import { alloy, cascade, type ModelCall, type RoutingModel } from '../../src/index.ts';
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

  describe('R-42: a member that lacks what a URL leads to has no say in it', () => {
    const https = /^https:.*$/;
    const seeing = urls({ 'image/*': [https], 'application/pdf': [https], '*/*': [https] });
    const pdf = { 'application/pdf': [https] };
    const text = (supports: object) => ({ model: urls({}), supports });

    it.each([
      ['images', text({ images: false }), { 'image/*': [https] }],
      ['other files', text({ files: false }), pdf],
      ['both', text({ images: false, files: false }), { ...pdf, 'image/*': [https], '*/*': [https] }],
      ['neither', text({ tools: false }), {}],
    ])('%s', async (_, member, expected) => {
      expect(await cascade({ steps: [member, seeing] }).supportedUrls).toEqual(expected);
    });

    it('nor a primitive whose members lack it, of an alloy one of them', async () => {
      const sized = (member: object) => ({ ...member, contextWindow: 8000 }) as never;
      const [images, none] = [text({ images: false }), text({})];
      const of = async (inner: RoutingModel) => cascade({ steps: [inner, seeing] }).supportedUrls;
      expect(await of(cascade({ steps: [images, images] }))).toEqual({ 'image/*': [https] });
      expect(await of(cascade({ steps: [images, none] }))).toEqual({});
      expect(await of(alloy({ constituents: [sized(images), sized(none)] }))).toEqual({ 'image/*': [https] });
    });

    it('unless all of them lack it: a transform may leave it out', async () => {
      const member = { model: seeing, supports: { images: false }, transform: (call: ModelCall) => call };
      expect(await cascade({ steps: [member] }).supportedUrls).toMatchObject({ 'image/*': [https] });
    });
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
