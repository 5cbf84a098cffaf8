import { generateText, RetryError, streamText, tool } from 'ai';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import {
  alloy,
  cascade,
  decisionOf,
  dispatcher,
  explain,
  onDecision,
  type Decision,
  type RoutingModel,
} from '../src/index.ts';
import {
  answers,
  apiError,
  callOf,
  callOfTokens,
  callsOf,
  errorOf,
  fails,
  generated,
  partsOf,
  streamed,
  streams,
  stop,
  usage,
  type Part,
} from './support/models.ts';

const failing = (): RoutingModel =>
  cascade({
    id: 'kimi',
    steps: [
      { model: answers('small'), contextWindow: 4100 },
      { model: fails('down'), contextWindow: '1M' },
      answers('up'),
    ],
  });

const expected = {
  id: 'kimi',
  kind: 'cascade',
  reason: 'declared-order',
  candidates: [
    {
      id: 'mock/small',
      model: 'mock/small',
      ceiling: 4100,
      fits: false,
      demand: { input: 100, output: 4096, estimator: 'guarded-char-ratio(3.5, 1.1)', basis: 'estimate' },
      skipped: 'too-large',
    },
    { id: 'mock/down', ceiling: 1_048_576, fits: true },
    { id: 'mock/up', ceiling: null, fits: true },
  ],
  order: ['mock/down', 'mock/up'],
  attempts: [
    {
      id: 'mock/down',
      startedAt: expect.any(Number),
      outcome: 'failed',
      failure: 'server-error',
      statusCode: 503,
      durationMs: expect.any(Number),
    },
    { id: 'mock/up', outcome: 'answered', durationMs: expect.any(Number) },
  ],
  answeredBy: 'mock/up',
};

