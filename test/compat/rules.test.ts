import { describe, expect, test } from 'vitest';
import type { RuleConditions } from '../../src/index.ts';
import { installations } from './installations.ts';
import { modelsOf } from './mock-models.ts';
import { modes, run, runObject, toolOf } from './run.ts';

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const pdf = 'JVBERi0xLjQKJeLjz9MK';
const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

describe.each(await installations())('ai $major', (installation) => {
  const { aiAlloy } = installation;
  const { answers } = modelsOf(installation);
  const withRule = (when: RuleConditions) =>
    aiAlloy.dispatcher({
      rules: [{ id: 'rule', when, target: answers('chosen', { text: '{"city":"Oslo"}' }) }],
      targets: [answers('other', { text: '{"city":"Oslo"}' })],
    });
  const file = (mediaType: string) => ({
    type: mediaType.startsWith('image') ? 'image' : 'file',
    ...(mediaType.startsWith('image') ? { image: pixel } : { data: pdf, filename: 'a' }),
    mediaType,
    mimeType: mediaType, // ai 4's word
  });
  const withFile = (mediaType: string) => [
    { role: 'user', content: [{ type: 'text', text: 'What is this?' }, file(mediaType)] },
  ];
  const tools = { weather: toolOf(installation, 'city', () => '7 °C') };
  const metadata = { providerOptions: { 'ai-alloy': { tier: 'gold' } } };

  test('R-46: a predicate may be asynchronous', async () => {
    const at = (text: string) => ({ model: slow, prompt: text });
    const slow = aiAlloy.dispatcher({
      rules: [
        {
          when: async ({ text }, { signal }) => {
            await new Promise((resolve) => setImmediate(resolve));
            return text === 'yes' && !signal.aborted;
          },
          target: answers('chosen'),
        },
        { when: () => new Promise<boolean>(() => {}), whenMs: 1, target: answers('late') },
      ],
      targets: [answers('other')],
    });
    for (const mode of modes) {
      expect((await run(installation, mode, at('yes'))).text).toBe('chosen');
      expect((await run(installation, mode, at('no'))).text).toBe('other');
    }
  });

  test.each<[string, RuleConditions, object]>([
    ['hasTools', { hasTools: true }, { tools }],
    ['hasImages', { hasImages: true, hasFiles: false }, { messages: withFile('image/png') }],
    ['hasFiles', { hasFiles: true, hasImages: false }, { messages: withFile('application/pdf') }],
    ['metadata', { metadata: { tier: ['gold', 'silver'] } }, metadata],
    ['text', { text: 'Hello' }, {}],
    ['maxInputTokens', { maxInputTokens: 100 }, {}],
    ['responseFormat', { responseFormat: 'text' }, {}],
  ])('R-29: %s', async (_, when, request) => {
    for (const mode of modes) {
      const chosen = await run(installation, mode, { model: withRule(when), ...request });
      expect(chosen.decision).toMatchObject({ answeredBy: 'mock/chosen', reason: 'rule', rule: 'rule' });
    }
    const unlike: RuleConditions = { hasTools: true, metadata: { tier: 'lead' } };
    const other = await run(installation, 'generate', { model: withRule(unlike), ...request });
    expect(other.decision).toMatchObject({ answeredBy: 'mock/other', reason: 'first-fit' });
  });

  test('R-29: responseFormat of generateObject and streamObject', async () => {
    for (const mode of modes) {
      const model = withRule({ responseFormat: 'json' });
      const { decision, object } = await runObject(installation, mode, { model, schema });
      expect({ object, by: decision?.answeredBy }).toEqual({ object: { city: 'Oslo' }, by: 'mock/chosen' });
    }
  });

  test('no rule matches, and there are no targets', async () => {
    const model = aiAlloy.dispatcher({ rules: [{ when: { hasTools: true }, target: answers('m') }] });
    await expect(run(installation, 'generate', { model })).rejects.toMatchObject({
      name: 'AI_NoRuleMatchedError',
    });
  });
});
