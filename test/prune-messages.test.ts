import * as ai from 'ai';
import * as ai5 from 'ai-v5';
import * as ai6 from 'ai-v6';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cascade, type Shorten } from '../src/index.ts';
import { answers, type Call } from './support/models.ts';

type Prune = Omit<Parameters<typeof ai.pruneMessages>[0], 'messages'>;

/** One turn: a question, calls of tools with their results, and an answer. */
const turn = fc
  .record({
    id: fc.uuid(),
    tools: fc.uniqueArray(fc.constantFrom('read', 'write', 'search'), { maxLength: 3 }),
    thinks: fc.boolean(),
    speaks: fc.boolean(),
  })
  .map(({ id, tools, thinks, speaks }): ai.ModelMessage[] => {
    const calls = tools.map((toolName) => ({ toolCallId: `${id}-${toolName}`, toolName }));
    const output = { type: 'text' as const, value: 'a result' };
    const content = [
      ...(thinks ? [{ type: 'reasoning' as const, text: 'thinking' }] : []),
      ...(speaks || calls.length === 0 ? [{ type: 'text' as const, text: 'let me see' }] : []),
      ...calls.map((call) => ({ type: 'tool-call' as const, ...call, input: { a: 1 } })),
    ];
    const results = calls.map((call) => ({ type: 'tool-result' as const, ...call, output }));
    return [
      { role: 'user', content: 'a question' },
      { role: 'assistant', content },
      ...(results.length > 0 ? [{ role: 'tool' as const, content: results }] : []),
    ];
  });

const conversation = fc
  .array(turn, { minLength: 1, maxLength: 5 })
  .map((turns): ai.ModelMessage[] => [...turns.flat(), { role: 'user', content: 'the last question' }]);

const range = fc.constantFrom(
  'all' as const,
  'before-last-message' as const,
  'before-last-2-messages' as const,
  'before-last-4-messages' as const,
);
const pruning: fc.Arbitrary<Prune> = fc.record({
  reasoning: fc.constantFrom('all', 'before-last-message', 'none'),
  toolCalls: fc.oneof(
    range,
    fc.constant('none' as const),
    fc.array(fc.record({ type: range, tools: fc.constant<string[]>(['read', 'search']) }), { maxLength: 2 }),
  ),
  emptyMessages: fc.constant('remove' as const),
});

/** The prompt that a version of the AI SDK makes of messages for a model. */
async function promptOf(sdk: typeof ai, specificationVersion: string, messages: ai.ModelMessage[]) {
  let prompt: unknown;
  const model = {
    specificationVersion,
    provider: 'test',
    modelId: 'test',
    supportedUrls: {},
    async doGenerate(call: Call): Promise<never> {
      ({ prompt } = call);
      throw new Error('that is all');
    },
  };
  await sdk.generateText({ model: model as never, messages, maxRetries: 0 }).catch(() => undefined);
  return prompt as ai.ModelMessage[];
}

describe('R-47: pruneMessages in shorten', () => {
  // docs/too-long.md says so: the parts that it looks at are the same in a prompt.
  it.each([
    ['ai 5', ai5, 'v2'],
    ['ai 6', ai6, 'v3'],
    ['ai 7', ai, 'v4'],
  ])('%s leaves out of a prompt what it leaves out of the messages', async (_, imported, version) => {
    const sdk = imported as unknown as typeof ai;
    await fc.assert(
      fc.asyncProperty(conversation, pruning, async (messages, options) => {
        const ofPrompt = sdk.pruneMessages({ ...options, messages: await promptOf(sdk, version, messages) });
        const ofMessages = sdk.pruneMessages({ ...options, messages });
        expect(ofPrompt).toEqual(await promptOf(sdk, version, ofMessages));
      }),
    );
  });

  it('the pruned call is sent, and the kept calls have their results', async () => {
    const shorten: Shorten = ({ prompt, ...call }) => {
      const messages = prompt as ai.ModelMessage[];
      const pruned = ai.pruneMessages({ messages, toolCalls: 'before-last-2-messages' });
      return { ...call, prompt: pruned as typeof prompt };
    };
    const step = (toolCallId: string): ai.ModelMessage[] => {
      const output = { type: 'text' as const, value: 'word '.repeat(6000) };
      return [
        { role: 'assistant', content: [{ type: 'tool-call', toolCallId, toolName: 'read', input: {} }] },
        { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName: 'read', output }] },
      ];
    };
    const model = answers('a');
    await ai.generateText({
      model: cascade({ steps: [{ model, contextWindow: 16_000 }], shorten }),
      messages: [{ role: 'user', content: 'Read both.' }, ...step('1'), ...step('2')],
    });
    const [{ prompt }] = model.doGenerateCalls as [Call];
    expect(prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    expect(JSON.stringify(prompt.slice(1)).match(/"toolCallId":"."/g)).toEqual([
      '"toolCallId":"2"',
      '"toolCallId":"2"',
    ]);
  });
});
