import {
  context,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type SpanKind,
  type Tracer,
} from '@opentelemetry/api';
import { quietly } from './quietly.ts';

/**
 * The clock of one call and all inside it, in milliseconds since 1970: the wall clock when the call began, and a
 * monotonic clock since. OpenTelemetry's SDK reads the wall clock for each span, in whole milliseconds, so that the
 * span of an attempt could end after that of its call.
 */
export class Clock {
  readonly #beganAt = Date.now();
  readonly #offset = performance.now();

  now(): number {
    return this.#beganAt + (performance.now() - this.#offset);
  }
}

/** How a span begins. */
interface Beginning {
  readonly tracer: () => Tracer;
  readonly clock: Clock;
  readonly parent: Context;
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
}

/** What is said of a span when it ends. */
interface Ending {
  readonly at: number;
  readonly isError: boolean;
  readonly attributes: () => Attributes;
  /** Attributes of the events that name the members that were skipped. */
  readonly skips?: () => readonly Attributes[];
}

/** A span and the context in which it is the active one; without a span if starting it failed. */
export class OpenSpan {
  context: Context;
  #span: Span | undefined;

  constructor({ tracer, clock, parent, name, kind, attributes }: Beginning) {
    this.context = parent;
    quietly(() => {
      // Whole milliseconds, in which spans of HTTP clients begin: with a fraction, they might begin before their parent.
      const startTime = Math.floor(clock.now());
      this.#span = tracer().startSpan(name, { kind, attributes, startTime }, parent);
      this.context = trace.setSpan(parent, this.#span);
    });
  }

  end({ at, isError, attributes, skips = () => [] }: Ending): void {
    const span = this.#span;
    if (!span) return;
    quietly(() => {
      if (!span.isRecording()) return;
      span.setAttributes(attributes());
      for (const each of skips()) span.addEvent('ai_alloy.skip', each, at);
      if (isError) span.setStatus({ code: SpanStatusCode.ERROR }); // without a message, which might quote the prompt
    });
    quietly(() => span.end(at));
  }
}

/** The context that is active now; the root if the context manager throws. */
export function activeContext(): Context {
  let active = ROOT_CONTEXT;
  quietly(() => {
    active = context.active();
  });
  return active;
}
