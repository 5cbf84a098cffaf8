import { wrapLanguageModel } from 'ai';
import { describe, expect, it, vi } from 'vitest';
import {
  cascade,
  decisionOf,
  defaultFallThroughOn,
  dispatcher,
  PromptTruncatedError,
  type CascadeOptions,
  type RoutingModel,
} from '../src/index.ts';
import { answers, callOf, errorOf, partsOf, reports, type Part } from './support/models.ts';

const longText = 'a word '.repeat(1000); // 2,000 words, so 2,000 tokens at least
const numbers = { reported: 1024, sent: 2000 };
const words = /at least 2000 tokens were sent, and the provider reports 1024/;

const modes = ['generate', 'stream'] as const;

/** What a call resolves to, in both modes alike. */
async function outcomeOf(model: RoutingModel, mode: (typeof modes)[number], text = longText) {
  if (mode === 'generate') {
    const result = await model.doGenerate(callOf(text));
    return { warnings: result.warnings, decision: decisionOf(result), parts: undefined };
  }
  const parts = await partsOf(model, callOf(text));
  const start = parts.find((part) => part.type === 'stream-start');
  return { warnings: start!.warnings, decision: decisionOf(parts.at(-1)), parts };
}

describe.each(modes)('a prompt that somebody cut off (%s)', (mode) => {
  const short = (options: Partial<CascadeOptions> = {}): RoutingModel =>
    cascade({ steps: [reports('short', 1024)], ...options });

  it('R-38: becomes a call warning, and stands in the decision', async () => {
    const { warnings, decision } = await outcomeOf(short(), mode);
    expect(decision).toMatchObject({ truncated: numbers, answeredBy: 'mock/short' });
    expect(warnings).toEqual([{ type: 'other', message: expect.stringMatching(words) }]);
  });

  it('R-38: shows in the decisions of all levels, and warns once in each', async () => {
    const model = dispatcher({ targets: [short()] });
    const { warnings, decision } = await outcomeOf(model, mode);
    expect(decision).toMatchObject({ truncated: numbers, attempts: [{ decision: { truncated: numbers } }] });
    expect(warnings).toHaveLength(1);
  });

  it('is nobody’s business with `ignore`', async () => {
    const { warnings, decision } = await outcomeOf(short({ onTruncation: 'ignore' }), mode);
    expect(decision!.truncated).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it('is no alarm as long as the tokens can be all of it', async () => {
    const { warnings, decision } = await outcomeOf(cascade({ steps: [reports('m', 2000)] }), mode);
    expect(decision!.truncated).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it('is no alarm for what a provider executed, nor after edits that it was asked for', async () => {
    const value = Array.from({ length: 20 }, () => longText);
    const part = {
      type: 'tool-result',
      toolCallId: '1',
      toolName: 'search',
      output: { type: 'json', value },
    };
    const call = callOf('Hello!');
    call.prompt.push({ role: 'assistant', content: [part as never] });
    const model = cascade({ steps: [reports('m', 900)] });
    expect(decisionOf(await model.doGenerate(call))!.truncated).toBeUndefined();
    const edited = reports('m', 900);
    const answer = await edited.doGenerate(call);
    const contextManagement = { appliedEdits: [{ type: 'clear_tool_uses_20250919' }] };
    edited.doGenerate = async () => ({ ...answer, providerMetadata: { anthropic: { contextManagement } } });
    const result = await cascade({ steps: [edited] }).doGenerate(callOf(longText));
    expect(decisionOf(result)!.truncated).toBeUndefined();
  });

  it('is no alarm for a few words, which no server cuts off: a mock may report anything', async () => {
    const { decision } = await outcomeOf(cascade({ steps: [reports('m', 7)] }), mode, 'a word '.repeat(50));
    expect(decision!.truncated).toBeUndefined();
  });

  it.each([0, undefined, Number.NaN])('is no alarm where the provider reports %s', async (input) => {
    const { decision } = await outcomeOf(cascade({ steps: [reports('m', input as number)] }), mode);
    expect(decision!.truncated).toBeUndefined();
  });

  it('is no alarm for a prompt from the cache', async () => {
    const cached = { total: undefined, noCache: 12, cacheRead: 1500, cacheWrite: 600 };
    const { decision } = await outcomeOf(cascade({ steps: [reports('m', cached)] }), mode);
    expect(decision!.truncated).toBeUndefined();
  });

  it('is no alarm for what a provider may leave out: reasoning, tools, media', async () => {
    const model = cascade({ steps: [reports('m', 20)] });
    const call = {
      ...callOf('Hello!'),
      tools: [{ type: 'function' as const, name: 'x', description: longText, inputSchema: {} }],
    };
    call.prompt.push({ role: 'assistant', content: [{ type: 'reasoning', text: longText }] });
    call.prompt.push({
      role: 'user',
      content: [{ type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'A'.repeat(1e5) } }],
    });
    expect(decisionOf(await model.doGenerate(call))!.truncated).toBeUndefined();
  });
});

describe("onTruncation: 'error'", () => {
  const strict = (options: Partial<CascadeOptions> = {}): RoutingModel =>
    cascade({ id: 'strict', steps: [reports('short', 1024)], onTruncation: 'error', ...options });

  it('rejects generate, with the decision behind it', async () => {
    const error = await errorOf(strict().doGenerate(callOf(longText)));
    expect(PromptTruncatedError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ ...numbers, message: expect.stringMatching(words) });
    expect(decisionOf(error)).toMatchObject({
      truncated: numbers,
      attempts: [{ id: 'mock/short', outcome: 'failed', failure: 'truncated' }],
    });
    expect(decisionOf(error)!.answeredBy).toBeUndefined();
  });

  it('ends a stream with an error part, and a finish that says so', async () => {
    const onDecision = vi.fn();
    const parts = await partsOf(strict({ onDecision }), callOf(longText));
    expect(parts.filter(({ type }) => type === 'text-delta')).toHaveLength(1);
    expect(parts.at(-1)).toMatchObject({
      type: 'finish',
      finishReason: { unified: 'error' },
      usage: { inputTokens: { total: 1024 } },
    });
    const last = parts.at(-2) as Extract<Part, { type: 'error' }>;
    expect(PromptTruncatedError.isInstance(last.error)).toBe(true);
    expect(onDecision).toHaveBeenCalledTimes(1);
    expect(onDecision.mock.calls[0]![0]).toMatchObject({
      truncated: numbers,
      attempts: [{ failure: 'truncated' }],
    });
    expect(decisionOf(last.error)).toBe(onDecision.mock.calls[0]![0]);
  });

  it('can lead on to the next step, whose answer is whole', async () => {
    const model = strict({
      steps: [reports('short', 1024), reports('long', 3000)],
      fallThroughOn: [...defaultFallThroughOn, 'truncated'],
    });
    const { answeredBy, truncated, attempts } = decisionOf(await model.doGenerate(callOf(longText)))!;
    expect({ answeredBy, truncated, first: attempts![0]!.failure }).toEqual({
      answeredBy: 'mock/long',
      truncated: undefined,
      first: 'truncated',
    });
  });

  it('of an outer primitive holds for nested ones, too', async () => {
    const inner = cascade({ id: 'inner', steps: [reports('short', 1024)] });
    const model = dispatcher({ id: 'outer', targets: [inner], onTruncation: 'error' });
    const error = await errorOf(model.doGenerate(callOf(longText)));
    expect(PromptTruncatedError.isInstance(error)).toBe(true);
    expect(decisionOf(error)).toMatchObject({
      id: 'outer',
      truncated: numbers,
      attempts: [{ id: 'inner', failure: 'truncated', decision: { answeredBy: 'mock/short' } }],
    });
    const last = (await partsOf(model, callOf(longText))).at(-2) as Extract<Part, { type: 'error' }>;
    expect(PromptTruncatedError.isInstance(last.error)).toBe(true);
  });

  it('of a wrapped primitive is told once, and keeps its decision', async () => {
    const wrap = (inner: RoutingModel): never =>
      wrapLanguageModel({
        model: inner,
        middleware: { specificationVersion: 'v4', transformParams: async ({ params }) => params },
      }) as never;
    const inner = cascade({ id: 'inner', steps: [reports('short', 1024)] });
    for (const mode of modes) {
      const { warnings, decision } = await outcomeOf(cascade({ steps: [wrap(inner)] }), mode);
      expect(warnings).toHaveLength(1);
      expect(decision!.truncated).toEqual(numbers);
      const ignoring = await outcomeOf(cascade({ steps: [inner], onTruncation: 'ignore' }), mode);
      expect(ignoring.decision!.truncated).toBeUndefined();
      expect(ignoring.decision!.attempts![0]!.decision!.truncated).toEqual(numbers);
    }
    const error = await errorOf(
      cascade({ steps: [wrap(inner)], onTruncation: 'error' }).doGenerate(callOf(longText)),
    );
    expect(decisionOf(error)!.attempts).toMatchObject([{ failure: 'truncated', decision: { id: 'inner' } }]);
  });

  it('an attempt that failed so keeps what it used', async () => {
    const error = await errorOf(strict().doGenerate(callOf(longText)));
    expect(decisionOf(error)!.attempts![0]!.usage).toEqual({ inputTokens: 1024, outputTokens: 2 });
  });

  it('passes through an outer primitive like any error', async () => {
    const model = dispatcher({ targets: [strict()] });
    const error = await errorOf(model.doGenerate(callOf(longText)));
    expect(PromptTruncatedError.isInstance(error)).toBe(true);
    const last = (await partsOf(model, callOf(longText))).at(-2);
    expect(last).toMatchObject({ type: 'error' });
  });
});

it.each(['throw', true, null])('onTruncation: %j is an error at construction', (onTruncation) => {
  expect(() => cascade({ steps: [answers('m')], onTruncation: onTruncation as never })).toThrow(
    /onTruncation is .*use one of "warn", "error", "ignore"/,
  );
});
