import { describe, expect, test } from 'vitest';
import { installations, type Version } from './installations.ts';
import { apiError, modelsOf } from './mock-models.ts';
import { modes, run, toolOf } from './run.ts';

const versions: readonly Version[] = ['v1', 'v2', 'v3', 'v4'];
const accepted = { 4: ['v1'], 5: ['v2'], 6: ['v2', 'v3'], 7: ['v2', 'v3', 'v4'] } as const;

describe.each(await installations())('ai $major', (installation) => {
  const { aiAlloy, native, major } = installation;
  const { answers, rejects } = modelsOf(installation);
  const supported = accepted[major];
  const unsupported = versions.filter((version) => !(supported as readonly Version[]).includes(version));

  test('R-34: the specification of its primitives shows that each installation has its own ai', () => {
    expect(native).toBe({ 4: 'v1', 5: 'v2', 6: 'v3', 7: 'v4' }[major]);
    expect(aiAlloy.cascade({ steps: [answers('m')] }).specificationVersion).toBe(native);
  });

  test.each(unsupported)('R-36: a %s member is an error at construction', (version) => {
    const member = answers('m', { text: 'Hi.' }, version);
    const sized = [
      { model: answers('native'), contextWindow: '128K' },
      { model: member, contextWindow: '128K' },
    ] as const;
    const constructions = {
      'cascade: steps': () => aiAlloy.cascade({ steps: sized }),
      'alloy: constituents': () => aiAlloy.alloy({ constituents: sized }),
      'dispatcher: targets': () => aiAlloy.dispatcher({ targets: sized }),
    };
    for (const construct of Object.values(constructions)) {
      const thrown = { name: 'AI_InvalidConfigurationError', option: expect.stringContaining('[1].model') };
      expect(construct).toThrow(expect.objectContaining(thrown));
      expect(construct).toThrow(new RegExp(`\\b${version}\\b.* takes ${supported.join(', ')}\\b`));
    }
  });

  describe.each(supported)('a %s member', (version) => {
    const answer = {
      reasoning: 'I think.',
      text: 'Well',
      finish: 'length',
      usage: { input: 11, output: 5 },
    } as const;

    describe.each(modes)('%s', (mode) => {
      test.each(['bare', 'sized'])('R-39: keeps its usage and finish reason (%s)', async (how) => {
        const model = answers('m', answer, version);
        const steps = how === 'sized' ? [{ model, contextWindow: '128K' as const }] : [model];
        const outcome = await run(installation, mode, { model: aiAlloy.cascade({ steps }) });
        const { text, reasoning, usage, finishReason, response } = outcome;
        expect({ text, reasoning, usage, finishReason, modelId: response.modelId }).toEqual({
          text: 'Well',
          reasoning: 'I think.',
          usage: { input: 11, output: 5 },
          finishReason: 'length',
          modelId: 'm',
        });
      });

      test('R-34: works beside a native member, before and after it', async () => {
        const other = answers('other', answer, version);
        const down = rejects('down', () => apiError(installation, 503));
        const after = aiAlloy.cascade({ steps: [down, other] });
        expect(await run(installation, mode, { model: after })).toMatchObject({ finishReason: 'length' });
        const empty = answers('empty', { finish: 'unknown' }, version);
        const before = aiAlloy.cascade({ steps: [empty, answers('native')] });
        expect(await run(installation, mode, { model: before })).toMatchObject({ text: 'native' });
      });

      test('R-34: calls tools', async () => {
        const toolCall = { name: 'weather', input: { city: 'Bern' } };
        const model = aiAlloy.alloy({
          constituents: [
            { model: answers('m', { toolCall }, version), contextWindow: '128K' },
            { model: answers('m', { toolCall }, native), contextWindow: '128K' },
          ],
          strategy: 'round-robin',
        });
        const tools = { weather: toolOf(installation, 'city', ({ city }) => `sunny in ${city}`) };
        const { finishReason, toolResults } = await run(installation, mode, { model, tools });
        expect(finishReason).toBe('tool-calls');
        expect(JSON.stringify(toolResults)).toContain('sunny in Bern');
      });
    });
  });
});
