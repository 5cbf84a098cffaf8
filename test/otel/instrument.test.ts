import { readdirSync, readFileSync } from 'node:fs';
import { metrics, trace } from '@opentelemetry/api';
import { instrument } from 'ai-alloy/otel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cascade, InvalidConfigurationError } from '../../src/index.ts';
import {
  answers,
  apiError,
  callOf,
  callOfTokens,
  fails,
  partsOf,
  streams,
  textParts,
} from '../support/models.ts';
import { outline, recorded, type Recorded } from './recorded.ts';

let memory: Recorded;
let providers: Pick<Recorded, 'tracerProvider' | 'meterProvider'>;
beforeEach(() => {
  memory = recorded();
  const { tracerProvider, meterProvider } = memory;
  providers = { tracerProvider, meterProvider };
});
afterEach(() => memory.shutdown());

const answering = (id = 'c') => cascade({ id, steps: [answers('m')] });

describe('instrument', () => {
  it('is off until it is called, and after what it returned is called', async () => {
    await answering().doGenerate(callOf('Hello!'));
    const stop = instrument(providers);
    await answering('on').doGenerate(callOf('Hello!'));
    stop();
    stop();
    await answering().doGenerate(callOf('Hello!'));
    expect(outline(memory.trees())).toEqual(['cascade on', '  chat m']);
  });

  it('reports calls that have begun to their end', async () => {
    const stop = instrument(providers);
    const { stream } = await cascade({ id: 'c', steps: [streams('m', textParts('Hello!'))] }).doStream(
      callOf('Hello!'),
    );
    stop();
    const reader = stream.getReader();
    while (!(await reader.read()).done);
    expect(outline(memory.trees())).toEqual(['cascade c', '  chat m']);
  });

  it('replaces what was there before, and leaves that alone when it is turned off', async () => {
    const stopFirst = instrument(providers);
    const second = recorded();
    const stop = instrument({ tracerProvider: second.tracerProvider });
    stopFirst();
    await answering().doGenerate(callOf('Hello!'));
    stop();
    expect(memory.spans()).toEqual([]);
    expect(outline(second.trees())).toEqual(['cascade c', '  chat m']);
    await second.shutdown();
  });

  it('finds the global providers, also those that are registered later', async () => {
    const stop = instrument();
    await answering('before').doGenerate(callOf('Hello!')); // records nothing, and fails at nothing
    trace.setGlobalTracerProvider(memory.tracerProvider);
    metrics.setGlobalMeterProvider(memory.meterProvider);
    try {
      await answering('after').doGenerate(callOf('Hello!'));
    } finally {
      stop();
      trace.disable();
      metrics.disable();
    }
    expect(outline(memory.trees())).toEqual(['cascade after', '  chat m']);
    const [{ instrumentationScope }] = memory.spans() as [ReturnType<Recorded['spans']>[0]];
    expect(instrumentationScope.name).toBe('ai-alloy');
    expect((await memory.metrics())['ai_alloy.call.duration']).toHaveLength(1);
  });

  it('leaves tokens to the AI SDK, if it is told so', async () => {
    const stop = instrument({ ...providers, usageOnSpans: false });
    await answering().doGenerate(callOf('Hello!'));
    stop();
    const keys = memory.spans().flatMap(({ attributes }) => Object.keys(attributes));
    expect(keys).toContain('gen_ai.request.model');
    expect(keys.filter((key) => key.startsWith('gen_ai.usage'))).toEqual([]);
    expect((await memory.metrics())['ai_alloy.tokens']).toHaveLength(2);
  });

  it.each([
    [{ provider: {} }, 'provider'],
    [{ tracerProvider: 'https://collector' }, 'tracerProvider'],
    [{ tracerProvider: trace.getTracer('a') }, 'tracerProvider'],
    [{ meterProvider: {} }, 'meterProvider'],
    [{ usageOnSpans: 'no' }, 'usageOnSpans'],
    [null, 'instrument'],
    ['on', 'instrument'],
  ])('R-36: refuses %j', (options, named) => {
    const make = () => instrument(options as never);
    expect(make).toThrow(InvalidConfigurationError);
    expect(make).toThrow(named);
  });
});

