// A cascade as a user would have one: a step that is too small, one that is down, and one that answers.
import { createOpenAI } from '@ai-sdk/openai';
import { LLMock } from '@copilotkit/aimock';
import { cascade } from 'ai-alloy';
import { z } from 'zod';

const down = {
  error: { message: 'The server is overloaded.', type: 'server_error', code: null },
  status: 503,
};

/** A server with the OpenAI API on 127.0.0.1, the model ids that it was asked for, and the cascade. */
export async function start() {
  const server = new LLMock({ port: 0 });
  const asked = [];
  server.on({}, ({ model, messages, tools }) => {
    asked.push(model);
    if (model === 'down') return down;
    const call = tools?.length && !messages.some(({ role }) => role === 'tool');
    if (call) return { toolCalls: [{ name: 'weather', arguments: '{"city":"Paris"}' }] };
    return { content: 'Sunny in Paris.' };
  });
  const openai = createOpenAI({ baseURL: `${await server.start()}/v1`, apiKey: 'offline' });
  const model = cascade({
    id: 'safe',
    steps: [
      { id: 'small', model: openai.chat('small'), contextWindow: 20 },
      { id: 'down', model: openai.chat('down'), contextWindow: 128_000 },
      { id: 'good', model: openai.chat('good'), contextWindow: 128_000 },
    ],
  });
  return { model, openai, asked, stop: () => server.stop() };
}

export const city = z.object({ city: z.string() });

/** Whom a step of a tool loop asks: the model that is too small is not among them. */
export const perStep = ['down', 'good'];
