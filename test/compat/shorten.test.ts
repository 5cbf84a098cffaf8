import { describe, expect, test, vi } from 'vitest';
import type { Shorten } from '../../src/index.ts';
import { installations } from './installations.ts';
import { modelsOf } from './mock-models.ts';
import { modes, run } from './run.ts';

describe.each(await installations())('ai $major', (installation) => {
  const { aiAlloy } = installation;
  const { answers } = modelsOf(installation);
  const messages = Array.from({ length: 9 }, (_, n) => ({ role: 'user', content: `${n} `.repeat(4000) }));
  const settings = { temperature: 0.5, headers: { 'x-test': 'a' } };

  test.each(modes)('R-47: %s sends what shorten returns, with all settings', async (mode) => {
    const shorten = vi.fn<Shorten>((call) => ({ ...call, prompt: call.prompt.slice(-1) }));
    const model = answers('m');
    const steps = [{ model, contextWindow: 16_000 }];
    const smart = aiAlloy.cascade({ steps, shorten });
    const { text, decision } = await run(installation, mode, { model: smart, messages, ...settings });
    expect(text).toBe('m');
    expect(decision!.shortened!.from).toBeGreaterThan(decision!.shortened!.to);
    expect(decision!.answeredBy).toBe('mock/m');
    const [call] = model.calls;
    const given = shorten.mock.calls[0]![0] as unknown as typeof call;
    expect(given!.prompt).toHaveLength(9);
    expect(call!.prompt).toEqual(given!.prompt.slice(-1));
    expect(call).toMatchObject({ temperature: 0.5, headers: { 'x-test': 'a' } });
  });

  test.each(modes)('R-47: %s is refused if shorten returns nothing', async (mode) => {
    const model = answers('m');
    const smart = aiAlloy.cascade({ steps: [{ model, contextWindow: 16_000 }], shorten: () => undefined });
    await expect(run(installation, mode, { model: smart, messages })).rejects.toMatchObject({
      name: 'AI_ContextWindowExceededError',
    });
    expect(model.calls).toEqual([]);
  });
});