describe('R-38: the same record everywhere', () => {
  it('on results, for hooks, once per call', async () => {
    const seen: Decision[] = [];
    const model = cascade({
      id: 'kimi',
      steps: [
        { model: answers('small'), contextWindow: 4100 },
        { model: fails('down'), contextWindow: '1M' },
        answers('up'),
      ],
      onDecision: (decision) => seen.push(decision),
    });
    const result = await model.doGenerate(callOfTokens(100));
    expect(result.providerMetadata?.['ai-alloy']).toMatchObject(expected);
    expect(seen).toEqual([decisionOf(result)]);
    const finish = (await partsOf(model, callOfTokens(100))).at(-1)!;
    expect(finish).toMatchObject({ type: 'finish', providerMetadata: { 'ai-alloy': expected } });
    expect(seen).toHaveLength(2);
    expect(seen[1]).toEqual(decisionOf(finish));
  });

  it('is plain JSON without the prompt', async () => {
    const result = await failing().doGenerate(callOf('the secret prompt '.repeat(10)));
    const decision = decisionOf(result);
    expect(JSON.parse(JSON.stringify(decision))).toStrictEqual(decision);
    expect(JSON.stringify(decision)).not.toContain('secret');
  });

  it('keeps the metadata of the member', async () => {
    const model = answers('m');
    model.doGenerate = async () => ({
      content: [{ type: 'text', text: 'x' }],
      finishReason: stop,
      usage,
      warnings: [],
      providerMetadata: { openai: { id: 'r1' } },
    });
    const { providerMetadata } = await cascade({ steps: [model] }).doGenerate(callOf('Hi'));
    expect(Object.keys(providerMetadata!)).toEqual(['openai', 'ai-alloy']);
  });

  it("behind errors: our own, unchanged ones, and the SDK's RetryError", async () => {
    const retried = await errorOf(
      generateText({
        model: cascade({ id: 'two', steps: [fails('a'), fails('b')] }),
        prompt: 'Hi',
        maxRetries: 1,
      }),
    );
    expect(retried).toSatisfy(RetryError.isInstance);
    expect(decisionOf(retried)).toMatchObject({
      id: 'two',
      attempts: [{ failure: 'server-error' }, { failure: 'server-error' }],
    });
    expect(decisionOf(new Error('wrapped', { cause: retried }))?.id).toBe('two');
    expect(decisionOf({ type: 'error', error: retried })?.id).toBe('two'); // a part of a fullStream, an event
    expect(decisionOf({ 'ai-alloy': 'something else' })).toBeUndefined();
    expect(
      decisionOf(await errorOf(generated(cascade({ id: 'one', steps: [fails('a')] }), callOf('Hi'))))?.id,
    ).toBe('one');
  });

  it('decisionOf leaves the promises of a stream result alone', async () => {
    const result = streamText({ model: failing(), prompt: 'Hi', onError: () => {} });
    expect(decisionOf(result)).toBeUndefined();
    await result.consumeStream();
    expect(decisionOf(await result.providerMetadata)?.answeredBy).toBe('mock/up');
  });

  it.each([undefined, null, 'text', new Error('foreign'), {}])('decisionOf(%s) is undefined', (value) => {
    expect(decisionOf(value)).toBeUndefined();
  });

  it("decisionOf survives errors that are each other's cause", () => {
    const error = new Error('a');
    error.cause = new Error('b', { cause: error });
    expect(decisionOf(error)).toBeUndefined();
  });

  it('explain is the plan: the same candidates and order, no attempts, no call', async () => {
    const [small, large] = [answers('small'), answers('large')];
    const model = cascade({ id: 'kimi', steps: [{ model: small, contextWindow: 4100 }, large] });
    const dry = await explain(model, { prompt: ' '.repeat(280), maxOutputTokens: 5000 });
    const {
      attempts,
      answeredBy,
      outcome,
      startedAt,
      durationMs,
      usage: used,
      ...plan
    } = decisionOf(await model.doGenerate(callOf(' '.repeat(280), { maxOutputTokens: 5000 })))!;
    expect(dry).toEqual(plan);
    expect([dry.order, answeredBy, attempts?.length]).toEqual([['mock/large'], 'mock/large', 1]);
    expect(outcome).toBe('answered');
    expect([startedAt, durationMs, used?.outputTokens]).toEqual([expect.any(Number), expect.any(Number), 2]);
    expect(callsOf(small)).toBe(0);
  });

  it('explain tells nobody: no callbacks, no telemetry', async () => {
    const told: string[] = [];
    const tell = (name: string) => () => void told.push(name);
    const integration = new Proxy({}, { get: (_, name) => tell(String(name)) });
    await explain(failing(), {
      prompt: 'Hi',
      onStepEnd: tell('onStepEnd'),
      onEnd: tell('onEnd'),
      onStart: tell('onStart'),
      telemetry: { integrations: [integration] },
    });
    expect(told).toEqual([]);
  });

  it('explain executes no tool, not even an approved one', async () => {
    let executed = 0;
    const inputSchema = z.object({ path: z.string() });
    const remove = tool({ inputSchema, needsApproval: true, execute: async () => String(executed++) });
    await explain(cascade({ steps: [answers('m')] }), {
      tools: { remove },
      messages: [
        { role: 'user', content: 'go' },
        {
          role: 'assistant',
          content: [
            { type: 'tool-call', toolCallId: 'c', toolName: 'remove', input: { path: '/' } },
            { type: 'tool-approval-request', approvalId: 'a', toolCallId: 'c' },
          ],
        },
        { role: 'tool', content: [{ type: 'tool-approval-response', approvalId: 'a', approved: true }] },
      ],
    });
    expect(executed).toBe(0);
  });

  it('explain counts tools, system text and messages, and passes on what generateText finds wrong', async () => {
    const model = cascade({ steps: [answers('m')] });
    const inputOf = async (options: Parameters<typeof explain>[1]): Promise<number> =>
      (await explain(model, options)).candidates[0]!.demand.input;
    const plain = await inputOf({ prompt: 'Hi' });
    expect(await inputOf({ prompt: 'Hi', system: 'Be brief.' })).toBe(plain + 4 + 3);
    expect(
      await inputOf({
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: 'Yes?' },
          { role: 'user', content: 'Hi' },
        ],
      }),
    ).toBe(plain + 2 * 4 + 2 + 1);
    await expect(explain(model, { messages: [] })).rejects.toThrow('messages must not be empty');
  });

  it('explain draws nothing: an alloy takes no turn', async () => {
    const constituents = ['a', 'b'].map((id) => ({ model: answers(id), contextWindow: '8K' as const }));
    const model = alloy({ constituents, strategy: 'round-robin' });
    expect((await explain(model, { prompt: 'Hi' })).candidates).toMatchObject([
      { share: 0.5 },
      { share: 0.5 },
    ]);
    expect(await generated(model, callOf('Hi'))).toBe('a');
  });
});

