import { describe, expect, test } from 'vitest';
import { installations } from './installations.ts';
import * as raw from './openai-server.ts';
import { errorOf, modes, run, type Mode } from './run.ts';

const server = await raw.openAIServer();
server.mock.on({ model: 'good' }, { content: 'A good answer.' });

const usage = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };

/** An answer with this finish reason, whole or streamed. */
const finishing = (reason: string | null, reported: object | undefined): raw.RawAnswer => {
  const common = { id: '1', created: 1, model: 'm' };
  const event = (choice: object, more: object = {}): string =>
    `data: ${JSON.stringify({ ...common, object: 'chat.completion.chunk', choices: [{ index: 0, ...choice }], ...more })}\n\n`;
  return (response, { stream }) => {
    if (!stream) {
      const message = { role: 'assistant', content: 'An answer.' };
      const choices = [{ index: 0, message, finish_reason: reason }];
      const whole = { ...common, object: 'chat.completion', choices, usage: reported };
      return raw.body(200, 'json', JSON.stringify(whole))(response, {});
    }
    const events = [
      event({ delta: { role: 'assistant', content: 'An answer.' }, finish_reason: null }),
      event({ delta: {}, finish_reason: reason }, reported && { usage: reported }),
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
    expect((await ask(mode, finishing('eos', usage))).text).toBe('An answer.');
  });

  test('without a finish reason a stream is half an answer', async () => {
    expect((await ask('stream', finishing(null, undefined), 'buffer')).text).toBe('A good answer.');
    expect(await errorOf(ask('stream', finishing(null, undefined)))).toMatchObject({
      message: 'The answer broke off before it was finished.',
    });
  });

  // V1 and V2 don't tell it from a reason that they have no word for.
  test('without a finish reason so is a generated one, where the specification tells', async () => {
    const { text } = await ask('generate', finishing(null, usage));
    expect(text).toBe(major < 6 ? 'An answer.' : 'A good answer.');
  });
});
