// What is reported of what an application or a server makes up: no text of a call, and names within limits.
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { MockLanguageModelV4 } from 'ai/test';
import { instrument } from 'ai-alloy/otel';
import { describe, expect, it } from 'vitest';
import { cascade, dispatcher } from '../../src/index.ts';
import {
  answers,
  apiError,
  callOf,
  fails,
  partsOf,
  streamOf,
  textParts,
  textResult,
} from '../support/models.ts';
import { instrumented } from './instrumented.ts';

const own = instrumented();

describe('names that a model has, or has not', () => {
  const throwing = {
    get(): never {
      throw new Error('no name');
    },
  };
  it.each<[string, 'provider' | 'modelId', PropertyDescriptor]>([
    ['no provider', 'provider', { value: undefined }],
    ['a provider that is no text', 'provider', { value: 5 }],
    ['a provider that throws', 'provider', throwing],
    ['no id', 'modelId', { value: undefined }],
  ])('break no call, and no metric: %s', async (_what, field, descriptor) => {
    const member = answers('m');
    // Once the primitive is made, which may refuse it.
    const model = cascade({ id: 'c', steps: [{ model: member, id: 'only', vendor: 'openai' }] });
    Object.defineProperty(member, field, descriptor);
    await model.doGenerate(callOf('Hello!'));
    expect(own.memory.spans()).toHaveLength(2);
    const measured = await own.memory.metrics();
    expect(measured['ai_alloy.tokens']).toHaveLength(2);
    const labels = Object.values(measured).flatMap((points) => points.map(({ attributes }) => attributes));
    expect(labels.flatMap((each) => Object.values(each))).not.toContain(undefined);
  });

  it('are bounded where a server makes them up', async () => {
    const member = new MockLanguageModelV4({
      modelId: 'm',
      doGenerate: async () => ({ ...textResult('Hello!'), response: { modelId: 'x'.repeat(100_000) } }),
      doStream: async () => {
        const metadata = { type: 'response-metadata' as const, modelId: 'x'.repeat(100_000) };
        return { stream: streamOf(textParts('Hello!').toSpliced(1, 0, metadata)) };
      },
    });
    const model = cascade({ id: 'c', steps: [member] });
    await model.doGenerate(callOf('Hello!'));
    await partsOf(model as never, callOf('Hello!'));
    const names = own.memory.spans().map(({ attributes }) => attributes['gen_ai.response.model']);
    expect(names).toEqual(Array(4).fill('x'.repeat(200)));
  });
});

it('no text of a call is in any span, event or metric, wherever it comes from', async () => {
  const canary = 'CANARY';
  const error = (): Error =>
    Object.assign(apiError(400, { message: canary, body: { error: { message: canary, code: canary } } }), {
      name: canary,
      kind: canary,
      data: { error: { type: canary } },
      responseHeaders: { 'x-canary': canary },
    });
  const talking = new MockLanguageModelV4({
    modelId: 'talks',
    doGenerate: async () => ({
      ...textResult(canary),
      warnings: [{ type: 'other', message: canary }],
      providerMetadata: { mock: { canary } },
      response: { headers: { canary }, body: canary },
    }),
  });
  const members = [
    { model: answers('small'), contextWindow: 1 },
    fails('down', error),
    { model: talking, settings: { headers: { canary } } },
  ];
  const rejecting = { acceptAnswer: () => canary };
  const throwing = (): never => {
    throw new TypeError(canary);
  };
  const rules = [{ when: throwing, target: answers('other') }];
  const call = callOf(canary, {
    prompt: [
      { role: 'system', content: canary },
      { role: 'user', content: [{ type: 'text', text: canary }] },
      {
        role: 'assistant',
        content: [{ type: 'tool-call', toolCallId: canary, toolName: canary, input: { canary } }],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: canary,
            toolName: canary,
            output: { type: 'text', value: canary },
          },
        ],
      },
    ],
    tools: [{ type: 'function', name: canary, description: canary, inputSchema: { type: 'object' } }],
    headers: { canary },
    stopSequences: [canary],
    providerOptions: { 'ai-alloy': { tier: canary, [canary]: canary, session: canary }, mock: { canary } },
  });
  const models = [
    cascade({ steps: members, fallThroughOn: ['default', 'bad-request'] }),
    cascade({ steps: members, fallThroughOn: ['default', 'bad-request', 'rejected'], ...rejecting }),
    cascade({ steps: [members[0]!], shorten: throwing }),
    cascade({ steps: members, order: throwing }),
    cascade({ steps: [{ model: talking, transform: throwing }] }),
    dispatcher({ id: 'd', rules, targets: members, reevaluate: 'sticky' }),
  ];
  for (const model of models) {
    await Promise.resolve(model.doGenerate(call)).catch(() => {});
    await partsOf(model as never, call).catch(() => {});
  }
  const seen = own.memory.spans().map(({ name, attributes, events, status, links }) => {
    return { name, attributes, events, status, links };
  });
  expect(seen.length).toBeGreaterThan(12);
  const text = JSON.stringify([seen, await own.memory.metrics()]);
  expect(text).toContain('rejected');
  expect(text).not.toMatch(/canary/i);
});

it('an endpoint that is down breaks no call', async () => {
  const exporter = new OTLPTraceExporter({ url: 'http://127.0.0.1:9/v1/traces', timeoutMillis: 100 });
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  const stop = instrument({ tracerProvider: provider });
  const result = await cascade({ id: 'c', steps: [answers('m')] }).doGenerate(callOf('Hello!'));
  expect(result.content).toEqual([{ type: 'text', text: 'm' }]);
  stop();
  await provider.forceFlush().catch(() => {});
  await provider.shutdown().catch(() => {});
});
