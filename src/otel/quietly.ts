import { context, diag, type Context } from '@opentelemetry/api';

/** Telemetry must never break a call: what `work` throws goes to OpenTelemetry's own log. */
export function quietly(work: () => void): void {
  try {
    work();
  } catch (error) {
    report(error);
  }
}

/** Calls `work` exactly once, in the given context, and returns or throws what it does. */
export function runIn<Result>(active: Context, work: () => Result): Result {
  let isCalled = false;
  const called = (): Result => {
    isCalled = true;
    return work();
  };
  try {
    return context.with(active, called);
  } catch (error) {
    if (isCalled) throw error;
    report(error);
    return work();
  }
}

function report(error: unknown): void {
  try {
    diag.error('ai-alloy/otel', error);
  } catch {
    // A logger that throws is not ours to report.
  }
}
