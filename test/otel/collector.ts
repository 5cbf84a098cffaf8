// An OTLP endpoint, as a collector or a vendor has it: notes what arrives as JSON.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Value {
  readonly stringValue?: string;
  readonly intValue?: number;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values: readonly Value[] };
}

interface KeyValue {
  readonly key: string;
  readonly value: Value;
}

interface Traces {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly {
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly name: string;
        readonly kind: number;
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
        readonly attributes: readonly KeyValue[];
        readonly status: { readonly code: number };
      }[];
    }[];
  }[];
}

interface Metrics {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly { readonly name: string }[] }[];
  }[];
}

/** A span that arrived. */
export interface Arrived {
  readonly scope: string;
  readonly name: string;
  readonly traceId: string;
  readonly id: string;
  readonly parent: string | undefined;
  readonly begun: bigint;
  readonly ended: bigint;
  readonly isError: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Collector {
  readonly url: string;
  /** The spans that have arrived since the last time this was called, in the order in which they began. */
  spans(): Arrived[];
  /** The names of the metrics that have arrived. */
  metrics(): Set<string>;
  /** Paths and authorizations of requests. */
  readonly requests: { readonly path: string; readonly authorization: string | undefined }[];
  stop(): Promise<void>;
}

export async function startCollector(): Promise<Collector> {
  let spans: Arrived[] = [];
  const metrics = new Set<string>();
  const requests: Collector['requests'] = [];
  const server = createServer(async (request, response) => {
    requests.push({ path: request.url ?? '', authorization: request.headers.authorization });
    const body = (await json(request)) as Partial<Traces & Metrics>;
    spans.push(...(body.resourceSpans ?? []).flatMap((resource) => resource.scopeSpans.flatMap(arrivedIn)));
    for (const { scopeMetrics } of body.resourceMetrics ?? [])
      for (const scope of scopeMetrics) for (const { name } of scope.metrics) metrics.add(name);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans() {
      const arrived = spans.toSorted((a, b) => Number(a.begun - b.begun));
      spans = [];
      return arrived;
    },
    metrics: () => metrics,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function arrivedIn({ scope, spans }: Traces['resourceSpans'][0]['scopeSpans'][0]): Arrived[] {
  return spans.map((span) => ({
    scope: scope.name,
    name: span.name,
    traceId: span.traceId,
    id: span.spanId,
    parent: span.parentSpanId || undefined,
    begun: BigInt(span.startTimeUnixNano),
    ended: BigInt(span.endTimeUnixNano),
    isError: span.status.code === 2,
    attributes: Object.fromEntries(span.attributes.map(({ key, value }) => [key, plain(value)])),
  }));
}

function plain({ arrayValue, ...value }: Value): unknown {
  return arrayValue ? arrayValue.values.map(plain) : Object.values(value)[0];
}

/** The names of a span and of those around it, the outermost last. */
export function pathOf(span: Arrived, spans: readonly Arrived[]): string[] {
  const parent = spans.find(({ id }) => id === span.parent);
  return [span.name, ...(parent ? pathOf(parent, spans) : [])];
}
