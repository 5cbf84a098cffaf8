import { afterEach, describe, expect, test, vi } from 'vitest';
import { installations } from './installations.ts';
import { apiError, modelsOf } from './mock-models.ts';
import { errorOf, modes, run } from './run.ts';
import type { RoutingModel } from '../../src/index.ts';

const globals = globalThis as { AI_SDK_DEFAULT_PROVIDER?: unknown };
const [oldest, ...newer] = await installations();

afterEach(() => {
  delete globals.AI_SDK_DEFAULT_PROVIDER;
});

describe('ai 4', () => {
  test('R-36: a string id is an error at construction', () => {
    const { aiAlloy } = oldest!;
    const construct = () => aiAlloy.cascade({ steps: ['openai/gpt-5'] });
    expect(construct).toThrow(expect.objectContaining({ name: 'AI_InvalidConfigurationError' }));
    expect(construct).toThrow(/steps\[0\]\.model is "openai\/gpt-5": .*ai 4/);
  });
});

describe.each(newer)('ai $major', (installation) => {
  const { sdk, aiAlloy } = installation;
  const { answers, rejects } = modelsOf(installation);

  /** Makes the models those of the global provider; returns what it was asked for. */
  const provide = (languageModels: Record<string, unknown>) => {
    const provider = sdk.customProvider({ languageModels: languageModels as never });
    const languageModel = vi.fn<(id: string) => unknown>((id) => provider.languageModel(id));
    globals.AI_SDK_DEFAULT_PROVIDER = { ...provider, languageModel };
    return languageModel;
  };

  describe.each(modes)('%s', (mode) => {
    test('R-36: a string id is resolved at the first call, through the global provider, once', async () => {
      const resolve = provide({ fast: answers('fast-model') });
      const model = aiAlloy.cascade({ steps: ['fast', { model: 'spare', contextWindow: '128K' }] });
      expect(resolve).not.toHaveBeenCalled();
      const { text, response, decision } = await run(installation, mode, { model });
      expect({ text, modelId: response.modelId, answeredBy: decision?.answeredBy }).toEqual({
        text: 'fast-model',
        modelId: 'fast-model',
        answeredBy: 'fast',
      });
      await run(installation, mode, { model });
      expect(resolve.mock.calls.filter(([id]) => id === 'fast')).toHaveLength(1);
    });

    test('R-22: an id that does not resolve fails like its member, not the whole call', async () => {
      provide({ good: answers('good') });
      const model = aiAlloy.cascade({
        steps: ['missing', 'good'],
        fallThroughOn: [...aiAlloy.defaultFallThroughOn, 'not-found'],
      });
      const { text, decision } = await run(installation, mode, { model });
      expect(text).toBe('good');
      expect(decision?.attempts?.[0]).toMatchObject({ id: 'missing', failure: 'not-found' });
    });

    test('R-22: an id that does not resolve is thrown by default', async () => {
      provide({ good: answers('good') });
      const model = aiAlloy.cascade({ steps: ['missing', 'good'] });
      expect(sdk.NoSuchModelError.isInstance(await errorOf(run(installation, mode, { model })))).toBe(true);
    });

    test('R-34: a primitive behind an id is asked and nested like any other', async () => {
      const down = rejects('down', () => apiError(installation, 503));
      provide({ inner: aiAlloy.cascade({ id: 'inner', steps: [down, answers('good')] }) });
      const { text, decision } = await run(installation, mode, {
        model: aiAlloy.dispatcher({ targets: ['inner'] }),
      });
      expect(text).toBe('good');
      expect(decision?.attempts).toMatchObject([{ decision: { id: 'inner', answeredBy: 'mock/good' } }]);
    });

    test('R-34: a primitive is found by id through the global provider', async () => {
      provide({ smart: aiAlloy.cascade({ steps: [answers('good')] }) });
      expect(await run(installation, mode, { model: 'smart' })).toMatchObject({ text: 'good' });
    });

    test.each([
      {
        name: 'itself',
        path: /: a → a\b/,
        make: () => {
          const a = aiAlloy.cascade({ id: 'a', steps: ['self'] });
          return { a, models: { self: a } };
        },
      },
      {
        name: 'a primitive that holds it',
        path: /: a → b → a\b/,
        make: () => {
          const a: RoutingModel = aiAlloy.cascade({ id: 'a', steps: ['outer'] });
          return { a, models: { outer: aiAlloy.dispatcher({ id: 'b', targets: [a] }) } };
        },
      },
      {
        name: 'a primitive that leads back by an id',
        path: /: (a → b → a|b → a → b)\b/,
        make: () => {
          const a = aiAlloy.cascade({ id: 'a', steps: ['b'] });
          return { a, models: { a, b: aiAlloy.cascade({ id: 'b', steps: ['a'] }) } };
        },
      },
    ])('R-35: an id that resolves to $name is an error with the path', async ({ path, make }) => {
      const { a, models } = make();
      provide(models);
      const error = await errorOf(run(installation, mode, { model: a }));
      expect(aiAlloy.InvalidConfigurationError.isInstance(error)).toBe(true);
      expect((error as Error).message).toMatch(path);
    });
  });

  test('R-36: a member of an unsupported version is found when its id resolves', async () => {
    const model = aiAlloy.cascade({ steps: ['old'] });
    const languageModel = () => answers('old', {}, 'v1');
    globals.AI_SDK_DEFAULT_PROVIDER = { languageModel };
    const error = await errorOf(run(installation, 'generate', { model }));
    expect(aiAlloy.InvalidConfigurationError.isInstance(error)).toBe(true);
  });
});
