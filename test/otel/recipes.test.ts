// The recipes of docs/telemetry.md, each with the package that it names.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { OpenTelemetry } from '@ai-sdk/otel';
import { isDefaultExportSpan, LangfuseSpanProcessor } from '@langfuse/otel';
import { context, metrics, trace } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { generateText, registerTelemetry } from 'ai';
import { instrument } from 'ai-alloy/otel';
import { afterAll, expect, it } from 'vitest';
import { cascade } from '../../src/index.ts';
import { answers, apiError, errorOf, fails } from '../support/models.ts';
import { pathOf, startCollector } from './collector.ts';
import { withContexts } from './recorded.ts';

registerTelemetry(new OpenTelemetry());
const forgetContexts = withContexts();
afterAll(() => {
  forgetContexts();
  trace.disable();
  metrics.disable();
  context.disable();
});

const model = cascade({
  id: 'chat',
  steps: [
    { model: answers('small'), id: 'small', contextWindow: 10 },
    { model: fails('down', () => apiError(429)), id: 'down' },
    { model: answers('gpt-5', 'openai.responses'), id: 'up', price: { input: 1, output: 10 } },
  ],
});
const refusing = cascade({ id: 'tiny', steps: [{ model: answers('small'), contextWindow: 10 }] });

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('Prometheus scrapes the metrics, those of the AI SDK beside them', async () => {
  const port = await freePort();
  const exporter = new PrometheusExporter({ host: '127.0.0.1', port });
  const meterProvider = new MeterProvider({ readers: [exporter] });
  metrics.setGlobalMeterProvider(meterProvider);
  const stop = instrument();
  await generateText({ model, prompt: 'Hello!', maxRetries: 0 });
  await errorOf(generateText({ model: refusing, prompt: 'Hello!', maxRetries: 0 }));
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(answer.headers.get('content-type')).toContain('text/plain');
  const lines = (await answer.text()).split('\n');
  await meterProvider.shutdown();
  stop();
  /** The value of a metric with these labels. */
  const valueOf = (name: string, labels: Record<string, string>): number | undefined => {
    const line = lines.find(
      (each) =>
        each.startsWith(`${name}{`) &&
        Object.entries(labels).every(([label, value]) => each.includes(`${label}="${value}"`)),
    );
    return line === undefined ? undefined : Number(line.split('} ')[1]!.split(' ')[0]);
  };
  const chat = { ai_alloy_primitive_id: 'chat' };
  expect(valueOf('ai_alloy_attempts_total', { ...chat, ai_alloy_member_id: 'up' })).toBe(1);
  expect(valueOf('ai_alloy_attempts_total', { ...chat, error_type: 'rate-limit' })).toBe(1);
  expect(valueOf('ai_alloy_fallbacks_total', { ...chat, ai_alloy_member_id: 'down' })).toBe(1);
  expect(valueOf('ai_alloy_skips_total', { ...chat, ai_alloy_skip_reason: 'too-large' })).toBe(1);
  expect(valueOf('ai_alloy_refusals_total', { ai_alloy_primitive_id: 'tiny' })).toBe(1);
  expect(valueOf('ai_alloy_cost_total', chat)).toBe(0.000027);
  expect(valueOf('ai_alloy_tokens_total', { ...chat, gen_ai_token_type: 'input' })).toBe(7);
  expect(valueOf('ai_alloy_call_duration_count', { ai_alloy_outcome: 'answered' })).toBe(1);
  expect(valueOf('ai_alloy_attempt_duration_count', { gen_ai_provider_name: 'openai' })).toBe(1);
  expect(valueOf('gen_ai_client_inference_duration_count', { otel_scope_name: 'gen_ai' })).toBe(1);
  // Strict parsers refuse a second declaration of a metric.
  const declared = lines.filter((line) => line.startsWith('# TYPE '));
  expect(declared).toEqual([...new Set(declared)]);
});

it('Langfuse gets the whole tree, inside the spans of @ai-sdk/otel', async () => {
  const collector = await startCollector();
  const langfuse = new LangfuseSpanProcessor({
    publicKey: 'pk-lf-1',
    secretKey: 'sk-lf-1',
    baseUrl: collector.url,
    shouldExportSpan: ({ otelSpan }) =>
      isDefaultExportSpan(otelSpan) || otelSpan.instrumentationScope.name === 'ai-alloy',
  });
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [langfuse] });
  trace.setGlobalTracerProvider(tracerProvider);
  const stop = instrument({ usageOnSpans: false });
  await generateText({ model, prompt: 'Hello!', maxRetries: 0 });
  await errorOf(generateText({ model: refusing, prompt: 'Hello!', maxRetries: 0 }));
  await langfuse.forceFlush();
  stop();
  const spans = collector.spans();
  const own = spans.filter(({ scope }) => scope === 'ai-alloy');
  expect(own.map((span) => pathOf(span, spans).join(' < ')).toSorted()).toEqual([
    'cascade chat < chat chat < step 1 < invoke_agent chat',
    'cascade tiny < chat tiny < step 1 < invoke_agent tiny',
    'chat down < cascade chat < chat chat < step 1 < invoke_agent chat',
    'chat gpt-5 < cascade chat < chat chat < step 1 < invoke_agent chat',
  ]);
  // Each token is on one span of those that Langfuse takes for generations.
  const withTokens = spans.filter(
    ({ name, attributes }) => name.startsWith('chat ') && 'gen_ai.usage.input_tokens' in attributes,
  );
  expect(withTokens.map(({ name }) => name)).toEqual(['chat chat']);
  const [request] = collector.requests;
  expect(request).toEqual({
    path: '/api/public/otel/v1/traces',
    authorization: `Basic ${Buffer.from('pk-lf-1:sk-lf-1').toString('base64')}`,
  });
  await tracerProvider.shutdown();
  await collector.stop();
});

it("OpenTelemetry's NodeSDK sends spans, also if it is started later", async () => {
  const collector = await startCollector();
  trace.disable(); // the provider of the test before
  const stop = instrument();
  const traceExporter = new OTLPTraceExporter({ url: `${collector.url}/v1/traces` });
  const sdk = new NodeSDK({
    traceExporter,
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  await generateText({ model, prompt: 'Hello!', maxRetries: 0 });
  await sdk.shutdown();
  stop();
  const names = collector.spans().map(({ name }) => name);
  expect(names).toEqual(['cascade chat', 'chat down', 'chat gpt-5']);
  await collector.stop();
});
