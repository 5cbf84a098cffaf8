import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { AcceptAnswer, Answer } from '../../src/index.ts';
import { installations } from './installations.ts';
import { partsOf, resultOf, type Part } from './mock-answers.ts';
import { modelsOf, streamOf } from './mock-models.ts';
import { errorOf, modes, run, runObject } from './run.ts';

const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

const ajv = new Ajv();
/** Validates what the call asks for: its own schema. */
const isValidJson: AcceptAnswer = ({ text, schema: own }) => {
  if (!own) return true;
  const isValid = ajv.compile(own);
  return isValid(JSON.parse(text)) === true || ajv.errorsText(isValid.errors);
};

const options = { afterContent: 'buffer', acceptAnswer: isValidJson } as const;
const good = '{"city":"Lisbon"}';

describe.each(await installations())('ai $major', (installation) => {
  const { aiAlloy, native } = installation;
  const { answers, behaves } = modelsOf(installation);

  describe.each(modes)('%s', (mode) => {
    test.each([
      ['broken JSON', '{"city":'],
      ['other JSON', '{"town":"Lisbon"}'],
    ])('R-43: an object of %s falls over to the next member', async (_, text) => {
      const model = aiAlloy.cascade({
        ...options,
        steps: [answers('bad', { text }), answers('good', { text: good })],
      });
      const { object, decision } = await runObject(installation, mode, { model, schema });
      expect(object).toEqual({ city: 'Lisbon' });
      expect(decision).toMatchObject({
        outcome: 'answered',
        answeredBy: 'mock/good',
        attempts: [
          { failure: 'rejected', reason: expect.any(String), usage: { inputTokens: 7, outputTokens: 2 } },
          { outcome: 'answered' },
        ],
      });
    });

    test('R-43: a text falls over; what is not asked for by a schema is accepted', async () => {
      const acceptAnswer = ({ text }: Answer): boolean => !text.includes('sorry');
      const steps = [answers('bad', { text: 'I am sorry, no.' }), answers('good')];
      const polite = aiAlloy.cascade({ ...options, acceptAnswer, steps });
      expect((await run(installation, mode, { model: polite })).text).toBe('good');
      const free = aiAlloy.cascade({ ...options, steps });
      expect((await run(installation, mode, { model: free })).text).toBe('I am sorry, no.');
    });

    test('R-43: all rejected: the kind is rejected, and every reason is there', async () => {
      const steps = [answers('a', { text: 'no' }), answers('b', { text: '{}' })];
      const model = aiAlloy.cascade({ ...options, steps });
      const error = await errorOf(runObject(installation, mode, { model, schema, maxRetries: 2 }));
      expect(aiAlloy.AllAttemptsFailedError.isInstance(error)).toBe(true);
      expect(aiAlloy.failureOf(error).kind).toBe('rejected');
      expect(aiAlloy.decisionOf(error)!.attempts).toMatchObject([
        { failure: 'rejected', reason: expect.stringContaining('JSON') },
        { failure: 'rejected', reason: expect.stringContaining("required property 'city'") },
      ]);
    });

    test('R-43: the answer has one form', async () => {
      const seen: Answer[] = [];
      const acceptAnswer = (answer: Answer): boolean => Boolean(seen.push(answer));
      const answer = {
        reasoning: 'Let me think.',
        text: 'Look.',
        toolCall: { name: 'look', input: { at: 'it' } },
      } as const;
      const model = behaves('m', {
        generate: () => resultOf(native, answer),
        stream: () => streamOf(partsOf(native, answer)),
      });
      const primitive = aiAlloy.cascade({ ...options, acceptAnswer, steps: [model] });
      await (mode === 'generate' ? primitive.doGenerate(call) : read(await primitive.doStream(call)));
      expect(seen).toEqual([
        {
          text: 'Look.',
          reasoning: 'Let me think.',
          toolCalls: [{ toolCallId: 'call-look', toolName: 'look', input: { at: 'it' } }],
          finishReason: 'tool-calls',
          usage: { inputTokens: 7, outputTokens: 2 },
          warnings: [],
          schema: undefined,
          call,
          member: 'mock/m',
        },
      ]);
    });
  });

  // Only ai 4 asks for objects by a tool call.
  test.each(native === 'v1' ? modes : [])('R-43: an object by a tool call, of ai 4: %s', async (mode) => {
    const byTool = (id: string, input: object) => {
      const answer = { toolCall: { name: 'json', input } };
      const [toolCall, finish] = partsOf(native, answer) as [Part, Part];
      // streamObject reads the deltas, which providers send before the whole call.
      const delta = { ...toolCall, type: 'tool-call-delta', argsTextDelta: toolCall['args'] };
      const stream = () => streamOf([delta, toolCall, finish]);
      const model = behaves(id, { generate: () => resultOf(native, answer), stream });
      return Object.assign(model, { defaultObjectGenerationMode: 'tool' });
    };
    const steps = [byTool('bad', { town: 1 }), byTool('good', { city: 'Oslo' })];
    const model = aiAlloy.cascade({ ...options, steps });
    const { object, decision } = await runObject(installation, mode, { model, schema });
    expect(object).toEqual({ city: 'Oslo' });
    expect(decision!.attempts).toMatchObject([{ failure: 'rejected' }, { outcome: 'answered' }]);
  });

  test('R-43: a stream that is not buffered is not checked, and a call warning says so', async () => {
    const model = aiAlloy.cascade({ acceptAnswer: () => false, steps: [answers('a')] });
    const { text, warnings } = await run(installation, 'stream', { model });
    expect(text).toBe('a');
    expect(warnings).toMatchObject([
      { type: 'other', message: expect.stringContaining("afterContent: 'buffer'") },
    ]);
  });
});

// The options of a call that all four specifications accept.
const call = {
  inputFormat: 'prompt',
  mode: { type: 'regular' },
  prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
} as never;

async function read({ stream }: { readonly stream: ReadableStream<unknown> }): Promise<void> {
  for await (const _ of stream);
}
