import type { Decision } from '../decision.ts';
import { rememberDecision } from '../decision-of.ts';
import { PromptTruncatedError, truncationMessage } from '../errors/prompt-truncated-error.ts';
import type { GenerateResult, StreamPart, Warning } from '../sdk/model.ts';
import { inputTokensOf } from '../sdk/usage.ts';
import { checkReportedInput } from '../tokens/call/anchor.ts';
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
 * Learns from the input tokens that an answer reports; returns the numbers if they show a truncated prompt. Not for
 * the answer of a primitive, wrapped or not: it has done this itself, and its next answer may come from another model.
 */
export function readUsage({ answer, member, sent, ranTools }: Answered): Truncated {
  const reported = inputTokensOf(answer);
  if (reported !== undefined && !ranTools) member.learned.accepted(reported);
  return reported === undefined ? undefined : checkReportedInput(reported, sent, member.limits, !ranTools);
}

/**
 * Applies `onTruncation` to a truncated prompt: ignores it, returns it for a warning, or throws.
 *
 * @param inner the decision of a nested primitive that reported it
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

/** The call warning about a truncated prompt, in the name of the primitive that called the model. */
export function truncationWarning({ id, kind, truncated, attempts }: Decision): Warning {
  const last = attempts?.at(-1);
  if (last?.decision?.truncated) return truncationWarning(last.decision);
  const member = last ? `${last.id}: ` : '';
  return { type: 'other', message: `ai-alloy: ${kind} "${id}": ${member}${truncationMessage(truncated!)}` };
}