describe('hooks', () => {
  const outcomes = (model: (options: object) => RoutingModel): { model: RoutingModel; seen: Decision[] } => {
    const seen: Decision[] = [];
    return { model: model({ onDecision: (decision: Decision) => seen.push(decision) }), seen };
  };

  it('onDecision hears refusals and failures once', async () => {
    const refused = outcomes((options) =>
      cascade({ steps: [{ model: answers('a'), contextWindow: 10 }], ...options }),
    );
    await errorOf(generated(refused.model, callOf('Hi')));
    expect(refused.seen).toMatchObject([{ candidates: [{ skipped: 'too-large' }] }]);
    const failed = outcomes((options) => cascade({ steps: [fails('a'), fails('b')], ...options }));
    await errorOf(streamed(failed.model, callOf('Hi')));
    expect(failed.seen).toMatchObject([{ attempts: [{ id: 'mock/a' }, { id: 'mock/b' }] }]);
    expect(failed.seen[0]).not.toHaveProperty('answeredBy');
  });

  it('onDecision hears once of an error after content, a cancel, an end without a finish', async () => {
    const begun: Part[] = [
      { type: 'stream-start', warnings: [] },
      { type: 'text-delta', id: '1', delta: 'half' },
    ];
    const broken = outcomes((options) =>
      cascade({
        steps: [
          streams('a', [
            ...begun,
            { type: 'error', error: apiError(503) },
            { type: 'finish', finishReason: stop, usage },
          ]),
        ],
        ...options,
      }),
    );
    await partsOf(broken.model, callOf('Hi'));
    expect(broken.seen).toMatchObject([
      { attempts: [{ outcome: 'failed', failure: 'server-error', statusCode: 503 }] },
    ]);
    const left = outcomes((options) => cascade({ steps: [streams('a', begun, 'stays open')], ...options }));
    await (await left.model.doStream(callOf('Hi'))).stream.cancel();
    expect(left.seen).toMatchObject([{ attempts: [{ outcome: 'aborted', failure: 'aborted' }] }]);
    const cut = outcomes((options) => cascade({ steps: [streams('a', begun)], ...options }));
    await partsOf(cut.model, callOf('Hi'));
    expect(cut.seen).toMatchObject([{ attempts: [{ outcome: 'failed', failure: 'malformed-response' }] }]);
  });

  it('a listener that throws or rejects changes nothing', async () => {
    const broken = (): never => {
      throw new Error('a bug');
    };
    onTestFinished(onDecision(broken));
    const model = cascade({ steps: [answers('a')], onDecision: broken });
    expect(await generated(model, callOf('Hi'))).toBe('a');
    expect(await streamed(model, callOf('Hi'))).toBe('a');
    const rejecting = cascade({ steps: [answers('a')], onDecision: (async () => broken()) as () => void });
    expect(await generated(rejecting, callOf('Hi'))).toBe('a');
  });

  it('the listener of the process hears each call once, from the outermost primitive', async () => {
    const seen: string[] = [];
    const unsubscribe = onDecision(({ id }) => seen.push(id));
    const inner = cascade({ id: 'inner', steps: [answers('a')] });
    await generated(dispatcher({ id: 'outer', targets: [inner] }), callOf('Hi'));
    await streamed(inner, callOf('Hi'));
    unsubscribe();
    await generated(inner, callOf('Hi'));
    expect(seen).toEqual(['outer', 'inner']);
  });
});

