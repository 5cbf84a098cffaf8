import type { Decision, FailureKind } from '../decision.ts';
import type { AttemptOptions } from '../faults/attempt-options.ts';
import type { CooldownOptions } from '../stores/cooldown.ts';
import type { EstimatorOption } from '../tokens/estimator.ts';
import type { MediaTokens } from '../tokens/call/media.ts';
import type { TokenSize } from '../tokens/size.ts';
import type { Failure } from '../faults/failure.ts';

/** What `alloy`, `cascade` and `dispatcher` have in common. */
export interface SharedOptions extends AttemptOptions {
  /** Names the primitive in decisions and errors, and is its `modelId`. @default `cascade(a, b)`, by its members */
  readonly id?: string;
  /**
   * Counts the input of members without an estimator of their own.
   * @default 3.5 characters per token, with a guard for denser text
   */
  readonly estimator?: EstimatorOption;
  /** Counts media for members that don't say. @default one upper number of tokens per kind */
  readonly mediaTokens?: MediaTokens;
  /**
   * Whether the input tokens that a member's provider reported stand for the conversation so far, instead of an
   * estimate, for members that don't say. @default true
   */
  readonly anchor?: boolean;
  /**
   * Output tokens to reserve when neither the call nor the member says.
   * @default what the provider package sends by itself, else 4096
   */
  readonly defaultOutputTokens?: TokenSize;
  /**
   * The failures on which to go on to the next member: kinds, or a predicate. Every other error is thrown
   * at once and unchanged, the caller's abort always. An overflow always goes on, to larger members only. Refused
   * where there is no `fallback`.
   * @default defaultFallThroughOn: timeout, rate-limit, quota, server-error, network, malformed-response, unsupported, unknown
   */
  readonly fallThroughOn?: readonly FailureKind[] | ((failure: Failure) => boolean);
  /**
   * Within which time, in milliseconds, a call has to be over, whatever is tried in it: all attempts, the waits
   * between them, and the answer. Recommended: 600_000, or what the platform allows a request less a little.
   * @default no limit
   */
  readonly deadlineMs?: number;
  /**
   * With `retries` and a `fallback`: the longest Retry-After, in milliseconds, to wait for while another member could take over at
   * once. Where none could, a longer one is waited for, but not one of more than a minute.
   * @default 500
   */
  readonly maxRetryAfterMs?: number;
  /**
   * What to do about a stream that fails after its first content part. `'error'`: the error is passed on, as a part.
   * `'buffer'`: the answer is held back until it is whole, so that the next member can replace a failed one; the
   * consumer sees nothing of it till then.
   * @default 'error'
   */
  readonly afterContent?: 'error' | 'buffer';
  /**
   * With `afterContent: 'buffer'`: how many parts of a stream to hold back at most. A longer answer, or one of more than about
   * 32 MB, is passed on from there as it comes, and can no longer be replaced.
   * @default 100_000
   */
  readonly maxBufferedParts?: number;
  /**
   * When a member rests that fails repeatedly: it goes last, not away. After its rest one call tries it, and one
   * success is enough. In a dispatcher only with `fallback: true`, and refused without.
   * @default members don't rest
   */
  readonly cooldown?: CooldownOptions;
  /**
   * What to do when an answer was made of a prompt that somebody cut off, such as a server with a small context
   * window: the provider reports fewer input tokens than were sent at least. `'warn'`: an AI SDK warning, and
   * `truncated` in the decision; `'error'`: a PromptTruncatedError, as the call's rejection or, of a stream, as
   * its last part; `'ignore'`: nothing.
   * @default 'warn'
   */
  readonly onTruncation?: 'warn' | 'error' | 'ignore';
  /**
   * Called once per call, when its outcome is final: finished, failed, cancelled or aborted. What it throws
   * is ignored. The decision is shared with the result: read it, don't change it.
   */
  readonly onDecision?: (decision: Decision) => void;
}
