import type { Attributes } from '@opentelemetry/api';
import type { Attempt, Candidate, Decision, TokenUsage } from '../decision.ts';
import { fieldOf } from '../faults/safe-read.ts';
import type { ObservedMember } from '../observer.ts';
import { providerName } from './provider-name.ts';

// Every attribute is here, and in docs/telemetry.md. `gen_ai.*`, `error.type` and `http.*` are OpenTelemetry's; what
// they have no name for is under `ai_alloy.*`, in the words of decisions. Text of a prompt or of an answer is in none.

/** Of a call on a primitive, once it has ended. */
export function decisionAttributes(decision: Decision): Attributes {
  const { outcome, reason, rule, order, answeredBy, attempts = [], truncated, shortened } = decision;
  const skipped = decision.candidates.filter((each) => each.skipped).map(({ id }) => id);
  return {
    'ai_alloy.outcome': outcome,
    'ai_alloy.reason': reason,
    'ai_alloy.rule': rule === undefined ? undefined : String(rule),
    'ai_alloy.order': order && [...order],
    'ai_alloy.skipped': skipped.length > 0 ? skipped : undefined,
    'ai_alloy.attempts': attempts.length,
    'ai_alloy.answered_by': answeredBy,
    'ai_alloy.truncated': truncated && true,
    'ai_alloy.shortened': shortened && true,
    'ai_alloy.cost': decision.cost,
  };
}

/** Of the event that says why a member was passed over, or tried last. */
export function skipAttributes({ id, skipped, demand, ceiling, lacks, ...limits }: Candidate): Attributes {
  return {
    'ai_alloy.member.id': id,
    'ai_alloy.skip.reason': skipped,
    'ai_alloy.skip.lacks': lacks && [...lacks],
    'ai_alloy.skip.input': demand.input,
    'ai_alloy.skip.output': demand.output,
    'ai_alloy.skip.ceiling': ceiling ?? undefined,
    'ai_alloy.skip.max_input_tokens': limits.maxInputTokens,
    'ai_alloy.skip.max_output_tokens': limits.maxOutputTokens,
  };
}

/** Of a request to a model; of one to a nested primitive, none. */
export function requestAttributes({ model, resolved }: ObservedMember): Attributes {
  if (resolved?.router) return {};
  const provider = textIn(resolved?.model, 'provider');
  return {
    'gen_ai.operation.name': 'chat',
    ...(provider !== undefined && { 'gen_ai.provider.name': providerName(provider) }),
    'gen_ai.request.model': textIn(resolved?.model, 'modelId') ?? model,
  };
}

/** Of the model that answers, by the metadata of its response. */
export function responseAttributes(response: unknown): Attributes {
  const modelId = textIn(response, 'modelId');
  return modelId === undefined ? {} : { 'gen_ai.response.model': modelId.slice(0, longestName) };
}

/** Characters of a name that a server sends, which may be any text. */
const longestName = 200;

/** A field of an object that others made: it may be missing, of another type, or a getter that throws. */
function textIn(object: unknown, name: string): string | undefined {
  const value = fieldOf(object, name);
  return typeof value === 'string' ? value : undefined;
}

/** Whether an attempt was one on a model, and not on a primitive, which reports its own attempts; also a wrapped one. */
export function calledModel({ resolved }: ObservedMember, { decision }: Attempt): boolean {
  return !resolved?.router && !decision;
}

/** Of an attempt, once it has ended. */
export function attemptAttributes({ outcome, failure, statusCode, deadline, ...rest }: Attempt): Attributes {
  return {
    'ai_alloy.outcome': outcome,
    'error.type': failure,
    'http.response.status_code': statusCode,
    'ai_alloy.attempt.deadline': deadline,
    'ai_alloy.attempt.first_content_ms': rest.firstContentMs,
    'ai_alloy.cost': rest.cost,
  };
}

/** Of an attempt on a model. */
export function usageAttributes({
  inputTokens,
  outputTokens,
  cachedInputTokens,
}: TokenUsage = {}): Attributes {
  return {
    'gen_ai.usage.input_tokens': inputTokens,
    'gen_ai.usage.output_tokens': outputTokens,
    'gen_ai.usage.cache_read.input_tokens': cachedInputTokens,
  };
}
