import { describe, expect, test } from 'vitest';
import { installations } from './installations.ts';
import * as raw from './openai-server.ts';
import { errorOf, modes, run, type Mode } from './run.ts';

const server = await raw.openAIServer();
server.mock.on({ model: 'good' }, { content: 'A good answer.' });

const reported = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };

/** An answer with this finish reason, whole or streamed. */
const finishing = (reason: string | null, used: object | undefined): raw.RawAnswer => {
  const common = { id: '1', created: 1, model: 'm' };
  const event = (choice: object, more: object = {}): string =>
    `data: ${JSON.stringify({ ...common, object: 'chat.completion.chunk', choices: [{ index: 0, ...choice }], ...more })}\n\n`;
  return (response, { stream }) => {
    if (!stream) {
      const message = { role: 'assistant', content: 'An answer.' };
      const choices = [{ index: 0, message, finish_reason: reason }];
      const whole = { ...common, object: 'chat.completion', choices, usage: used };
      return raw.body(200, 'json', JSON.stringify(whole))(response, {});
    }
    const events = [
      event({ delta: { role: 'assistant', content: 'An answer.' }, finish_reason: null }),
      event({ delta: {}, finish_reason: reason }, used && { usage: used }),
      'data: [DONE]\n\n',
    ];
    return raw.body(200, 'sse', events.join(''))(response, {});
  };
};

describe.each(await installations())('ai $major', (installation) => {
  const { aiAlloy, createOpenAI, major } = installation;
  const chat = (baseURL: string, id: string) =>
    createOpenAI({ baseURL, apiKey: 'test', compatibility: 'strict' } as never).chat(id);
  const ask = (mode: Mode, answer: raw.RawAnswer, afterContent?: 'buffer') => {
    const steps = [chat(server.raw(answer), 'odd'), chat(server.baseURL, 'good')];
    const model = aiAlloy.cascade({ steps, ...(afterContent && { afterContent }) });
    return run(installation, mode, { model });
  };

  test.each(modes)('a finish reason that the SDK has no word for ends a whole answer (%s)', async (mode) => {
    expect((await ask(mode, finishing('eos', reported))).text).toBe('An answer.');
  });

  test('without a finish reason a stream is half an answer', async () => {
    expect((await ask('stream', finishing(null, undefined), 'buffer')).text).toBe('A good answer.');
    expect(await errorOf(ask('stream', finishing(null, undefined)))).toMatchObject({
      message: 'The answer broke off before it was finished.',
    });
  });

  test('without a finish reason a generated answer is whole, and a stream with usage', async () => {
    for (const mode of modes) expect((await ask(mode, finishing(null, reported))).text).toBe('An answer.');
  });

  // Adapted by ai 6 and 7 to a reason without a word, as if there had been none.
  test.each(major < 6 ? [] : (['unknown', 'other'] as const))(
    'a V2 member may say %s, with usage',
    async (word) => {
      const usage = { inputTokens: 5, outputTokens: 3, totalTokens: 8 };
      const finish = { finishReason: word, usage };
      const member = (outputTokens: number | undefined) => ({
        specificationVersion: 'v2',
        provider: 'mock',
        modelId: 'old',
        supportedUrls: {},
        doGenerate: async () => ({ content: [{ type: 'text', text: 'old' }], warnings: [], ...finish }),
        doStream: async () => ({
          stream: new ReadableStream({
            start(controller) {
              controller.enqueue({ type: 'stream-start', warnings: [] });
              controller.enqueue({ type: 'text-start', id: '1' });
              controller.enqueue({ type: 'text-delta', id: '1', delta: 'old' });
              controller.enqueue({ type: 'text-end', id: '1' });
              controller.enqueue({ type: 'finish', ...finish, usage: { ...usage, outputTokens } });
              controller.close();
            },
          }),
        }),
      });
      for (const mode of modes) {
        const model = aiAlloy.cascade({ steps: [member(3) as never] });
        expect((await run(installation, mode, { model })).text).toBe('old');
      }
      const model = aiAlloy.cascade({ steps: [member(undefined) as never] });
      expect(await errorOf(run(installation, 'stream', { model }))).toMatchObject({
        message: 'The answer broke off before it was finished.',
      });
    },
  );
});
