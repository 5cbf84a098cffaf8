import type { Decision } from '../decision.ts';
import { rememberDecision } from '../decision-of.ts';
import { PromptTruncatedError, truncationMessage } from '../errors/prompt-truncated-error.ts';
import type { GenerateResult, StreamPart, Warning } from '../sdk/model.ts';
import { inputTokensOf } from '../sdk/usage.ts';
import { holdAgainst } from '../tokens/call/anchor.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import type { Member, Router } from './router.ts';

type Truncated = Decision['truncated'];

/** An answer of a plain model. */
interface Answered {
  readonly answer: GenerateResult | StreamPart;
  readonly member: Member;
  readonly sent: Remembered;
  /** Whether the provider executed tools: then its usage may add up several prompts. */
  readonly ranTools: boolean;
}

/**
 * Learns from the input tokens that an answer reports; returns what they show of a prompt that was cut off. Not for
 * a primitive's answer, wrapped or not: it has done so itself, and its next may be another model's.
 */
export function readUsage({ answer, member, sent, ranTools }: Answered): Truncated {
  const reported = inputTokensOf(answer);
  if (reported !== undefined && !ranTools) member.learned.accepted(reported);
  return reported === undefined ? undefined : holdAgainst(reported, sent, member.limits, !ranTools);
}

/**
 * What a primitive makes of a prompt that was cut off: nothing, an error, or what it was told, to warn of.
 *
 * @param inner the decision of a nested primitive that was told so
 */
export function applyTruncationPolicy(
  { onTruncation }: Router,
  truncated: Truncated,
  usage: unknown,
  inner: Decision | undefined,
): Truncated {
  if (!truncated || onTruncation === 'ignore') return undefined;
  if (onTruncation === 'warn') return truncated;
  const error = new PromptTruncatedError(truncated, usage);
  if (inner) rememberDecision(error, inner);
  throw error;
}

/** The call warning for a prompt that was cut off, in the name of the primitive whose member it was. */
export function truncationWarning({ id, kind, truncated, attempts }: Decision): Warning {
  const last = attempts?.at(-1);
  if (last?.decision?.truncated) return truncationWarning(last.decision);
  const member = last ? `${last.id}: ` : '';
  return { type: 'other', message: `ai-alloy: ${kind} "${id}": ${member}${truncationMessage(truncated!)}` };
}
