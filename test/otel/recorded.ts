// OpenTelemetry's own SDK, in memory.
import { context, trace, type Attributes } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type IdGenerator,
  type ReadableSpan,
  type Span,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** A span in short. */
export interface Node {
  readonly name: string;
  readonly attributes: Attributes;
  readonly children: Node[];
}

/** One measured value: of a histogram, how many there were and their sum. */
export interface Point {
  readonly attributes: Attributes;
  readonly value: number | { readonly count: number; readonly sum: number };
}

/** Counts what is started and ended; the SDK itself ignores a second end. */
class Counting implements SpanProcessor {
  readonly started: Span[] = [];
  readonly ended: ReadableSpan[] = [];
  onStart(span: Span): void {
    const end = span.end.bind(span);
    span.end = (...times) => {
      this.ended.push(span as unknown as ReadableSpan);
      end(...times);
    };
    this.started.push(span);
  }
  onEnd(): void {}
  forceFlush = async (): Promise<void> => {};
  shutdown = async (): Promise<void> => {};
}

class Counter implements IdGenerator {
  #next = 1;
  generateTraceId = (): string => (this.#next++).toString(16).padStart(32, '0');
  generateSpanId = (): string => (this.#next++).toString(16).padStart(16, '0');
}

/** Collects what was measured when it is asked, and has no timers. */
class OnDemand extends MetricReader {
  protected override onShutdown = async (): Promise<void> => {};
  protected override onForceFlush = async (): Promise<void> => {};
}

/** Providers that record into memory; registered globally only by `register`. */
export function recorded() {
  const exporter = new InMemorySpanExporter();
  const counting = new Counting();
  const tracerProvider = new BasicTracerProvider({
    idGenerator: new Counter(), // the SDK's own draws from Math.random, which tests replace
    spanProcessors: [counting, new SimpleSpanProcessor(exporter)],
  });
  const reader = new OnDemand();
  const meterProvider = new MeterProvider({ readers: [reader] });
  return {
    tracerProvider,
    meterProvider,
    counting,
    spans: () => exporter.getFinishedSpans(),
    /** The spans as trees, children in the order in which they began. */
    trees: () => treesOf(exporter.getFinishedSpans()),
    async metrics(): Promise<Record<string, Point[]>> {
      const { resourceMetrics } = await reader.collect();
      return Object.fromEntries(
        resourceMetrics.scopeMetrics
          .flatMap(({ metrics }) => metrics)
          .map(({ descriptor, dataPoints }) => [
            descriptor.name,
            dataPoints.map(({ attributes, value }): Point => {
              if (typeof value === 'number') return { attributes, value };
              const { count, sum = 0 } = value as { count: number; sum?: number };
              return { attributes, value: { count, sum } };
            }),
          ]),
      );
    },
    clear(): void {
      exporter.reset();
      counting.started.length = 0;
      counting.ended.length = 0;
    },
    async shutdown(): Promise<void> {
      await tracerProvider.shutdown();
      await meterProvider.shutdown();
    },
  };
}

export type Recorded = ReturnType<typeof recorded>;

/** Registers what makes a span the active one across awaits; returns how to take it away. */
export function withContexts(): () => void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return () => context.disable();
}

function treesOf(spans: readonly ReadableSpan[]): Node[] {
  const nodes = new Map<string, Node>();
  const inOrder = spans.toSorted(
    (a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1],
  );
  const roots: Node[] = [];
  for (const span of inOrder) {
    nodes.set(span.spanContext().spanId, { name: span.name, attributes: span.attributes, children: [] });
  }
  for (const span of inOrder) {
    const node = nodes.get(span.spanContext().spanId)!;
    const parent = nodes.get(span.parentSpanContext?.spanId ?? '');
    (parent ? parent.children : roots).push(node);
  }
  return roots;
}

/** Names only, indented by depth. */
export function outline(nodes: readonly Node[], depth = 0): string[] {
  return nodes.flatMap(({ name, children }) => [
    `${'  '.repeat(depth)}${name}`,
    ...outline(children, depth + 1),
  ]);
}

/** Runs `work` within a span of the application. */
export async function within<Result>(
  { tracerProvider }: Recorded,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const span = tracerProvider.getTracer('app').startSpan(name);
  return context.with(trace.setSpan(context.active(), span), work).finally(() => span.end());
}
