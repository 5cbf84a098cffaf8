import { describe, expect, test } from 'vitest';
import { installations } from './installations.ts';
import { modelsOf } from './mock-models.ts';
import { modes, run, runObject, toolOf } from './run.ts';

const kinds = ['alloy', 'cascade', 'dispatcher'] as const;
const cases = kinds.flatMap((kind) => modes.map((mode) => ({ kind, mode })));

describe.each(await installations())('ai $major', (installation) => {
  const { sdk, aiAlloy, native } = installation;
  const { answers, answersInTurn } = modelsOf(installation);

  /** A primitive of each kind, over models that answer alike. */
  const primitives = (model = answers('m', { text: 'Hello there.' })) => ({
    alloy: aiAlloy.alloy({
      constituents: [
        { model, contextWindow: '128K' },
        { model, contextWindow: '128K' },
      ],
    }),
    cascade: aiAlloy.cascade({ steps: [model] }),
    dispatcher: aiAlloy.dispatcher({ targets: [model] }),
  });

  test.each(kinds)('R-34: %s is a model of the specification that this ai speaks', (kind) => {
    expect(primitives()[kind].specificationVersion).toBe(native);
  });

  test.each(cases)('R-34: $kind under $mode text', async ({ kind, mode }) => {
    const { text, finishReason, decision } = await run(installation, mode, { model: primitives()[kind] });
    expect({ text, finishReason, kind: decision?.kind }).toEqual({
      text: 'Hello there.',
      finishReason: 'stop',
      kind,
    });
  });

  test.each(cases)('R-34: $kind under $mode object', async ({ kind, mode }) => {
    const model = primitives(answers('m', { text: '{"city":"Bern"}' }))[kind];
    const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const { object, decision } = await runObject(installation, mode, { model, schema });
    expect({ object, kind: decision?.kind }).toEqual({ object: { city: 'Bern' }, kind });
  });

  test.each(cases)('R-34: $kind in a tool loop under $mode text', async ({ kind, mode }) => {
    const member = answersInTurn('m', [
      { toolCall: { name: 'weather', input: { city: 'Bern' } } },
      { text: 'Sunny in Bern.' },
    ]);
    const tools = { weather: toolOf(installation, 'city', ({ city }) => `sunny in ${city}`) };
    const { text, steps } = await run(installation, mode, {
      model: primitives(member)[kind],
      tools,
      steps: 3,
    });
    expect({ text, steps: steps.length, calls: member.calls.length }).toEqual({
      text: 'Sunny in Bern.',
      steps: 2,
      calls: 2,
    });
    expect(JSON.stringify(member.calls[1]!.prompt)).toContain('sunny in Bern');
  });

  test.each(cases)(
    'R-34: $kind wrapped, in a custom provider, in a registry ($mode)',
    async ({ kind, mode }) => {
      const seen: unknown[] = [];
      const transformParams = async <Params>({ params }: { params: Params }): Promise<Params> => {
        seen.push(params);
        return params;
      };
      const middleware = { specificationVersion: 'v3', transformParams } as never; // the tag is ai 6's
      const wrapped = sdk.wrapLanguageModel({ model: primitives()[kind], middleware });
      const provider = sdk.customProvider({ languageModels: { smart: wrapped } });
      const registry = sdk.createProviderRegistry({ my: provider });
      const { text, decision } = await run(installation, mode, { model: registry.languageModel('my:smart') });
      expect({ text, kind: decision?.kind, seen: seen.length }).toEqual({
        text: 'Hello there.',
        kind,
        seen: 1,
      });
    },
  );

  test.each(kinds)('R-34: %s in a registry is itself', (kind) => {
    const model = primitives()[kind];
    const provider = sdk.customProvider({ languageModels: { smart: model } });
    expect(sdk.createProviderRegistry({ my: provider }).languageModel('my:smart')).toBe(model);
  });

  test.each(modes)('R-34: reasoning passes through (%s)', async (mode) => {
    const model = primitives(answers('m', { reasoning: 'I think.', text: 'I am.' })).cascade;
    const { text, reasoning } = await run(installation, mode, { model });
    expect({ text, reasoning }).toEqual({ text: 'I am.', reasoning: 'I think.' });
  });
});
