import { setImmediate } from 'node:timers/promises';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { generateText, wrapLanguageModel } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { instrument } from 'ai-alloy/otel';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { alloy, cascade, decisionOf, dispatcher, failureOf } from '../../src/index.ts';
import {
  answers,
  apiError,
  callOf,
  callOfTokens,
  errorOf,
  fails,
  partsOf,
  streamOf,
  streams,
  textParts,
  textResult,
  type Part,
} from '../support/models.ts';
import { outline, recorded, withContexts, within } from './recorded.ts';

const memory = recorded();
let forgetContexts: () => void;
let stop: () => void;
beforeAll(() => {
  forgetContexts = withContexts();
  stop = instrument({ tracerProvider: memory.tracerProvider, meterProvider: memory.meterProvider });
});
afterEach(() => memory.clear());
afterAll(async () => {
  stop();
  forgetContexts();
  await memory.shutdown();
});

const spanOf = (name: string) => memory.spans().find((span) => span.name === name)!;
const attributesOf = (name: string) => spanOf(name)?.attributes;
const metadata: Part = { type: 'response-metadata', modelId: 'gpt-5-2025-08-07' };
const price = { input: 1, output: 10 };

describe('spans of a call', () => {
  it('are children of the active span, and nested as the primitives are', async () => {
    const inner = alloy({
      id: 'blend',
      strategy: 'round-robin',
      constituents: [
        { model: fails('a'), id: 'first', contextWindow: '128K' },
        { model: answers('gpt-5', 'openai.responses'), id: 'second', contextWindow: '128K', price },
      ],
    });
    const model = cascade({
      id: 'safe',
      steps: [{ model: fails('x', () => apiError(429)), id: 'x' }, inner],
    });
    await within(memory, 'request', () => generateText({ model, prompt: 'Hello!', maxRetries: 0 }));
    expect(outline(memory.trees())).toEqual([
      'request',
      '  cascade safe',
      '    chat x',
      '    attempt blend',
      '      alloy blend',
      '        chat a',
      '        chat gpt-5',
    ]);
    const cost = 0.000027;
    const answeredBy = { 'gen_ai.provider.name': 'openai', 'gen_ai.response.model': 'gpt-5' };
    expect(attributesOf('cascade safe')).toEqual({
      'ai_alloy.primitive.id': 'safe',
      'ai_alloy.primitive.kind': 'cascade',
      'ai_alloy.outcome': 'answered',
      'ai_alloy.reason': 'declared-order',
      'ai_alloy.order': ['x', 'blend'],
      'ai_alloy.attempts': 2,
      'ai_alloy.answered_by': 'blend',
      'ai_alloy.cost': cost,
      ...answeredBy,
    });
    expect(attributesOf('chat x')).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'mock',
      'gen_ai.request.model': 'x',
      'ai_alloy.primitive.id': 'safe',
      'ai_alloy.member.id': 'x',
      'ai_alloy.attempt.number': 1,
      'ai_alloy.outcome': 'failed',
      'error.type': 'rate-limit',
      'http.response.status_code': 429,
    });
    expect(attributesOf('attempt blend')).toEqual({
      'ai_alloy.primitive.id': 'safe',
      'ai_alloy.member.id': 'blend',
      'ai_alloy.attempt.number': 2,
      'ai_alloy.outcome': 'answered',
      ...answeredBy,
    });
    expect(attributesOf('chat gpt-5')).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5',
      'gen_ai.response.model': 'gpt-5',
      'gen_ai.usage.input_tokens': 7,
      'gen_ai.usage.output_tokens': 2,
      'ai_alloy.primitive.id': 'blend',
      'ai_alloy.member.id': 'second',
      'ai_alloy.attempt.number': 2,
      'ai_alloy.outcome': 'answered',
      'ai_alloy.cost': cost,
    });
    expect(spanOf('chat x').status).toEqual({ code: SpanStatusCode.ERROR });
    expect(spanOf('cascade safe').status).toEqual({ code: SpanStatusCode.UNSET });
  });

  it('are nested also where nothing keeps contexts across awaits', async () => {
    forgetContexts();
    const model = cascade({ id: 'outer', steps: [cascade({ id: 'inner', steps: [answers('m')] })] });
    await model.doGenerate(callOf('Hello!'));
    forgetContexts = withContexts();
    expect(outline(memory.trees())).toEqual([
      'cascade outer',
      '  attempt inner',
      '    cascade inner',
      '      chat m',
    ]);
  });

  it('have the attempt as the active span in the model, and the call in functions of the application', async () => {
    const active: unknown[] = [];
    const note = (what: string): unknown =>
      active.push(`${what}: ${(trace.getActiveSpan() as unknown as { name: string }).name}`);
    const member = new MockLanguageModelV4({
      modelId: 'm',
      doGenerate: async () => {
        await setImmediate();
        note('model');
        return textResult('m');
      },
    });
    const order = async <Candidates>(candidates: Candidates): Promise<Candidates> => {
      await setImmediate();
      note('order');
      return candidates;
    };
    const model = cascade({ id: 'c', steps: [member], order });
    await within(memory, 'request', async () => {
      await model.doGenerate(callOf('Hello!'));
      note('after');
    });
    expect(active).toEqual(['order: cascade c', 'model: chat m', 'after: request']);
  });

  it('say who was skipped, with the numbers', async () => {
    const model = cascade({
      id: 'c',
      steps: [
        { model: answers('small'), id: 'small', contextWindow: 100, capacityFraction: 0.5 },
        { model: answers('short'), id: 'short', maxOutputTokens: 5 },
        { model: answers('large'), id: 'large', contextWindow: 1000 },
      ],
    });
    await model.doGenerate(callOfTokens(100, { maxOutputTokens: 10 }));
    expect(attributesOf('cascade c')['ai_alloy.skipped']).toEqual(['small', 'short']);
    expect(spanOf('cascade c').events.map(({ name, attributes }) => [name, attributes])).toEqual([
      [
        'ai_alloy.skip',
        {
          'ai_alloy.member.id': 'small',
          'ai_alloy.skip.reason': 'too-large',
          'ai_alloy.skip.input': expect.any(Number),
          'ai_alloy.skip.output': 10,
          'ai_alloy.skip.ceiling': 50,
        },
      ],
      [
        'ai_alloy.skip',
        {
          'ai_alloy.member.id': 'short',
          'ai_alloy.skip.reason': 'too-large',
          'ai_alloy.skip.input': expect.any(Number),
          'ai_alloy.skip.output': 10,
          'ai_alloy.skip.max_output_tokens': 5,
        },
      ],
    ]);
  });

  it('R-42: say what a member lacks', async () => {
    const model = cascade({
      id: 'c',
      steps: [{ model: answers('m'), id: 'plain', supports: { json: false } }, answers('other')],
    });
    await model.doGenerate(callOf('Hello!', { responseFormat: { type: 'json' } }));
    expect(spanOf('cascade c').events[0]?.attributes).toMatchObject({
      'ai_alloy.member.id': 'plain',
      'ai_alloy.skip.reason': 'unsupported',
      'ai_alloy.skip.lacks': ['json'],
    });
  });

  it('say all who were skipped, also where the decision is shortened', async () => {
    const steps = Array.from({ length: 90 }, () => ({ model: answers('small'), contextWindow: 1 }));
    const model = cascade({ id: 'c', steps: [...steps, answers('m')] });
    const result = await model.doGenerate(callOf('Hello!'));
    expect(decisionOf(result)?.omitted).toBeDefined();
    expect(attributesOf('cascade c')['ai_alloy.skipped']).toHaveLength(90);
  });

  it('say which rule matched', async () => {
    const rules = [{ id: 'gold', when: { metadata: { tier: 'gold' } }, target: answers('g') }];
    const model = dispatcher({ id: 'd', rules, targets: [answers('m')] });
    await model.doGenerate(callOf('Hello!', { providerOptions: { 'ai-alloy': { tier: 'gold' } } }));
    expect(attributesOf('dispatcher d')).toMatchObject({
      'ai_alloy.reason': 'rule',
      'ai_alloy.rule': 'gold',
    });
  });

  it('say how long was waited before a retry', async () => {
    const member = {
      model: fails('m', () => apiError(503, { headers: { 'retry-after-ms': '5' } })),
      retries: 1,
    };
    const error = await errorOf(cascade({ id: 'c', steps: [member] }).doGenerate(callOf('Hello!')));
    const { waitedMs } = decisionOf(error)!.attempts![1]!;
    expect(waitedMs).toBeGreaterThan(0);
    const attempts = memory.spans().filter(({ name }) => name === 'chat m');
    expect(attempts.map(({ attributes }) => attributes['ai_alloy.attempt.number'])).toEqual([1, 2]);
    expect(attempts.map(({ attributes }) => attributes['ai_alloy.attempt.waited_ms'])).toEqual([
      undefined,
      waitedMs,
    ]);
  });

  it('R-47: say that the call was shortened', async () => {
    const step = { model: answers('m'), contextWindow: 200 };
    const shorten = <Given>(call: Given): Given => ({ ...call, ...callOfTokens(20) });
    const model = cascade({ id: 'c', steps: [step], shorten });
    await model.doGenerate(callOfTokens(1000, { maxOutputTokens: 10 }));
    expect(attributesOf('cascade c')).toMatchObject({
      'ai_alloy.outcome': 'answered',
      'ai_alloy.shortened': true,
    });
  });

  it('say who is on cooldown', async () => {
    const model = cascade({
      id: 'c',
      cooldown: { failures: 1, ms: 60_000 },
      steps: [{ model: fails('m'), id: 'down' }, answers('up')],
    });
    await model.doGenerate(callOf('Hello!'));
    memory.clear();
    await model.doGenerate(callOf('Hello!'));
    expect(outline(memory.trees())).toEqual(['cascade c', '  chat up']);
    expect(spanOf('cascade c').events[0]?.attributes).toMatchObject({
      'ai_alloy.member.id': 'down',
      'ai_alloy.skip.reason': 'resting',
    });
  });

  it('R-51: say why a call failed, in the words of failures and decisions', async () => {
    const failing = fails('m', () => apiError(402, { body: { error: { code: 'insufficient_quota' } } }));
    const model = cascade({ id: 'c', steps: [failing, failing] });
    const error = await errorOf(model.doGenerate(callOf('Hello!')));
    const kind = failureOf(error).inner[0]?.kind;
    expect(kind).toBe('quota');
    const decision = decisionOf(error)!;
    const attempts = memory.spans().filter(({ name }) => name === 'chat m');
    expect(attempts.map(({ attributes }) => attributes['ai_alloy.member.id'])).toEqual(
      decision.attempts!.map(({ id }) => id),
    );
    expect([...attempts, spanOf('cascade c')].map(({ attributes }) => attributes['error.type'])).toEqual([
      'quota',
      'quota',
      'quota',
    ]);
    expect(spanOf('cascade c').status).toEqual({ code: SpanStatusCode.ERROR });
  });

  it('say that a call was refused', async () => {
    const model = cascade({ id: 'c', steps: [{ model: answers('m'), contextWindow: 10 }] });
    await errorOf(model.doGenerate(callOf('Hello!')));
    expect(outline(memory.trees())).toEqual(['cascade c']);
    expect(attributesOf('cascade c')).toMatchObject({
      'ai_alloy.outcome': 'refused',
      'error.type': 'refused',
      'ai_alloy.attempts': 0,
      'ai_alloy.skipped': ['mock/m'],
    });
    expect(spanOf('cascade c').status).toEqual({ code: SpanStatusCode.ERROR });
  });

  it('end with a failure of what happens before the first attempt', async () => {
    const order = (): never => {
      throw new Error('Of "the secret prompt".');
    };
    await errorOf(cascade({ id: 'c', steps: [answers('m')], order }).doGenerate(callOf('Hello!')));
    expect(attributesOf('cascade c')).toMatchObject({
      'ai_alloy.outcome': 'failed',
      'error.type': 'unknown',
    });
  });

  it('are no errors if the caller aborts', async () => {
    const controller = new AbortController();
    const hanging = new MockLanguageModelV4({
      modelId: 'm',
      doGenerate: () => {
        controller.abort();
        return new Promise(() => {});
      },
    });
    const model = cascade({ id: 'c', steps: [hanging, answers('other')] });
    await errorOf(model.doGenerate(callOf('Hello!', { abortSignal: controller.signal })));
    expect(outline(memory.trees())).toEqual(['cascade c', '  chat m']);
    for (const name of ['cascade c', 'chat m']) {
      expect(attributesOf(name)).toMatchObject({ 'ai_alloy.outcome': 'aborted', 'error.type': 'aborted' });
      expect(spanOf(name).status).toEqual({ code: SpanStatusCode.UNSET });
    }
  });
});

