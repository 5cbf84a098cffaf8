import { describe, expect, test } from 'vitest';
import { installations } from './installations.ts';
import { openAIServer } from './openai-server.ts';
import { modelsOf } from './mock-models.ts';
import { errorOf, modes, runObject } from './run.ts';

const server = await openAIServer();
server.mock.on({ model: 'prose' }, { content: 'No JSON, but prose.' });
const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };

describe.each(await installations())('ai $major', (installation) => {
  const { aiAlloy, createOpenAI, major } = installation;
  // The streams of ai 4 resolve to what they could read of an object.
  const failing = modes.filter((mode) => mode === 'generate' || major > 4);
  const { answers } = modelsOf(installation);
  const models = {
    'a real provider': () => createOpenAI({ baseURL: server.baseURL, apiKey: 'test' }).chat('prose'),
    'a model without a response': () => answers('prose', { text: 'No JSON.' }),
  };
  for (const [name, make] of Object.entries(models)) {
    test.each(failing)(
      `R-38: the decision behind an answer that is no object: ${name} (%s)`,
      async (mode) => {
        const model = aiAlloy.cascade({ id: 'c', steps: [make() as never] });
        const error = await errorOf(runObject(installation, mode, { model, schema, mode: 'json' }));
        expect(error).toMatchObject({ name: 'AI_NoObjectGeneratedError' });
        expect(aiAlloy.decisionOf(error)).toMatchObject({ id: 'c', attempts: [{ outcome: 'answered' }] });
      },
    );
  }
});
