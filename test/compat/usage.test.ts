import { describe, expect, test } from 'vitest';
import { installations } from './installations.ts';
import { partsOf, resultOf } from './mock-answers.ts';
import { modelsOf, streamOf } from './mock-models.ts';
import { errorOf, modes, optionsOf, run } from './run.ts';

const prompt = 'many words make a long request '.repeat(500); // 3,000 words
const growth = [
  { role: 'assistant', content: 'Fine.' },
  { role: 'user', content: 'And now?' },
];

describe.each(await installations())('ai $major', (installation) => {
  const { sdk, aiAlloy, native } = installation;
  const { answers, behaves } = modelsOf(installation);
  const answering = (input: number, text = 'Fine.') => answers('m', { text, usage: { input, output: 2 } });

  describe.each(modes)('%s', (mode) => {
    test('R-38: a prompt that was cut off is an AI SDK warning, and stands in the decision', async () => {
      const model = aiAlloy.cascade({ id: 'c', steps: [answering(2048)] });
      const { text, warnings, decision } = await run(installation, mode, { model, prompt });
      expect(text).toBe('Fine.');
      expect(decision?.truncated).toEqual({ reported: 2048, sent: 3000 });
      expect(warnings).toEqual([
        {
          type: 'other',
          message: expect.stringMatching(
            /^ai-alloy: cascade "c": mock\/m: .* 3000 tokens were sent.* reports 2048\./,
          ),
        },
      ]);
    });

    test('onTruncation: error rejects, and leaves nothing pending', async () => {
      const model = aiAlloy.cascade({ steps: [answering(2048)], onTruncation: 'error' });
      const error = await errorOf(run(installation, mode, { model, prompt }));
      expect(aiAlloy.PromptTruncatedError.isInstance(error)).toBe(true);
      expect(aiAlloy.decisionOf(error)).toMatchObject({
        truncated: { reported: 2048, sent: 3000 },
        attempts: [{ failure: 'truncated' }],
      });
    });

    test('R-38: no alarm for a prompt from the cache, as Anthropic reports it under this ai', async () => {
      const metadata = { anthropic: { cacheCreationInputTokens: 400, cacheReadInputTokens: 3500 } };
      const cached = {
        v1: { usage: { promptTokens: 12, completionTokens: 2 }, providerMetadata: metadata },
        v2: {
          usage: { inputTokens: 12, outputTokens: 2, totalTokens: 14, cachedInputTokens: 3500 },
          providerMetadata: metadata,
        },
        v3: { usage: usageOf({ total: 3912, noCache: 12, cacheRead: 3500, cacheWrite: 400 }) },
        v4: { usage: usageOf({ total: 3912, noCache: 12, cacheRead: 3500, cacheWrite: 400 }) },
      }[native];
      const model = behaves('claude', {
        generate: () => ({ ...resultOf(native, { text: 'Fine.' }), ...cached }),
        stream: () =>
          streamOf(
            partsOf(native, { text: 'Fine.' }).map((part) =>
              part.type === 'finish' ? { ...part, ...cached } : part,
            ),
          ),
      });
      const primitive = aiAlloy.cascade({ steps: [{ model, contextWindow: 200_000 }] });
      const { warnings, decision } = await run(installation, mode, { model: primitive, prompt });
      expect({ warnings, truncated: decision?.truncated }).toEqual({ warnings: [], truncated: undefined });
      // And the next turn builds on all of it.
      const messages = [{ role: 'user', content: prompt }, ...growth];
      const next = await run(installation, mode, { model: primitive, messages });
      const { input, basis } = next.decision!.candidates[0]!.demand;
      expect(basis).toBe('anchored');
      expect(input - 3912).toBeGreaterThan(8);
      expect(input - 3912).toBeLessThan(20);
    });

    test('R-2: the next turn builds on what was reported, in a tool loop’s prompts and a chat’s', async () => {
      const model = aiAlloy.cascade({ steps: [{ model: answering(9000), contextWindow: '32K' }] });
      const first = `${prompt}${mode}`;
      await run(installation, mode, { model, prompt: first });
      const messages = [{ role: 'user', content: first }, ...growth];
      const { decision } = await run(installation, mode, { model, messages });
      const { input, basis } = decision!.candidates[0]!.demand;
      expect({ basis, isMore: input > 9000, isLittleMore: input < 9020 }).toEqual({
        basis: 'anchored',
        isMore: true,
        isLittleMore: true,
      });
    });
  });

  test('onTruncation: error ends a stream with an error part', async () => {
    const model = aiAlloy.cascade({ steps: [answering(2048)], onTruncation: 'error' });
    const types: string[] = [];
    for await (const { type } of sdk.streamText(optionsOf(installation, { model, prompt })).fullStream) {
      types.push(type);
    }
    expect(types).toContain('text-delta');
    expect(types).toContain('error');
    expect(types.indexOf('error')).toBeGreaterThan(types.indexOf('text-delta'));
  });
});

function usageOf(inputTokens: object): object {
  return { inputTokens, outputTokens: { total: 2, text: 2, reasoning: 0 } };
}
