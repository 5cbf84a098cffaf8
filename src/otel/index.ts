import { trace, type MeterProvider, type TracerProvider } from '@opentelemetry/api';
import { assertKnownOptions, check, foundInstead } from '../errors/errors.ts';
import { at } from '../errors/place.ts';
import { observing, type Observer } from '../observer.ts';
import { version } from '../version.ts';
import { Measurements } from './measurements.ts';
import { CallSpan, type Telemetry } from './spans.ts';

/** Options of `instrument`. */
export interface InstrumentOptions {
  /** Where spans go. @default the provider that is registered globally, also if that happens later */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Where metrics go. @default the provider that is registered globally, also if that happens later */
  readonly meterProvider?: MeterProvider | undefined;
  /**
   * Whether the span of an attempt says how many tokens it used (`gen_ai.usage.*`). Set it to `false` where the AI
   * SDK's own spans go to the same place and tokens or costs of all spans are summed there, as Langfuse does. Metrics
   * have the tokens either way.
   *
   * @default true
   */
  readonly usageOnSpans?: boolean | undefined;
}

/**
 * Reports every call on a primitive in this process to OpenTelemetry: a span for the call, one for each attempt in it,
 * and metrics, all without any text of prompts and answers. Spans are children of the span that is active when the
 * call begins, such as the AI SDK's own, and spans of instrumented HTTP clients become children of the attempt. Call it
 * once, where the process begins; it doesn't matter whether OpenTelemetry's SDK is started before or after. Without an
 * SDK nothing is recorded. A second call replaces the first for calls that begin after it. An error in a span processor or an instrument doesn't reach
 * the call: it goes to OpenTelemetry's `diag`.
 *
 * @param options.tracerProvider where spans go. @default the global one
 * @param options.meterProvider where metrics go. @default the global one
 * @param options.usageOnSpans whether spans have token counts. @default true
 * @returns a function that turns it off again; calls that have begun are still reported to their end
 * @throws InvalidConfigurationError for an unknown option, something that is no provider, or a `usageOnSpans` that is
 *   neither true nor false
 *
 * @example
 * ```ts
 * import { instrument } from 'ai-alloy/otel';
 *
 * instrument();
 * ```
 */
export function instrument(options: InstrumentOptions = {}): () => void {
  assertKnownOptions('instrument', options, ['tracerProvider', 'meterProvider', 'usageOnSpans']);
  const { tracerProvider, meterProvider, usageOnSpans = true } = options;
  assertProvider('tracerProvider', tracerProvider, 'getTracer');
  assertProvider('meterProvider', meterProvider, 'getMeter');
  const remedy = 'use true or false';
  check(typeof usageOnSpans === 'boolean', at('instrument', 'usageOnSpans'), usageOnSpans, remedy);
  const telemetry: Telemetry = {
    measurements: new Measurements(meterProvider),
    usageOnSpans,
    tracer: () => (tracerProvider ?? trace).getTracer('ai-alloy', version),
  };
  const observer: Observer = { callStarted: (call) => new CallSpan(telemetry, call) };
  observing.observer = observer;
  return () => {
    if (observing.observer === observer) observing.observer = undefined;
  };
}

function assertProvider(option: string, provider: unknown, method: string): void {
  const isOne = provider === undefined || typeof Object(provider)[method] === 'function';
  const remedy = `pass an object with ${method}, or leave it out for the one that is registered globally`;
  check(isOne, at('instrument', option), foundInstead(provider), remedy);
}
