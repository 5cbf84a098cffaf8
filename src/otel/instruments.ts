import { metrics, type Counter, type Histogram, type MeterProvider } from '@opentelemetry/api';
import { version } from '../version.ts';

/**
 * The metrics; docs/telemetry.md lists them. The conventions have names for durations and tokens, but `@ai-sdk/otel`
 * uses those for the same requests, seen from outside: sums would count each request twice, and the exporter for
 * Prometheus would declare a metric twice, which some scrapers refuse.
 */
export interface Instruments {
  readonly callDuration: Histogram;
  readonly refusals: Counter;
  readonly skips: Counter;
  readonly attempts: Counter;
  readonly fallbacks: Counter;
  readonly attemptDuration: Histogram;
  readonly timeToFirstContent: Histogram;
  readonly tokens: Counter;
  readonly cost: Counter;
}

/** Seconds, as OpenTelemetry's conventions for generative AI have them. */
const boundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

/**
 * The instruments of the given provider, or of the global one. Of the global one they are made anew whenever another
 * is registered: until then `@opentelemetry/api` hands out instruments that record nothing, for ever.
 */
export function instrumentsBy(own: MeterProvider | undefined): () => Instruments {
  let latest: MeterProvider | undefined;
  let made: Instruments | undefined;
  return () => {
    const provider = own ?? metrics.getMeterProvider();
    if (!made || provider !== latest) made = make((latest = provider));
    return made;
  };
}

function make(provider: MeterProvider): Instruments {
  const meter = provider.getMeter('ai-alloy', version);
  const seconds = (name: string, description: string): Histogram =>
    meter.createHistogram(name, { description, unit: 's', advice: { explicitBucketBoundaries: boundaries } });
  const counter = (name: string, unit: string, description: string): Counter =>
    meter.createCounter(name, { description, unit });
  return {
    callDuration: seconds('ai_alloy.call.duration', 'Duration of calls on primitives.'),
    refusals: counter('ai_alloy.refusals', '{call}', 'Calls that fit no member, or matched no rule.'),
    skips: counter('ai_alloy.skips', '{skip}', 'Members passed over, or tried last, by reason.'),
    attempts: counter('ai_alloy.attempts', '{attempt}', 'Attempts on members, retries included.'),
    fallbacks: counter('ai_alloy.fallbacks', '{fallback}', 'Attempts after which another member was tried.'),
    attemptDuration: seconds('ai_alloy.attempt.duration', 'Duration of attempts on models.'),
    timeToFirstContent: seconds('ai_alloy.time_to_first_content', 'Time to the first content of a stream.'),
    tokens: counter('ai_alloy.tokens', '{token}', 'Tokens that providers reported, by input and output.'),
    cost: counter('ai_alloy.cost', '{USD}', 'What attempts cost, where the member has a price.'),
  };
}
