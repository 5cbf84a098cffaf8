import { createContextKey, SpanKind, type Attributes, type Context, type Tracer } from '@opentelemetry/api';
import type { Attempt, Decision } from '../decision.ts';
import { failureOf } from '../faults/failure.ts';
import { fieldOf } from '../faults/safe-read.ts';
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
  responseAttributes,
  skipAttributes,
  usageAttributes,
} from './attributes.ts';
import type { Measurements } from './measurements.ts';
import { activeContext, Clock, OpenSpan } from './open-span.ts';
import { version } from '../version.ts';
import { quietly, runIn } from './quietly.ts';

/** Where spans and measurements go. */
export interface Telemetry {
  readonly measurements: Measurements;
  readonly usageOnSpans: boolean;
  tracer(): Tracer;
}

/** What is known of the model that answers. */
type Answering = Partial<Pick<Attributes, 'gen_ai.provider.name' | 'gen_ai.response.model'>>;

/** The key of the attempt in its context, where a wrapped primitive finds the attempt that calls it. */
const attemptKey = createContextKey(`ai-alloy ${version} attempt`);

/** The span and the measurements of one call on a primitive. */
export class CallSpan implements CallObserver {
  readonly telemetry: Telemetry;
  readonly call: ObservedCall;
  readonly clock: Clock;
  readonly isNested: boolean;
  readonly #around: AttemptSpan | undefined;
  readonly #span: OpenSpan;
  #attempts = 0;
  #latest: AttemptSpan | undefined;

  /** @param outer of a nested primitive: the attempt of the outer one */
  constructor(telemetry: Telemetry, call: ObservedCall, outer?: AttemptSpan) {
    const { router, streams } = call;
    const { id, planner } = router;
    // Also where no context manager is registered, the spans of nested primitives are nested.
    const parent = outer?.context ?? activeContext();
    const around = outer ?? (parent.getValue(attemptKey) as AttemptSpan | undefined);
    this.telemetry = telemetry;
    this.call = call;
    this.clock = around?.clock ?? new Clock();
    this.isNested = around !== undefined;
    this.#around = around;
    this.#span = new OpenSpan({
      tracer: telemetry.tracer,
      clock: this.clock,
      parent,
      name: `${planner.kind} ${id}`,
      kind: SpanKind.INTERNAL,
      attributes: {
        'ai_alloy.primitive.id': id,
        'ai_alloy.primitive.kind': planner.kind,
        ...(streams && { 'gen_ai.request.stream': true }),
      },
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
    before?.settle();
    this.#latest = new AttemptSpan(this, member, { number: ++this.#attempts, waitedMs });
    if (before && before.member !== member)
      quietly(() => this.telemetry.measurements.fallback(this, before.member, before.failure));
    return this.#latest;
  }

  cooldownStarted(ms: number): void {
    this.#latest?.cooldownStarted(ms);
  }

  ended(decision: Decision, error: unknown): void {
    this.#latest?.settle();
    const errorType = errorTypeOf(decision, error);
    const answering = decision.answeredBy === undefined ? {} : (this.#latest?.answering ?? {});
    this.#around?.innerEnded(answering);
    quietly(() => this.telemetry.measurements.call(this, decision, errorType));
    this.#span.end({
      at: this.clock.now(),
      isError: errorType !== undefined && decision.outcome !== 'aborted',
      attributes: () => ({ ...decisionAttributes(decision), ...answering, 'error.type': errorType }),
      skips: () => decision.candidates.filter(({ skipped }) => skipped).map(skipAttributes),
    });
  }
}

/** The span and the measurements of one attempt. */
class AttemptSpan implements AttemptObserver {
  readonly context: Context;
  readonly member: ObservedMember;
  readonly clock: Clock;
  answering: Answering = {};
  failure: string | undefined;
  readonly #call: CallSpan;
  readonly #span: OpenSpan;
  #innerAnswering: Answering | undefined;
  #cooldownMs: number | undefined;
  #ended: { readonly attempt: Attempt; readonly at: number } | undefined;

  constructor(
    call: CallSpan,
    member: ObservedMember,
    { number, waitedMs }: { readonly number: number; readonly waitedMs: number | undefined },
  ) {
    this.#call = call;
    this.member = member;
    this.clock = call.clock;
    const request = requestAttributes(member);
    const model = request['gen_ai.request.model'];
    this.#span = new OpenSpan({
      tracer: call.telemetry.tracer,
      clock: call.clock,
      parent: call.context,
      name: model === undefined ? `attempt ${member.id}` : `chat ${model}`,
      kind: model === undefined ? SpanKind.INTERNAL : SpanKind.CLIENT,
      attributes: {
        ...request,
        ...(call.call.streams && { 'gen_ai.request.stream': true }),
        'ai_alloy.primitive.id': call.call.router.id,
        'ai_alloy.member.id': member.id,
        'ai_alloy.attempt.number': number,
        ...(waitedMs !== undefined && { 'ai_alloy.attempt.waited_ms': waitedMs }),
      },
    });
    this.context = this.#span.context.setValue(attemptKey, this);
  }

  run<Result>(work: () => Result): Result {
    return runIn(this.context, work);
  }

  callStarted(call: ObservedCall): CallObserver {
    return new CallSpan(this.#call.telemetry, call, this);
  }

  begun({ result, preamble }: ObservedAnswer): void {
    quietly(() => {
      const response = preamble?.findLast(({ type }) => type === 'response-metadata');
      const provider = requestAttributes(this.member)['gen_ai.provider.name'];
      this.answering = {
        ...(provider !== undefined && { 'gen_ai.provider.name': provider }),
        ...responseAttributes(response ?? fieldOf(result, 'response')),
      };
    });
  }

  /** A call on a primitive inside this attempt has ended. */
  innerEnded(answering: Answering): void {
    this.#innerAnswering = answering;
  }

  ended(attempt: Attempt): void {
    this.failure = attempt.failure;
    // The primitive inside that has answered, and not one that the member called for something else.
    if (attempt.decision) this.answering = { ...this.answering, ...this.#innerAnswering };
    const { call, telemetry } = this.#call;
    quietly(() => telemetry.measurements.attempt({ call, context: this.context }, this.member, attempt));
    this.#ended = { attempt, at: this.clock.now() };
  }

  /** The attempt that ended has put the member on cooldown. */
  cooldownStarted(ms: number): void {
    this.#cooldownMs = ms;
  }

  /** Ends the span, with the time at which the attempt ended: only then is it known whether a cooldown has started. */
  settle(): void {
    if (!this.#ended) return;
    const { attempt, at } = this.#ended;
    this.#ended = undefined;
    const { usageOnSpans } = this.#call.telemetry;
    this.#span.end({
      at,
      isError: attempt.outcome === 'failed',
      attributes: () => ({
        ...requestAttributes(this.member), // by now, a string id is resolved
        ...this.answering,
        ...attemptAttributes(attempt),
        'ai_alloy.attempt.cooldown_ms': this.#cooldownMs,
        ...(usageOnSpans && calledModel(this.member, attempt) && usageAttributes(attempt.usage)),
      }),
    });
  }
}

/** Why a call has no answer: that it was refused or aborted, or the kind of the last failure. */
function errorTypeOf({ outcome, attempts = [] }: Decision, error: unknown): string | undefined {
  if (outcome === 'answered') return undefined;
  if (outcome !== 'failed') return outcome;
  return attempts.at(-1)?.failure ?? failureOf(error).kind;
}
