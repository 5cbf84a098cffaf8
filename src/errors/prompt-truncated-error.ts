import { AISDKError } from 'ai';
import type { Decision } from '../decision.ts';
import { hasMarker, markerOf } from './errors.ts';

/**
 * A truncated prompt: the server silently truncated the prompt before the member answered it, and the primitive has
 * `onTruncation: 'error'`. It shows because the provider reports fewer input tokens than the prompt has at least.
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { cascade, defaultFallThroughOn, PromptTruncatedError } from 'ai-alloy';
 *
 * // The next step is tried instead. A stream shows the truncation only at its end, so there it is an error nevertheless.
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
  /** The input tokens that the provider reports, including those read from or written to a cache. */
  readonly reported: number;
  /** How many tokens the prompt has at least. */
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

/** The message about a truncated prompt: the numbers, and what to do about it. */
export function truncationMessage({ reported, sent }: NonNullable<Decision['truncated']>): string {
  return (
    `the prompt was cut off: at least ${sent} tokens were sent, and the provider reports ${reported}. ` +
    'Does the server hold less than the declared contextWindow (Ollama: num_ctx)?'
  );
}