describe('spans of a stream', () => {
  const parts: Part[] = textParts('Hello!').toSpliced(1, 0, metadata);

  it('end when it has ended, and say when its content began', async () => {
    const model = cascade({ id: 'c', steps: [{ model: streams('m', parts), price }] });
    const { stream } = await within(memory, 'request', async () => model.doStream(callOf('Hello!')));
    const reader = stream.getReader();
    await reader.read();
    expect(memory.spans().map(({ name }) => name)).toEqual(['request']);
    while (!(await reader.read()).done);
    expect(outline(memory.trees())).toEqual(['request', '  cascade c', '    chat m']);
    expect(attributesOf('chat m')).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'mock',
      'gen_ai.request.model': 'm',
      'gen_ai.request.stream': true,
      'gen_ai.response.model': 'gpt-5-2025-08-07',
      'gen_ai.usage.input_tokens': 7,
      'gen_ai.usage.output_tokens': 2,
      'ai_alloy.primitive.id': 'c',
      'ai_alloy.member.id': 'mock/m',
      'ai_alloy.attempt.number': 1,
      'ai_alloy.attempt.first_content_ms': expect.any(Number),
      'ai_alloy.outcome': 'answered',
      'ai_alloy.cost': 0.000027,
    });
    expect(attributesOf('cascade c')).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.model': 'gpt-5-2025-08-07',
      'gen_ai.provider.name': 'mock',
    });
  });

  it('are nested, and all end when the consumer cancels', async () => {
    const model = cascade({ id: 'outer', steps: [cascade({ id: 'inner', steps: [streams('m', parts)] })] });
    const { stream } = await model.doStream(callOf('Hello!'));
    const reader = stream.getReader();
    await reader.read();
    await reader.cancel();
    expect(outline(memory.trees())).toEqual([
      'cascade outer',
      '  attempt inner',
      '    cascade inner',
      '      chat m',
    ]);
    const outcomes = memory.spans().map(({ attributes }) => attributes['ai_alloy.outcome']);
    expect(outcomes).toEqual(['aborted', 'aborted', 'aborted', 'aborted']);
  });

  it('say that it broke behind its beginning', async () => {
    const broken: Part[] = [...textParts('Hello!').slice(0, 3), { type: 'error', error: apiError(503) }];
    const model = cascade({ id: 'c', steps: [streams('m', broken), answers('other')] });
    await partsOf(model as never, callOf('Hello!'));
    expect(outline(memory.trees())).toEqual(['cascade c', '  chat m']);
    expect(attributesOf('chat m')).toMatchObject({
      'ai_alloy.outcome': 'failed',
      'error.type': 'server-error',
    });
    expect(attributesOf('cascade c')).toMatchObject({ 'error.type': 'server-error' });
  });

  it('name the timeout that passed', async () => {
    const silent = new MockLanguageModelV4({
      modelId: 'm',
      doStream: async () => ({ stream: streamOf([{ type: 'stream-start', warnings: [] }], 'stays open') }),
    });
    const model = cascade({ id: 'c', steps: [{ model: silent, firstContentMs: 5 }, answers('other')] });
    await partsOf(model as never, callOf('Hello!'));
    expect(attributesOf('chat m')).toMatchObject({
      'error.type': 'timeout',
      'ai_alloy.attempt.deadline': 'firstContentMs',
    });
  });

  it('stay open while nobody reads it, until the call is aborted', async () => {
    const controller = new AbortController();
    const model = cascade({ id: 'c', steps: [streams('m', parts.slice(0, 4), 'stays open')] });
    await model.doStream(callOf('Hello!', { abortSignal: controller.signal }));
    expect(memory.spans()).toEqual([]);
    controller.abort();
    await vi.waitFor(() => expect(outline(memory.trees())).toEqual(['cascade c', '  chat m']));
  });
});

