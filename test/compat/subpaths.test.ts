import { Tokenizer } from '@huggingface/tokenizers';
import { describe, expect, test } from 'vitest';
import { bytePairTokenizer, chatConfig } from '../huggingface/tokenizers.ts';
import { LocalServer } from '../local/local-server.ts';
import { servers } from '../local/servers.ts';
import { installations } from './installations.ts';
import { modelsOf } from './mock-models.ts';
import { modes, run } from './run.ts';

// 11 tokens of o200k_base, as js-tiktoken counts them.
const sentence = 'The quick brown fox jumps over the lazy dog. ';
const prompt = sentence.repeat(1000).trimEnd();

/** The header of a PNG of that size, as base64. */
function png(width: number, height: number): string {
  const header = Buffer.alloc(33);
  header.write('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  return header.toString('base64');
}

describe.each(await installations())('ai $major', (installation) => {
  const { aiAlloy, counting, countingOpen, local, media } = installation;
  const models = modelsOf(installation);
  const answers = (id: string) => models.answers(id, { text: id, usage: { input: 10_000, output: 2 } });

  test.each(modes)('R-10: tiktoken counts exactly, where it is near a ceiling (%s)', async (mode) => {
    const real = 1000 * 10 + 12; // the sentences, and framing
    const estimator = counting.tiktoken({ safetyMargin: 1 });
    const step = (contextWindow: number) => ({
      model: answers(`gpt-4o-${contextWindow}`),
      contextWindow,
      defaultOutputTokens: 1,
    });
    const model = aiAlloy.cascade({
      estimator,
      anchor: false,
      steps: [step(real - 100), step(real + 100), step(200_000)],
    });
    const { text, decision } = await run(installation, mode, { model, prompt });
    expect(text).toBe(`gpt-4o-${real + 100}`);
    const demands = decision!.candidates.map(({ demand }) => [demand.basis, demand.atLeast ?? false]);
    expect(demands).toEqual([
      ['exact', true],
      ['exact', false],
      ['exact', false], // known by now
    ]);
    expect(Math.abs(decision!.candidates[1]!.demand.input - real)).toBeLessThan(5);
  });

  test.each(modes)('R-11: a chat template has the same of every version (%s)', async (mode) => {
    const tokenizer = bytePairTokenizer();
    const estimator = countingOpen.huggingFaceTokenizer({ tokenizer, config: chatConfig, safetyMargin: 1 });
    const library = new Tokenizer(tokenizer, chatConfig);
    const input = { where: 'garden' };
    const call = { toolCallId: '1', toolName: 'look', args: input, input };
    const result = { ...call, result: 'A dog.', output: { type: 'text', value: 'A dog.' } };
    const messages = [
      { role: 'user', content: 'Who jumps?' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Let me see.' },
          { type: 'tool-call', ...call },
        ],
      },
      { role: 'tool', content: [{ type: 'tool-result', ...result }] },
      { role: 'user', content: 'So?' },
    ];
    const rendered = [
      '<|im_start|>system\nYou are a fox.<|im_end|>\n<|im_start|>user\nWho jumps?<|im_end|>\n',
      '<|im_start|>assistant\nLet me see.\n<tool_call>\n{"name": "look", "arguments": {"where": "garden"}}\n</tool_call>',
      '<|im_end|>\n<|im_start|>user\n<tool_response>\nA dog.\n</tool_response><|im_end|>\n',
      '<|im_start|>user\nSo?<|im_end|>\n<|im_start|>assistant\n',
    ].join('');
    const real = library.encode(rendered, { add_special_tokens: false }).ids.length;
    const step = { model: answers('qwen3'), contextWindow: real + 1, estimator, defaultOutputTokens: 1 };
    const model = aiAlloy.cascade({ anchor: false, steps: [step] });
    const { decision } = await run(installation, mode, {
      model,
      system: 'You are a fox.',
      messages,
      prompt: undefined,
    });
    expect(decision!.candidates[0]).toMatchObject({ fits: true, demand: { input: real, basis: 'exact' } });
  });

  test('a local server is asked what it holds', async () => {
    const server = await LocalServer.start(servers.vllm);
    expect(await local.askContextWindow({ baseURL: server.baseURL, model: 'legal' })).toBe(8192);
    server.stop();
    const asking = local.askContextWindow({ baseURL: '' });
    await expect(asking).rejects.toThrow(aiAlloy.InvalidConfigurationError);
  });

  test('the Redis store needs no package of its own', async () => {
    const { redis } = installation;
    const commands: unknown[][] = [];
    const client = {
      get: async (...values: unknown[]) => (commands.push(values), 'value'),
      set: async (...values: unknown[]) => commands.push(values),
      on() {},
    };
    for (const each of [
      { ...client, psetex() {} },
      { ...client, pSetEx() {} },
    ]) {
      const store = redis.redisStore(each);
      expect(await store.get('key')).toBe('value');
      await store.set('key', 'value', 5);
    }
    expect(commands).toEqual([
      ['ai-alloy:key'],
      ['ai-alloy:key', 'value', 'PX', 5],
      ['ai-alloy:key'],
      ['ai-alloy:key', 'value', { PX: 5 }],
    ]);
    expect(() => redis.redisStore({} as never)).toThrow(aiAlloy.InvalidConfigurationError);
  });

  test('R-11: images count by their size, and by the vendor', async () => {
    const demandOf = async (modelId: string, width: number, height: number): Promise<number> => {
      const image = {
        type: 'image',
        image: png(width, height),
        mediaType: 'image/png',
        mimeType: 'image/png',
      };
      const model = aiAlloy.cascade({ steps: [answers(modelId)], mediaTokens: media.mediaTokens() });
      const messages = [{ role: 'user', content: [image] }];
      const { decision } = await run(installation, 'generate', { model, messages, prompt: undefined });
      return decision!.candidates[0]!.demand.input - 12;
    };
    expect(await demandOf('gpt-4o', 1024, 1024)).toBe(765);
    expect(await demandOf('gpt-4o', 2048, 4096)).toBe(1105);
    expect(await demandOf('gemini-2.5-pro', 300, 300)).toBe(258);
  });
});
