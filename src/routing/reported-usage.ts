import type { Decision } from '../decision.ts';
import { PromptTruncatedError, truncationMessage } from '../prompt-truncated-error.ts';
import type { GenerateResult, StreamPart, Warning } from '../spec/model.ts';
import { inputTokensOf } from '../spec/usage.ts';
import { holdAgainst } from '../tokens/call/anchor.ts';
import type { Request } from './attempts.ts';
import type { Member } from './router.ts';

/**
 * Learns from the input tokens that a member's answer reports. If they show that the prompt was cut off, says so
 * or throws, as the primitive was told to.
 *
 * @param ranTools whether the provider executed tools: then its usage may add up several prompts
 */
export function readUsage(
  { router, call }: Request,
  { limits }: Member,
  answer: GenerateResult | StreamPart,
  ranTools: boolean,
): Decision['truncated'] {
  const reported = inputTokensOf(answer);
  const truncated = reported === undefined ? undefined : holdAgainst(reported, call, limits, !ranTools);
  if (!truncated || router.onTruncation === 'ignore') return undefined;
  if (router.onTruncation === 'error') throw new PromptTruncatedError(truncated);
  return truncated;
}

/** The call warning for a prompt that was cut off. */
export function truncationWarning(
  { router }: Request,
  truncated: NonNullable<Decision['truncated']>,
): Warning {
  const { planner, id } = router;
  return { type: 'other', message: `ai-alloy: ${planner.kind} "${id}": ${truncationMessage(truncated)}` };
}