describe('a record stays small', () => {
  const many = (count: number): RoutingModel =>
    cascade({
      id: 'many',
      steps: Array.from({ length: count }, (_, index) => ({
        model: index === count - 1 ? answers('last') : fails(`m${index}`),
        contextWindow: '8K' as const,
      })),
    });

  it.each([3, 20, 64, 200])('with %i members it is at most 4 KB and 64 candidates', async (count) => {
    const decision = decisionOf(await many(count).doGenerate(callOf('Hi')))!;
    expect(JSON.stringify(decision).length).toBeLessThanOrEqual(4096);
    expect(decision.answeredBy).toBe('mock/last');
    expect(decision.attempts?.at(-1)).toMatchObject({ id: 'mock/last', outcome: 'answered' });
    const shown = decision.candidates.length;
    expect(shown).toBeLessThanOrEqual(64);
    expect(shown + (decision.omitted?.candidates ?? 0)).toBe(count);
  });

  it.each<[string, () => unknown, object | undefined]>([
    [
      'that contains itself',
      () =>
        Object.assign(
          { inputTokens: 5 },
          {
            get self() {
              return this;
            },
          },
        ),
      { inputTokens: 5 },
    ],
    ['of a number that JSON does not have', () => ({ inputTokens: Number.NaN, outputTokens: 5n }), undefined],
    ['infinite', () => ({ inputTokens: 5, outputTokens: Infinity }), { inputTokens: 5 }],
    ['long', () => ({ inputTokens: 5, raw: 'z'.repeat(9000) }), { inputTokens: 5 }],
    ['of other words', () => ({ text: 'z'.repeat(9000) }), undefined],
    ['V1', () => ({ promptTokens: 5, completionTokens: 0 }), { inputTokens: 5, outputTokens: 0 }],
    [
      'V4',
      () => ({ inputTokens: { total: 5, cacheRead: 3 }, outputTokens: { total: 2 } }),
      { inputTokens: 5, outputTokens: 2, cachedInputTokens: 3 },
    ],
  ])("R-39: a failed attempt's usage is three numbers at most: %s", async (_, make, usageShown) => {
    const odd = fails('m', () => Object.assign(apiError(500), { usage: make() }));
    const { providerMetadata } = await cascade({ steps: [odd, answers('up')] }).doGenerate(callOf('Hi'));
    const { attempts, answeredBy } = decisionOf({ providerMetadata })!;
    expect(answeredBy).toBe('mock/up');
    expect(attempts?.[0]?.usage).toEqual(usageShown);
  });

  it('is measured in bytes, also with long names', async () => {
    const steps = Array.from({ length: 6 }, (_, index) => ({
      id: `${index} ${'長'.repeat(150)}`,
      model: index === 5 ? answers('up') : fails('m'),
    }));
    const { providerMetadata } = await cascade({ steps }).doGenerate(callOf('Hi'));
    const json = JSON.stringify(decisionOf({ providerMetadata }));
    expect(new TextEncoder().encode(json).length).toBeLessThanOrEqual(4096);
  });

  it('keeps who failed and who answered before who was asked', async () => {
    const wrap = (model: RoutingModel): RoutingModel => cascade({ id: 'outer', steps: [fails('x'), model] });
    for (const count of [8, 10, 12, 14, 16, 20]) {
      const decision = decisionOf(await wrap(many(count)).doGenerate(callOf('Hi')))!;
      const inner = decision.attempts![1]!.decision!;
      expect(JSON.stringify(decision).length).toBeLessThanOrEqual(4096);
      expect(inner.attempts).toHaveLength(Math.min(count, 16));
      expect(inner.candidates.length + (inner.omitted?.candidates ?? 0)).toBe(count);
    }
  });

  it('leaves out nested decisions only when nothing else is left to cut', async () => {
    let model = many(6);
    for (let depth = 0; depth < 12; depth++)
      model = cascade({ id: `level ${depth}`, steps: [fails('x'), fails('y'), model] });
    const decision = decisionOf(await model.doGenerate(callOf('Hi')))!;
    expect(JSON.stringify(decision).length).toBeLessThanOrEqual(4096);
    expect(decision).toMatchObject({ id: 'level 11', answeredBy: 'level 10' });
    expect(JSON.stringify(decision)).toContain('"omitted":{');
  });
});

describe('R-39, R-40', () => {
  it('R-39: the result is that of the member that answered', async () => {
    const up = answers('up');
    const response = { id: 'r1', modelId: 'up-2026', headers: { 'x-up': '1' } };
    up.doGenerate = async () => ({
      content: [{ type: 'text', text: 'x' }],
      finishReason: stop,
      usage,
      warnings: [],
      request: { body: 'up' },
      response,
    });
    const result = await cascade({ steps: [fails('down'), up] }).doGenerate(callOf('Hi'));
    expect(result).toMatchObject({ usage, request: { body: 'up' }, response });
  });

  it('R-39: a member that names no model is named', async () => {
    const model = cascade({ steps: [fails('down'), answers('up')] });
    expect((await model.doGenerate(callOf('Hi'))).response).toEqual({ modelId: 'up' });
    expect((await partsOf(model, callOf('Hi')))[1]).toEqual({ type: 'response-metadata', modelId: 'up' });
  });

  it('R-40: members are told apart by position', async () => {
    const model = cascade({
      steps: [fails('m'), fails('m'), { model: fails('m'), id: 'mock/m#2' }, answers('m')],
    });
    const decision = decisionOf(await model.doGenerate(callOf('Hi')))!;
    expect(decision.order).toEqual(['mock/m', 'mock/m#3', 'mock/m#2', 'mock/m#4']);
    expect(decision.answeredBy).toBe('mock/m#4');
  });
});
