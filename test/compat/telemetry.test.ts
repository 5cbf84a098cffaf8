import { context, metrics, SpanKind, trace, type Span } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { OpenTelemetry } from '@ai-sdk/otel';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pathOf, startCollector } from '../otel/collector.ts';
import { installations } from './installations.ts';
import * as raw from './openai-server.ts';
import { drained, errorOf, modes, optionsOf, run } from './run.ts';

const server = await raw.openAIServer();
server.mock.on(
  { model: 'good' },
  { content: 'A good answer.', model: 'good-2026', usage: { prompt_tokens: 21, completion_tokens: 3 } },
);
server.mock.on({ model: 'busy' }, { error: { message: 'busy', type: 'requests' }, status: 429 });

// OpenTelemetry's SDK, set up as an application does it, once for the process.
const collector = await startCollector();
const tracerProvider = new BasicTracerProvider({
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${collector.url}/v1/traces` }))],
});
const metricExporter = new OTLPMetricExporter({ url: `${collector.url}/v1/metrics` });
const meterProvider = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter: metricExporter })],
});
trace.setGlobalTracerProvider(tracerProvider);
metrics.setGlobalMeterProvider(meterProvider);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
afterAll(async () => {
  await tracerProvider.shutdown();
  await meterProvider.shutdown();
  await collector.stop();
});

/** What has arrived by now. */
async function arrived() {
  await tracerProvider.forceFlush();
  return collector.spans();
}

/** Fetches within a span, as the instrumentation of an HTTP client does. */
const instrumentedFetch: typeof fetch = (url, init) =>
  trace.getTracer('http').startActiveSpan('POST', { kind: SpanKind.CLIENT }, async (span: Span) => {
    try {
      return await fetch(url, init);
    } finally {
      span.end();
    }
  });

describe.each(await installations())('ai $major', (installation) => {
  const { sdk, aiAlloy, otel, major, createOpenAI } = installation;
  // ai 4's package asks for the usage of a stream only with `strict`.
  const settings = {
    baseURL: server.baseURL,
    apiKey: 'k',
    fetch: instrumentedFetch,
    compatibility: 'strict',
  };
  const provider = createOpenAI(settings);
  const price = { input: 1, output: 10 };
  const model = aiAlloy.cascade({
    id: 'safe',
    steps: [
      { model: provider.chat('small'), id: 'small', contextWindow: 10 },
      { model: provider.chat('busy'), id: 'busy', contextWindow: '128K' },
      aiAlloy.cascade({ id: 'rest', steps: [{ model: provider.chat('good'), id: 'good', price }] }),
    ],
  });
  // How each generation's own spans are turned on. ai 7 has them in a package of their own.
  if (major === 7) sdk.registerTelemetry(new OpenTelemetry());
  const telemetry = major === 7 ? {} : { experimental_telemetry: { isEnabled: true } };
  /** The AI SDK's span of a call on a model. */
  const around = {
    generate: major === 7 ? ['chat safe', 'step 1'] : ['ai.generateText.doGenerate'],
    stream: major === 7 ? ['chat safe', 'step 1'] : ['ai.streamText.doStream'],
  };
  const outermost = {
    generate: major === 7 ? 'invoke_agent safe' : 'ai.generateText',
    stream: major === 7 ? 'invoke_agent safe' : 'ai.streamText',
  };

  let stop = (): void => {};
  beforeEach(() => {
    stop = otel.instrument();
  });
  afterEach(() => stop());

  test.each(modes)('spans arrive, inside those of the AI SDK (%s)', async (mode) => {
    const { decision } = await run(installation, mode, { model, prompt: 'swordfish', ...telemetry });
    const spans = await arrived();
    const own = spans.filter(({ scope }) => scope === 'ai-alloy');
    const outside = [...around[mode], outermost[mode]];
    // By their paths: the SDK's spans begin in whole milliseconds, so some begin at the same time.
    const paths = own.map((span) => pathOf(span, spans).join(' < '));
    expect(paths.toSorted()).toEqual(
      [
        ['attempt rest', 'cascade safe', ...outside],
        ['cascade rest', 'attempt rest', 'cascade safe', ...outside],
        ['cascade safe', ...outside],
        ['chat busy', 'cascade safe', ...outside],
        ['chat good', 'cascade rest', 'attempt rest', 'cascade safe', ...outside],
      ].map((path) => path.join(' < ')),
    );
    const http = spans.filter(({ scope }) => scope === 'http');
    expect(http.map((span) => pathOf(span, spans)[1]).toSorted()).toEqual(['chat busy', 'chat good']);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    for (const span of own) {
      expect(span.ended).toBeGreaterThanOrEqual(span.begun);
      const parent = spans.find(({ id }) => id === span.parent)!;
      expect(span.begun).toBeGreaterThanOrEqual(parent.begun);
    }
    const good = own.find(({ name }) => name === 'chat good')!;
    expect(good.attributes).toMatchObject({
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'good',
      'gen_ai.response.model': 'good-2026',
      'gen_ai.usage.input_tokens': 21,
      'gen_ai.usage.output_tokens': 3,
      'ai_alloy.cost': 0.000051,
    });
    expect(own.find(({ name }) => name === 'cascade safe')!.attributes).toMatchObject({
      'ai_alloy.answered_by': decision!.answeredBy,
      'ai_alloy.skipped': ['small'],
      'gen_ai.response.model': 'good-2026',
    });
    expect(own.filter(({ isError }) => isError).map(({ name }) => name)).toEqual(['chat busy']);
    expect(JSON.stringify(own, (_, value) => String(value))).not.toContain('swordfish');
  });

  test.each(modes)('metrics arrive (%s)', async (mode) => {
    await run(installation, mode, { model });
    await meterProvider.forceFlush();
    expect([...collector.metrics()]).toEqual(
      expect.arrayContaining([
        'ai_alloy.call.duration',
        'ai_alloy.skips',
        'ai_alloy.attempts',
        'ai_alloy.fallbacks',
        'ai_alloy.cost',
        'ai_alloy.attempt.duration',
        'ai_alloy.tokens',
        ...(mode === 'stream' ? ['ai_alloy.time_to_first_content'] : []),
      ]),
    );
    await arrived();
  });

  test.each(modes)('a refusal arrives (%s)', async (mode) => {
    const tiny = aiAlloy.cascade({
      id: 'tiny',
      steps: [{ model: provider.chat('good'), contextWindow: 10 }],
    });
    await errorOf(run(installation, mode, { model: tiny }));
    const spans = await arrived();
    expect(spans.filter(({ scope }) => scope === 'ai-alloy')).toMatchObject([
      { name: 'cascade tiny', isError: true, attributes: { 'ai_alloy.outcome': 'refused' } },
    ]);
    await meterProvider.forceFlush();
    expect(collector.metrics()).toContain('ai_alloy.refusals');
  });

  test.each(['abort', 'cancel'])('a stream that its consumer leaves arrives (%s)', async (how) => {
    const half = raw.halfAnswer();
    const halfway = createOpenAI({ baseURL: server.raw(half.answer), apiKey: 'k' }).chat('half');
    const leaving = aiAlloy.cascade({ id: 'leaving', steps: [halfway] });
    const controller = new AbortController();
    const result = sdk.streamText(
      optionsOf(installation, { model: leaving, abortSignal: controller.signal, ...telemetry }),
    );
    const reader = result.textStream.getReader();
    await reader.read();
    expect((await arrived()).filter(({ scope }) => scope === 'ai-alloy')).toEqual([]);
    if (how === 'abort') controller.abort();
    else controller.abort(await reader.cancel());
    const outcomes: unknown[] = [];
    await vi.waitFor(async () => {
      const own = (await arrived()).filter(({ scope }) => scope === 'ai-alloy');
      outcomes.push(
        ...own.map(({ name, attributes }) => `${name}: ${String(attributes['ai_alloy.outcome'])}`),
      );
      expect(outcomes.toSorted()).toEqual(['cascade leaving: aborted', 'chat half: aborted']);
    });
    await drained(result).catch(() => {});
  });

  test('nothing arrives after it is turned off', async () => {
    stop();
    await run(installation, 'generate', { model });
    expect((await arrived()).filter(({ scope }) => scope === 'ai-alloy')).toEqual([]);
  });
});