describe('what is reported', () => {
  it('has no text of prompts, answers, errors or metadata', async () => {
    const secret = 'swordfish';
    const quoting = (): Error => apiError(400, { message: secret, body: { error: { message: secret } } });
    const failing = fails('m', quoting);
    const prompt = callOf(secret, { providerOptions: { 'ai-alloy': { tenant: secret } } });
    const bounded = { model: answers('small'), contextWindow: 1 };
    const answering = new MockLanguageModelV4({
      modelId: 'talks',
      doGenerate: async () => textResult(secret),
      doStream: async () => ({ stream: streamOf(textParts(secret)) }),
    });
    for (const model of [
      cascade({ steps: [bounded, fails('down'), failing, answering] }),
      cascade({ steps: [failing] }),
      cascade({ steps: [bounded] }),
    ]) {
      await Promise.resolve(model.doGenerate(prompt)).catch(() => {});
    }
    const seen = memory.spans().map(({ name, attributes, events, status, links }) => {
      return { name, attributes, events, status, links };
    });
    expect(seen.length).toBeGreaterThan(6);
    const text = JSON.stringify([seen, await memory.metrics()]);
    expect(text).toContain('bad-request');
    expect(text).not.toContain(secret);
  });

  it('counts the tokens of a wrapped primitive once', async () => {
    const inner = cascade({ id: 'inner', steps: [{ model: answers('m'), id: 'leaf' }] });
    const wrapped = wrapLanguageModel({ model: inner, middleware: {} as never });
    await cascade({ id: 'once', steps: [wrapped] }).doGenerate(callOf('Hello!'));
    const withUsage = memory.spans().filter(({ attributes }) => attributes['gen_ai.usage.input_tokens']);
    expect(withUsage.map(({ name }) => name)).toEqual(['chat m']);
    const points = (await memory.metrics())['ai_alloy.tokens']!;
    expect(points.filter(({ attributes }) => attributes['ai_alloy.primitive.id'] === 'once')).toEqual([]);
  });

  it('goes nowhere else, and breaks nothing, if a span processor and instruments throw', async () => {
    const broken = new Error('no disk');
    const tracerProvider = {
      getTracer: () => ({
        startSpan: () => {
          throw broken;
        },
      }),
    };
    const meterProvider = {
      getMeter: () => {
        throw broken;
      },
    };
    const again = instrument({ tracerProvider, meterProvider } as never);
    const inner = cascade({ steps: [fails('down'), answers('m')] });
    await cascade({ steps: [inner] }).doGenerate(callOf('Hello!'));
    again();
    stop = instrument({ tracerProvider: memory.tracerProvider, meterProvider: memory.meterProvider });
    expect(memory.spans()).toEqual([]);
  });

  it('breaks nothing if the context manager does', async () => {
    const fail = (): never => {
      throw new Error('no context');
    };
    vi.spyOn(context, 'active').mockImplementation(fail);
    vi.spyOn(context, 'with').mockImplementation(fail);
    const member = answers('m');
    await cascade({ steps: [member] }).doGenerate(callOf('Hello!'));
    vi.restoreAllMocks();
    expect(member.doGenerateCalls).toHaveLength(1);
    expect(memory.counting.ended.map(({ name }) => name)).toEqual(['chat m', 'cascade cascade(mock/m)']);
  });
});
