import { describe, expect, test } from 'vitest';
import { installations } from './installations.ts';
import { modelsOf } from './mock-models.ts';
import { errorOf, modes, run } from './run.ts';

describe.each(await installations())('ai $major', (installation) => {
  const { aiAlloy } = installation;
  const { answers } = modelsOf(installation);

  test.each(modes)(
    'R-52: a call names members to use or to leave out, and providers never see it: %s',
    async (mode) => {
      const models = { a: answers('a'), b: answers('b'), c: answers('c') };
      const [a, b, c] = Object.entries(models).map(([id, model]) => ({ id, model, contextWindow: 8000 }));
      const model = aiAlloy.cascade({
        id: 'c',
        steps: [a!, aiAlloy.alloy({ id: 'pool', constituents: [b!, c!] })],
      });
      const ask = (own: object) =>
        run(installation, mode, {
          model,
          providerOptions: { mock: { user: 'u' }, 'ai-alloy': own } as never,
        });
      expect((await ask({ only: ['c'] })).text).toBe('c');
      expect((await ask({ tier: 'gold', except: ['a', 'c'] })).text).toBe('b');
      expect((await ask({ tier: 'gold' })).text).toBe('a');
      const said = Object.values(models).map(({ calls }) =>
        calls.map((call) => call['providerOptions'] ?? call['providerMetadata']),
      );
      const mock = { user: 'u' };
      const gold = { mock, 'ai-alloy': { tier: 'gold' } };
      expect(said).toEqual([[gold], [gold], [{ mock }]]);
      expect(await errorOf(ask({ only: ['cc'] }))).toMatchObject({
        message: expect.stringContaining('did you mean "c"? There are "a", "pool", "b", "c".'),
      });
      expect(Object.values(models).map(({ calls }) => calls.length)).toEqual([1, 1, 1]);
    },
  );

  test('R-52: statusOf and reset', async () => {
    const model = aiAlloy.cascade({ id: 'c', cooldown: { failures: 1, ms: 60_000 }, steps: [answers('a')] });
    await aiAlloy.reset(model, { only: 'mock/a' });
    expect(await aiAlloy.statusOf(model)).toEqual({
      id: 'c',
      kind: 'cascade',
      members: [{ id: 'mock/a', model: 'mock/a', onCooldown: false }],
    });
  });
});
