import { AISDKError } from 'ai';
import type { Decision } from '../decision.ts';
import { hasMarker, markerOf } from './errors.ts';

/**
 * A member answered a prompt that somebody on the way had cut off, and the primitive was told to take that for
 * an error: `onTruncation: 'error'`. The provider reports fewer input tokens than what was sent can have been.
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { cascade, defaultFallThroughOn, PromptTruncatedError } from 'ai-alloy';
 *
 * // The next step is tried instead; with streams, which show it at their end, it is an error all the same.
 * export const model = cascade({
 *   steps: [openai('local'), openai('gpt-5')],
 *   onTruncation: 'error',
 *   fallThroughOn: [...defaultFallThroughOn, 'truncated'],
 * });
 *
 * export const wasCutOff = (error: unknown): boolean => PromptTruncatedError.isInstance(error);
 * ```
 */
export class PromptTruncatedError extends AISDKError {
  /** Input tokens that the provider reports, read from or written to a cache included. */
  readonly reported: number;
  /** The fewest tokens that what was sent can have been. */
  readonly sent: number;

  /** The usage of the answer, as its provider reported it. */
  readonly usage: unknown;

  constructor({ reported, sent }: NonNullable<Decision['truncated']>, usage?: unknown) {
    super({ name: 'AI_PromptTruncatedError', message: truncationMessage({ reported, sent }) });
    Object.assign(this, { [markerOf('PromptTruncatedError')]: true });
    this.reported = reported;
    this.sent = sent;
    this.usage = usage;
  }

  /** Whether `error` is a PromptTruncatedError, from any copy of this package. */
  static override isInstance(error: unknown): error is PromptTruncatedError {
    return hasMarker(error, 'PromptTruncatedError');
  }
}

/** What is known of a prompt that was cut off, and what to do about it. */
export function truncationMessage({ reported, sent }: NonNullable<Decision['truncated']>): string {
  return (
    `the prompt was cut off: at least ${sent} tokens were sent, and the provider reports ${reported}. ` +
    'Does the server hold less than the declared contextWindow (Ollama: num_ctx)?'
  );
}
