import { instrument } from 'ai-alloy/otel';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { recorded, withContexts, type Recorded } from './recorded.ts';

/** A time of a span, in nanoseconds since 1970. */
export const at = ([seconds, nanoseconds]: readonly [number, number]): bigint =>
  BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);

/** Reports each test of a suite into memory of its own, with a context manager. */
export function instrumented() {
  let memory: Recorded;
  let stop: () => void;
  let forgetContexts: () => void;
  beforeAll(() => (forgetContexts = withContexts()));
  afterAll(() => forgetContexts());
  beforeEach(() => {
    memory = recorded();
    stop = instrument({ tracerProvider: memory.tracerProvider, meterProvider: memory.meterProvider });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    stop();
    await memory.shutdown();
  });
  const named = (name: string): ReadableSpan[] => memory.spans().filter((span) => span.name === name);
  return {
    get memory() {
      return memory;
    },
    stop: () => stop(),
    /** The spans of a name. */
    named,
    attributesOf: (name: string): ReadableSpan['attributes'] => named(name)[0]!.attributes,
  };
}
