import { describe, expect, test } from 'vitest';
import { installations } from './installations.ts';
import type { Answer } from './mock-answers.ts';
import { modelsOf } from './mock-models.ts';
import { errorOf, modes, run, runObject, toolOf } from './run.ts';

// About 5,000 tokens by any estimator, with 4,096 for the answer: fits 128K, not 6,000.
const long = 'many words make a long request '.repeat(700);
const small = 6000;
const large = '128K';

describe.each(await installations())('ai $major', (installation) => {
  const { sdk, aiAlloy, major } = installation;
  const models = modelsOf(installation);
  // As much as a provider would report of the long prompt: less than its words would be a prompt that was cut off.
  const usage = { input: 5000, output: 2 };
  const answers = (id: string, answer: Answer = { text: id }) => models.answers(id, { usage, ...answer });
  const outputLimit = (tokens: number) => ({ [major === 4 ? 'maxTokens' : 'maxOutputTokens']: tokens });

  const pair = () => {
    const [first, second] = [answers('first'), answers('second')];
    const sized = [
      { model: first, contextWindow: small },
      { model: second, contextWindow: large },
    ] as const;
    const calls = () => [first.calls.length, second.calls.length];
    return { sized, calls };
  };

  describe.each(modes)('%s', (mode) => {
    test('R-21: a cascade skips a step that is too small, with a warning', async () => {
      const { sized, calls } = pair();
      const model = aiAlloy.cascade({ id: 'sized', steps: sized });
      const { text, warnings, decision } = await run(installation, mode, { model, prompt: long });
      expect({ text, calls: calls() }).toEqual({ text: 'second', calls: [0, 1] });
      expect(warnings).toEqual([
        {
          type: 'other',
          message: expect.stringMatching(/cascade "sized" skipped mock\/first: \d+ input/),
        },
      ]);
      expect(decision?.candidates).toMatchObject([
        { id: 'mock/first', fits: false, skipped: 'too-large', ceiling: small },
        { id: 'mock/second', fits: true, ceiling: 131_072 },
      ]);
    });

    test('R-21: warnOnSkip: false leaves the warning out', async () => {
      const { sized } = pair();
      const model = aiAlloy.cascade({ steps: sized, warnOnSkip: false });
      expect(await run(installation, mode, { model, prompt: long })).toMatchObject({ warnings: [] });
    });

    test('R-20: a request that fits goes to the first step, without a warning', async () => {
      const { sized, calls } = pair();
      const model = aiAlloy.cascade({ steps: sized });
      const { text, warnings } = await run(installation, mode, { model });
      expect({ text, warnings, calls: calls() }).toEqual({ text: 'first', warnings: [], calls: [1, 0] });
    });

    test('R-26: a dispatcher picks the first target that can hold the request', async () => {
      const { sized, calls } = pair();
      const model = aiAlloy.dispatcher({ targets: sized });
      const { text, warnings } = await run(installation, mode, { model, prompt: long });
      expect({ text, warnings, calls: calls() }).toEqual({ text: 'second', warnings: [], calls: [0, 1] });
    });

    test('R-17: an alloy refuses what one of its constituents cannot hold, and calls none', async () => {
      const { sized, calls } = pair();
      const model = aiAlloy.alloy({ constituents: sized });
      const error = await errorOf(run(installation, mode, { model, prompt: long, maxRetries: 2 }));
      expect(aiAlloy.ContextWindowExceededError.isInstance(error)).toBe(true);
      expect((error as Error).message).toMatch(/mock\/first: \d+ input \+ 4096 output = \d+ tokens/);
      expect(calls()).toEqual([0, 0]);
    });

    test.each(['cascade', 'dispatcher'])('R-25, R-32: %s refuses what nothing can hold', async (kind) => {
      const members = ['a', 'b'].map((id) => ({ model: answers(id), contextWindow: small }));
      const model =
        kind === 'cascade' ? aiAlloy.cascade({ steps: members }) : aiAlloy.dispatcher({ targets: members });
      const error = await errorOf(run(installation, mode, { model, prompt: long, maxRetries: 2 }));
      expect(aiAlloy.ContextWindowExceededError.isInstance(error)).toBe(true);
      expect((error as Error).message).toMatch(/mock\/a: .*ceiling 6000; mock\/b: .*ceiling 6000/);
      expect((error as Error).message).not.toContain('many words');
      expect(aiAlloy.decisionOf(error)?.candidates).toHaveLength(2);
      expect(members.flatMap((member) => member.model.calls)).toEqual([]);
    });

    test('R-5: fitCheck on a plain model refuses before the model is called', async () => {
      const plain = answers('plain');
      const middleware = aiAlloy.fitCheck({ contextWindow: small });
      const model = sdk.wrapLanguageModel({ model: plain, middleware: middleware as never });
      expect(await run(installation, mode, { model })).toMatchObject({ text: 'plain' });
      const error = await errorOf(run(installation, mode, { model, prompt: long, maxRetries: 2 }));
      expect(aiAlloy.ContextWindowExceededError.isInstance(error)).toBe(true);
      expect(aiAlloy.decisionOf(error)).toMatchObject({ kind: 'fit-check' });
      expect(plain.calls).toHaveLength(1);
    });

    test("R-5: a user's own fit check in a cascade means not eligible", async () => {
      const plain = answers('plain');
      const middleware = aiAlloy.fitCheck({ contextWindow: small }) as never;
      const checked = sdk.wrapLanguageModel({ model: plain, middleware });
      const model = aiAlloy.cascade({ steps: [checked, answers('next')] });
      const { text } = await run(installation, mode, { model, prompt: long });
      expect({ text, calls: plain.calls.length }).toEqual({ text: 'next', calls: 0 });
    });

    test("R-2, R-7: the call's own output limit counts", async () => {
      const { sized } = pair();
      const model = aiAlloy.cascade({
        steps: [{ ...sized[0], maxOutputTokens: 1000 }, sized[1]],
      });
      const { text, decision } = await run(installation, mode, { model, ...outputLimit(1001) });
      expect(text).toBe('second');
      expect(decision?.candidates[0]).toMatchObject({ demand: { output: 1001 }, skipped: 'too-large' });
      expect(await run(installation, mode, { model, ...outputLimit(1000) })).toMatchObject({ text: 'first' });
    });

    test('R-11: tool definitions count', async () => {
      const { sized } = pair();
      const tool = { ...toolOf(installation, 'city', () => ''), description: long };
      const model = aiAlloy.cascade({ steps: sized });
      const { text } = await run(installation, mode, { model, tools: { tool } });
      expect(text).toBe('second');
    });

    test('R-11: the schema of an object counts', async () => {
      const json = '{"city":"Bern"}';
      const [first, second] = [answers('first', { text: json }), answers('second', { text: json })];
      const model = aiAlloy.cascade({
        steps: [
          { model: first, contextWindow: small },
          { model: second, contextWindow: large },
        ],
      });
      const schema = { type: 'object', properties: { city: { type: 'string', description: long } } };
      await runObject(installation, mode, { model, schema });
      expect([first.calls.length, second.calls.length]).toEqual([0, 1]);
    });

    test('R-28, R-34: an alloy in a dispatcher in a cascade, asked and explained', async () => {
      const { sized, calls } = pair();
      const last = answers('last');
      const blend = aiAlloy.alloy({ id: 'blend', constituents: sized, strategy: 'round-robin' });
      const pick = aiAlloy.dispatcher({ id: 'pick', targets: [blend] });
      const model = aiAlloy.cascade({ id: 'all', steps: [pick, last] });

      const short = await run(installation, mode, { model });
      expect({ text: short.text, calls: calls() }).toEqual({ text: 'first', calls: [1, 0] });
      expect(short.decision).toMatchObject({
        answeredBy: 'pick',
        attempts: [
          { decision: { answeredBy: 'blend', attempts: [{ decision: { answeredBy: 'mock/first' } }] } },
        ],
      });

      // The alloy refuses, since one constituent is too small; so the dispatcher isn't eligible either.
      const tooLong = await run(installation, mode, { model, prompt: long });
      expect({ text: tooLong.text, calls: calls() }).toEqual({ text: 'last', calls: [1, 0] });
      expect(tooLong.decision?.candidates[0]).toMatchObject({ id: 'pick', skipped: 'too-large' });
    });
  });

  test('R-38: explain says what a call would, and calls no model', async () => {
    const { sized, calls } = pair();
    const model = aiAlloy.dispatcher({ id: 'sized', targets: sized });
    const explained = await aiAlloy.explain(model, { prompt: long });
    expect(calls()).toEqual([0, 0]);
    expect(explained).toMatchObject({ id: 'sized', kind: 'dispatcher', reason: 'first-fit' });
    const { decision } = await run(installation, 'generate', { model, prompt: long });
    expect(explained.candidates).toEqual(decision?.candidates);
    expect(explained.order).toEqual(decision?.order);
    expect('attempts' in explained).toBe(false);
  });

  test('R-38: explain takes messages, tools and images like generateText', async () => {
    const { sized } = pair();
    const model = aiAlloy.cascade({ steps: sized });
    const candidatesFor = async (options: object) =>
      (await aiAlloy.explain(model, options as never)).candidates[0]!.demand.input;
    const image = { type: 'image', image: new Uint8Array([137, 80, 78, 71]) };
    const text = { type: 'text', text: 'What is this?' };
    const bare = await candidatesFor({ messages: [{ role: 'user', content: [text] }] });
    const withImage = await candidatesFor({ messages: [{ role: 'user', content: [text, image] }] });
    const tools = { tool: toolOf(installation, 'city', () => '') };
    const withTool = await candidatesFor({ messages: [{ role: 'user', content: [text] }], tools });
    expect(withImage).toBeGreaterThan(bare);
    expect(withTool).toBeGreaterThan(bare);
  });

  test('R-38: explain of something else is an error', async () => {
    const error = await errorOf(aiAlloy.explain(answers('plain') as never, { prompt: 'Hi' }));
    expect(aiAlloy.InvalidConfigurationError.isInstance(error)).toBe(true);
  });
});
