import {
  context,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { Attempt, Decision } from '../decision.ts';
import { failureOf } from '../faults/failure.ts';
import type {
  AttemptObserver,
  CallObserver,
  ObservedAnswer,
  ObservedCall,
  ObservedMember,
} from '../observer.ts';
import {
  attemptAttributes,
  calledModel,
  decisionAttributes,
  requestAttributes,
  skipAttributes,
  usageAttributes,
} from './attributes.ts';
import type { Measurements } from './measurements.ts';
import { quietly, runIn } from './quietly.ts';

/** Where spans and measurements go. */
export interface Telemetry {
  readonly measurements: Measurements;
  readonly usageOnSpans: boolean;
  tracer(): Tracer;
}

/** What is known of the model that answers. */
type Answering = Partial<Pick<Attributes, 'gen_ai.provider.name' | 'gen_ai.response.model'>>;

/** A span and the context in which it is the active one; without a span if starting it failed. */
class OpenSpan {
  readonly context: Context;
  readonly #span: Span | undefined;

  constructor(tracer: () => Tracer, parent: Context, name: string, kind: SpanKind, attributes: Attributes) {
    let span: Span | undefined;
    quietly(() => {
      span = tracer().startSpan(name, { kind, attributes }, parent);
    });
    this.#span = span;
    this.context = span ? trace.setSpan(parent, span) : parent;
  }

  end(isError: boolean, attributes: () => Attributes, events: () => readonly Attributes[] = () => []): void {
    const span = this.#span;
    if (!span) return;
    quietly(() => {
      if (!span.isRecording()) return;
      span.setAttributes(attributes());
      for (const each of events()) span.addEvent('ai_alloy.skip', each);
      if (isError) span.setStatus({ code: SpanStatusCode.ERROR }); // without a message, which might quote the prompt
    });
    quietly(() => span.end());
  }
}

/** The span and the measurements of one call on a primitive. */
export class CallSpan implements CallObserver {
  readonly telemetry: Telemetry;
  readonly call: ObservedCall;
  readonly #span: OpenSpan;
  #attempts = 0;
  #latest: AttemptSpan | undefined;

  constructor(telemetry: Telemetry, call: ObservedCall) {
    const { router, streams, observedBy } = call;
    const { id, planner } = router;
    this.telemetry = telemetry;
    this.call = call;
    // Also where no context manager is registered, the spans of nested primitives are nested.
    const parent = observedBy instanceof AttemptSpan ? observedBy.context : context.active();
    this.#span = new OpenSpan(telemetry.tracer, parent, `${planner.kind} ${id}`, SpanKind.INTERNAL, {
      'ai_alloy.primitive.id': id,
      'ai_alloy.primitive.kind': planner.kind,
      ...(streams && { 'gen_ai.request.stream': true }),
    });
  }

  get context(): Context {
    return this.#span.context;
  }

  run<Result>(work: () => Result): Result {
    return runIn(this.context, work);
  }

  attemptStarted(member: ObservedMember, waitedMs: number | undefined): AttemptObserver {
    const before = this.#latest;
    this.#latest = new AttemptSpan(this, member, { number: ++this.#attempts, waitedMs });
    if (before && before.member !== member)
      quietly(() => this.telemetry.measurements.fallback(this, before.member, before.failure));
    return this.#latest;
  }

  ended(decision: Decision, error: unknown): void {
    const { observedBy } = this.call;
    const errorType = errorTypeOf(decision, error);
    const answering = decision.answeredBy === undefined ? {} : (this.#latest?.answering ?? {});
    if (observedBy instanceof AttemptSpan) observedBy.answering = answering;
    quietly(() => this.telemetry.measurements.call(this, decision, errorType));
    this.#span.end(
      errorType !== undefined && decision.outcome !== 'aborted',
      () => ({ ...decisionAttributes(decision), ...answering, 'error.type': errorType }),
      () => decision.candidates.filter(({ skipped }) => skipped).map(skipAttributes),
    );
  }
}

/** The span and the measurements of one attempt. */
class AttemptSpan implements AttemptObserver {
  readonly member: ObservedMember;
  /** Of a nested primitive, set when the call on it ends. */
  answering: Answering = {};
  failure: string | undefined;
  readonly #call: CallSpan;
  readonly #span: OpenSpan;

  constructor(
    call: CallSpan,
    member: ObservedMember,
    { number, waitedMs }: { readonly number: number; readonly waitedMs: number | undefined },
  ) {
    this.#call = call;
    this.member = member;
    const request = requestAttributes(member);
    const model = request['gen_ai.request.model'];
    const name = model === undefined ? `attempt ${member.id}` : `chat ${model}`;
    const kind = model === undefined ? SpanKind.INTERNAL : SpanKind.CLIENT;
    this.#span = new OpenSpan(call.telemetry.tracer, call.context, name, kind, {
      ...request,
      ...(call.call.streams && { 'gen_ai.request.stream': true }),
      'ai_alloy.primitive.id': call.call.router.id,
      'ai_alloy.member.id': member.id,
      'ai_alloy.attempt.number': number,
      ...(waitedMs !== undefined && { 'ai_alloy.attempt.waited_ms': waitedMs }),
    });
  }

  get context(): Context {
    return this.#span.context;
  }

  run<Result>(work: () => Result): Result {
    return runIn(this.context, work);
  }

  begun({ result, preamble }: ObservedAnswer): void {
    quietly(() => {
      const response = preamble?.findLast(({ type }) => type === 'response-metadata') ?? result.response;
      const { modelId } = Object(response) as { modelId?: unknown };
      const provider = requestAttributes(this.member)['gen_ai.provider.name'];
      this.answering = {
        ...(provider !== undefined && { 'gen_ai.provider.name': provider }),
        ...(typeof modelId === 'string' && { 'gen_ai.response.model': modelId }),
        ...this.answering,
      };
    });
  }

  ended(attempt: Attempt): void {
    this.failure = attempt.failure;
    const { measurements, usageOnSpans } = this.#call.telemetry;
    const { call } = this.#call;
    quietly(() => measurements.attempt({ call, context: this.context }, this.member, attempt));
    this.#span.end(attempt.outcome === 'failed', () => ({
      ...requestAttributes(this.member), // by now, a string id is resolved
      ...this.answering,
      ...attemptAttributes(attempt),
      ...(usageOnSpans && calledModel(this.member, attempt) && usageAttributes(attempt.usage)),
    }));
  }
}

/** Why a call has no answer: the kind of the last failure, or that it was refused. */
function errorTypeOf({ outcome, attempts = [] }: Decision, error: unknown): string | undefined {
  if (outcome === 'answered') return undefined;
  const { failure } = attempts.at(-1) ?? {};
  return failure ?? (error === undefined || outcome === 'refused' ? outcome : failureOf(error).kind);
}
