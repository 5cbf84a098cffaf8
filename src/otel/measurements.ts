import type { Attributes, Context, MeterProvider } from '@opentelemetry/api';
import type { Attempt, Decision } from '../decision.ts';
import type { ObservedCall, ObservedMember } from '../observer.ts';
import { calledModel, requestAttributes } from './attributes.ts';
import { instrumentsBy, type Instruments } from './instruments.ts';

/** A call that is measured, and the context that links measurements to its span. */
export interface Measured {
  readonly call: ObservedCall;
  readonly context: Context;
}

/** A call that is measured as a whole. */
export interface MeasuredCall extends Measured {
  readonly isNested: boolean;
}

/**
 * Records metrics. Their attributes are the ids of primitives and members, names of providers and models from the
 * configuration, and words of a fixed set: nothing that a request or a server could make up.
 */
export class Measurements {
  readonly #instruments: () => Instruments;

  constructor(provider: MeterProvider | undefined) {
    this.#instruments = instrumentsBy(provider);
  }

  call({ call, context, isNested }: MeasuredCall, decision: Decision, errorType: string | undefined): void {
    const { callDuration, refusals, skips } = this.#instruments();
    const { router } = call;
    const primitive = { 'ai_alloy.primitive.id': router.id };
    const { outcome, durationMs = 0, candidates } = decision;
    const ended: Attributes = {
      ...primitive,
      'ai_alloy.primitive.kind': router.planner.kind,
      'ai_alloy.nested': isNested,
      'ai_alloy.outcome': outcome,
      ...(errorType !== undefined && { 'error.type': errorType }),
    };
    callDuration.record(durationMs / 1000, ended, context);
    if (outcome === 'refused') refusals.add(1, primitive, context);
    for (const { id, skipped } of candidates) {
      if (!skipped) continue;
      skips.add(1, { ...primitive, 'ai_alloy.member.id': id, 'ai_alloy.skip.reason': skipped }, context);
    }
  }

  attempt({ call, context }: Measured, member: ObservedMember, attempt: Attempt): void {
    const { attempts, timeToFirstContent, attemptDuration, tokens, cost } = this.#instruments();
    const { outcome, failure, durationMs = 0, firstContentMs, usage } = attempt;
    const ids = { 'ai_alloy.primitive.id': call.router.id, 'ai_alloy.member.id': member.id };
    const error = failure && { 'error.type': failure };
    attempts.add(1, { ...ids, 'ai_alloy.outcome': outcome, ...error }, context);
    if (!calledModel(member, attempt)) return;
    const request = { ...ids, ...requestAttributes(member) };
    attemptDuration.record(durationMs / 1000, { ...request, ...error }, context);
    if (firstContentMs !== undefined) timeToFirstContent.record(firstContentMs / 1000, request, context);
    const { inputTokens, outputTokens } = usage ?? {};
    if (inputTokens !== undefined)
      tokens.add(inputTokens, { ...request, 'gen_ai.token.type': 'input' }, context);
    if (outputTokens !== undefined)
      tokens.add(outputTokens, { ...request, 'gen_ai.token.type': 'output' }, context);
    if (attempt.cost !== undefined) cost.add(attempt.cost, request, context);
  }

  /** Another member is tried because `failed` failed. */
  fallback({ call, context }: Measured, failed: ObservedMember, failure: string | undefined): void {
    const from = { 'ai_alloy.primitive.id': call.router.id, 'ai_alloy.member.id': failed.id };
    this.#instruments().fallbacks.add(1, { ...from, ...(failure && { 'error.type': failure }) }, context);
  }
}