describe('metrics', () => {
  const price = { input: 1, output: 10 };
  const model = cascade({
    id: 'c',
    steps: [
      { model: answers('small'), id: 'small', contextWindow: 50 },
      { model: fails('down', () => apiError(429)), id: 'down' },
      { model: answers('gpt-5', 'openai.chat'), id: 'up', price },
    ],
  });

  it('count what happened, by ids and by fixed words', async () => {
    const stop = instrument(providers);
    const request = { providerOptions: { 'ai-alloy': { tenant: 'acme' } } };
    await model.doGenerate(callOfTokens(100, request));
    await partsOf(model as never, callOfTokens(100, request));
    const refusing = cascade({
      id: 'tiny',
      steps: [{ model: answers('small'), id: 'small', contextWindow: 5 }],
    });
    await Promise.resolve(refusing.doGenerate(callOf('Hello!'))).catch(() => {});
    stop();
    const measured = await memory.metrics();
    const primitive = { 'ai_alloy.primitive.id': 'c' };
    const down = { ...primitive, 'ai_alloy.member.id': 'down' };
    const up = { ...primitive, 'ai_alloy.member.id': 'up' };
    const request5 = {
      ...up,
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5',
    };
    const seconds = { count: 2, sum: expect.any(Number) };
    expect(measured['ai_alloy.call.duration']).toEqual([
      {
        attributes: {
          ...primitive,
          'ai_alloy.primitive.kind': 'cascade',
          'ai_alloy.nested': false,
          'ai_alloy.outcome': 'answered',
        },
        value: seconds,
      },
      {
        attributes: {
          'ai_alloy.primitive.id': 'tiny',
          'ai_alloy.primitive.kind': 'cascade',
          'ai_alloy.nested': false,
          'ai_alloy.outcome': 'refused',
          'error.type': 'refused',
        },
        value: { count: 1, sum: expect.any(Number) },
      },
    ]);
    expect(measured['ai_alloy.refusals']).toEqual([
      { attributes: { 'ai_alloy.primitive.id': 'tiny' }, value: 1 },
    ]);
    expect(measured['ai_alloy.skips']).toEqual([
      {
        attributes: { ...primitive, 'ai_alloy.member.id': 'small', 'ai_alloy.skip.reason': 'too-large' },
        value: 2,
      },
      {
        attributes: {
          'ai_alloy.primitive.id': 'tiny',
          'ai_alloy.member.id': 'small',
          'ai_alloy.skip.reason': 'too-large',
        },
        value: 1,
      },
    ]);
    const failed = { 'error.type': 'rate-limit' };
    expect(measured['ai_alloy.attempts']).toEqual([
      { attributes: { ...down, 'ai_alloy.outcome': 'failed', ...failed }, value: 2 },
      { attributes: { ...up, 'ai_alloy.outcome': 'answered' }, value: 2 },
    ]);
    expect(measured['ai_alloy.fallbacks']).toEqual([{ attributes: { ...down, ...failed }, value: 2 }]);
    expect(measured['ai_alloy.attempt.duration']).toEqual([
      {
        attributes: {
          ...down,
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'mock',
          'gen_ai.request.model': 'down',
          ...failed,
        },
        value: seconds,
      },
      { attributes: request5, value: seconds },
    ]);
    expect(measured['ai_alloy.time_to_first_content']).toEqual([
      { attributes: request5, value: { count: 1, sum: expect.any(Number) } },
    ]);
    expect(measured['ai_alloy.tokens']).toEqual([
      { attributes: { ...request5, 'gen_ai.token.type': 'input' }, value: 14 },
      { attributes: { ...request5, 'gen_ai.token.type': 'output' }, value: 4 },
    ]);
    expect(measured['ai_alloy.cost']).toEqual([{ attributes: request5, value: 0.000054 }]);
    expect(JSON.stringify(measured)).not.toContain('acme');
  });

  it('never have a name that only the server knows', async () => {
    const stop = instrument(providers);
    let calls = 0;
    const member = answers('m');
    const answer = member.doGenerate;
    member.doGenerate = async (call) => ({
      ...(await answer(call)),
      response: { modelId: `made-up-${++calls}` },
    });
    const chat = cascade({ id: 'c', steps: [member] });
    for (let call = 0; call < 3; call++) await chat.doGenerate(callOf('Hello!'));
    stop();
    const names = memory.spans().map(({ attributes }) => attributes['gen_ai.response.model']);
    expect(new Set(names).size).toBe(3);
    const measured = await memory.metrics();
    expect(Object.keys(measured).length).toBeGreaterThan(3);
    for (const [name, points] of Object.entries(measured))
      expect(points).toHaveLength(name === 'ai_alloy.tokens' ? 2 : 1);
  });
});

describe('the core', () => {
  const source = new URL('../../src/', import.meta.url);
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const importsOf = (file: string): string[] => {
    const text = readFileSync(new URL(file, source), 'utf8');
    return [...text.matchAll(/^(?:import|export)\b[^;]*? from '([^']+)'/gm)].map(
      ([, specifier = '']) => specifier,
    );
  };

  it('imports nothing of OpenTelemetry, and nothing of what instruments it', () => {
    const [own, others] = [true, false].map((isOwn) =>
      files.filter((file) => file.startsWith('otel/') === isOwn).flatMap(importsOf),
    ) as [string[], string[]];
    const isOf = (specifier: string): boolean => /@opentelemetry|\/otel\//.test(specifier);
    expect(own.filter(isOf)).not.toEqual([]);
    expect(others.length).toBeGreaterThan(100);
    expect(others.filter(isOf)).toEqual([]);
  });
});
