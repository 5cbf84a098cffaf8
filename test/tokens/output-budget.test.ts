import { wrapLanguageModel } from 'ai';
import { describe, expect, it, test } from 'vitest';
import { cascade, ContextWindowExceededError, decisionOf, fitCheck, type Decision } from '../../src/index.ts';
import type { Provided } from '../../src/sdk/provided.ts';
import { outputBudgetOf } from '../../src/tokens/output-budget.ts';
import { answers, callOf, callOfTokens, callsOf, errorOf } from '../support/models.ts';

const budget = (model: Provided, { own, most }: { own?: number; most?: number } = {}): unknown =>
  Object.values(outputBudgetOf(own, most === undefined ? {} : { maxOutputTokens: most }, model));

const claude = (modelId: string, specificationVersion = 'v4', provider = 'anthropic.messages'): Provided => ({
  specificationVersion,
  provider,
  modelId,
});
const sonnet4 = claude('claude-sonnet-4-20250514');

describe('the output budget', () => {
  it('R-2: declared, else what the provider package sends, else 4,096', () => {
    expect(budget(sonnet4, { own: 100 })).toEqual([100, 'default-output-tokens']);
    expect(budget(sonnet4)).toEqual([64_000, 'provider']);
    expect(budget({})).toEqual([4096, 'built-in']);
  });

  it("R-2: never more than the member's own limit, which it then comes from", () => {
    expect(budget(sonnet4, { most: 64_000 })).toEqual([64_000, 'provider']);
    expect(budget(sonnet4, { most: 8000 })).toEqual([8000, 'max-output-tokens']);
    expect(budget({}, { most: 10 })).toEqual([10, 'max-output-tokens']);
    expect(budget({}, { own: 20, most: 10 })).toEqual([10, 'max-output-tokens']);
  });

  test.each([
    [claude('claude-sonnet-4-0'), 64_000],
    [claude('claude-opus-4-20250514'), 32_000],
    [claude('claude-opus-4-1'), 32_000],
    [claude('claude-opus-4-1-20250805', 'v3'), 32_000],
    [claude('claude-3-7-sonnet-20250219', 'v2'), 64_000],
    [claude('us.anthropic.claude-sonnet-4-20250514-v1:0', 'v4', 'bedrock.anthropic.messages'), 64_000],
    [claude('claude-opus-4@20250514', 'v4', 'googleVertex.anthropic.messages'), 32_000],
    [claude('claude-opus-4-1@20250805', 'v3', 'vertex.anthropic.messages'), 32_000],
  ])('R-2: %o is sent %i', (model, tokens) => {
    expect(budget(model)).toEqual([tokens, 'provider']);
  });

  test.each([
    claude('claude-sonnet-4-20250514', 'v1'), // 4,096
    claude('claude-3-7-sonnet-20250219'), // 4,096
    claude('claude-sonnet-4@20250514', 'v3', 'vertex.anthropic.messages'), // an unknown model to it
    claude('claude-sonnet-4-5'), // not held against the window
    claude('claude-opus-4-6'),
    claude('claude-opus-5'),
    claude('us.anthropic.claude-sonnet-4-20250514-v1:0', 'v4', 'amazon-bedrock'), // sends none
    claude('anthropic/claude-sonnet-4', 'v4', 'gateway'),
    claude('anthropic/claude-sonnet-4-0', 'v4', 'openrouter.chat'),
    claude('MiniMax-M2'),
  ])('R-2: nothing is known of %o', (model) => {
    expect(budget(model)).toEqual([4096, 'built-in']);
  });
});

describe('the output budget of a call', () => {
  const contextWindow = 200_000;
  const old = answers('claude-sonnet-4-20250514', 'anthropic.messages');
  const demandIn = (decision: Decision | undefined) => decision!.candidates[0]!.demand;

  it('R-2: the decision says where it comes from', async () => {
    const outputFor = async (options: object, limit?: number) => {
      const model = cascade({ steps: [{ model: old, contextWindow, ...options }] });
      const call = callOf('Hi', limit === undefined ? {} : { maxOutputTokens: limit });
      const { output, outputFrom } = demandIn(decisionOf(await model.doGenerate(call as never)));
      return [output, outputFrom];
    };
    expect(await outputFor({}, 99)).toEqual([99, 'call']);
    expect(await outputFor({})).toEqual([64_000, 'provider']);
    expect(await outputFor({ defaultOutputTokens: 99 })).toEqual([99, 'default-output-tokens']);
    expect(await outputFor({ maxOutputTokens: 99 })).toEqual([99, 'max-output-tokens']);
  });

  it("R-2: a primitive's defaultOutputTokens stands for its members as well", async () => {
    const model = cascade({ defaultOutputTokens: 77, steps: [{ model: old, contextWindow }] });
    const { output, outputFrom } = demandIn(decisionOf(await model.doGenerate(callOf('Hi') as never)));
    expect([output, outputFrom]).toEqual([77, 'default-output-tokens']);
  });

  it('R-2, R-21: what the API would reject is not sent; Claude 4.5 takes it', async () => {
    const earlier = answers('claude-sonnet-4-20250514', 'anthropic.messages');
    const later = answers('claude-sonnet-4-5', 'anthropic.messages');
    const steps = [earlier, later].map((model) => ({ model, contextWindow }));
    const call = callOfTokens(120_000) as never; // × 1.25 = 150,000; + 64,000 is above 200,000
    const { candidates, answeredBy } = decisionOf(await cascade({ steps }).doGenerate(call))!;
    expect(answeredBy).toBe('anthropic.messages/claude-sonnet-4-5');
    expect(candidates.map(({ skipped, demand: { outputFrom } }) => [skipped, outputFrom])).toEqual([
      ['too-large', 'provider'],
      [undefined, 'built-in'],
    ]);
    expect(callsOf(earlier)).toBe(0);
  });

  it('R-2: the error says that it is the provider who asks for so much, and what to do', async () => {
    const messageFor = async (options: object, limit?: number): Promise<string> => {
      const model = cascade({ steps: [{ model: old, contextWindow: 32_000, ...options }] });
      const call = callOf('Hi', limit === undefined ? {} : { maxOutputTokens: limit });
      const error = await errorOf(model.doGenerate(call as never));
      expect(ContextWindowExceededError.isInstance(error)).toBe(true);
      return (error as Error).message;
    };
    const sent = await messageFor({});
    expect(sent).toContain('64000 output');
    expect(sent).toContain(
      'its provider package sends max_tokens 64000 where a call sets no maxOutputTokens',
    );
    expect(sent).toContain('reaches the ceiling (set maxOutputTokens for the call)');
    expect(await messageFor({}, 40_000)).toContain("reaches the ceiling (lower the call's maxOutputTokens)");
    expect(await messageFor({ defaultOutputTokens: 40_000 })).toContain('(lower defaultOutputTokens)');
  });

  it('R-5: the middleware reserves the same', async () => {
    const model = wrapLanguageModel({ model: old, middleware: fitCheck({ contextWindow: 64_000 }) });
    const error = await errorOf(model.doGenerate(callOf('Hi')));
    expect(demandIn(decisionOf(error))).toMatchObject({ output: 64_000, outputFrom: 'provider' });
    const declared = fitCheck({ contextWindow: 64_000, defaultOutputTokens: 100 });
    await wrapLanguageModel({ model: old, middleware: declared }).doGenerate(callOf('Hi'));
  });
});
