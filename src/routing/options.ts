import type { Decision, DecisionListener, FailureKind } from '../decision.ts';
import type { AttemptOptions } from '../faults/attempt-options.ts';
import type { CooldownOptions } from '../stores/cooldown.ts';
import type { Answer } from '../sdk/answer.ts';
import type { EstimatorOption } from '../tokens/estimator.ts';
import type { MediaTokens } from '../tokens/call/media.ts';
import type { TokenSize } from '../tokens/size.ts';
import type { Failure } from '../faults/failure.ts';
import type { ModelCall } from '../sdk/model.ts';

/**
 * Shortens a call that fits no member. An error that it throws is thrown by the call.
 *
 * @param call a copy of the call, in the specification of the installed `ai`
 * @param decision why the call fits no member: what it needs of each one, and how much each one holds
 * @returns the call to plan and send instead, with the prompt and all other options; undefined: the call is refused
 */
export type Shorten = (
  call: ModelCall,
  decision: Decision,
) => ModelCall | undefined | PromiseLike<ModelCall | undefined>;

/** What `acceptAnswer` says: true accepts the answer; false, or a reason of up to 200 characters, rejects it. */
export type AnswerVerdict = boolean | string;

/**
 * Checks an answer, at once or in a promise. The promise is awaited until `deadlineMs` has passed or the call is
 * aborted.
 */
export type AcceptAnswer = (answer: Answer) => AnswerVerdict | PromiseLike<AnswerVerdict>;

/** What `alloy`, `cascade` and `dispatcher` have in common. */
export interface SharedOptions extends AttemptOptions {
  /** Names the primitive in decisions and errors, and is its `modelId`. @default `cascade(a, b)`, by its members */
  readonly id?: string | undefined;
  /**
   * Counts input tokens for members without an estimator of their own.
   * @default weights of the model's tokenizer family; else 3.5 characters per token, more for denser text
   */
  readonly estimator?: EstimatorOption | undefined;
  /**
   * Counts images, audio and other media for members that don't set it.
   * @default one upper number of tokens per kind
   */
  readonly mediaTokens?: MediaTokens | undefined;
  /**
   * Whether the input tokens that a provider reported for the conversation so far replace the estimate of it, for
   * members that don't set this.
   * @default true
   */
  readonly anchor?: boolean | undefined;
  /**
   * How many output tokens to reserve when neither the call nor the member says.
   * @default what the provider package sends by itself, else 4096
   */
  readonly defaultOutputTokens?: TokenSize | undefined;
  /**
   * The failures after which the next member is tried: kinds, or a predicate. In a list, `'default'` stands for the
   * default kinds: `['default', 'auth']`. Every other error is thrown at once and unchanged; an abort by the caller
   * always is. After an overflow, a larger member is always tried. An error without `fallback`.
   * @default defaultFallThroughOn: timeout, rate-limit, quota, server-error, network, malformed-response, unsupported, rejected, unknown
   */
  readonly fallThroughOn?: readonly (FailureKind | 'default')[] | ((failure: Failure) => boolean) | undefined;
  /**
   * Checks each member's complete answer before it is passed on: true accepts it. False, a text (the reason), or an error
   * that it throws rejects it: the attempt has failed with the kind `rejected`, and the next member is tried. The reason
   * is shown in decisions and errors, so don't put the answer into it. Streams are checked with `afterContent: 'buffer'`;
   * without it, only a stream that ends without content is, and others get a call warning. For the members of this
   * primitive only: the answer of a nested primitive is checked as a whole.
   * @default every complete answer is accepted
   */
  readonly acceptAnswer?: AcceptAnswer | undefined;
  /**
   * Timeout of the whole call, in milliseconds: all attempts, the waits between them, and the answer. Recommended:
   * 900_000, or a little less than what the platform allows a request.
   * @default no limit
   */
  readonly deadlineMs?: number | undefined;
  /**
   * With `retries` and a `fallback`: the longest Retry-After, in milliseconds, to wait for while another member could
   * take over at once. If none could, a longer one is waited for, up to a minute.
   * @default 500
   */
  readonly maxRetryAfterMs?: number | undefined;
  /**
   * What to do if a stream fails after its first content part. `'error'`: the error is passed on, as a part.
   * `'buffer'`: the answer is held back until it is complete, so that another member can replace a failed one; the
   * consumer sees nothing of it until then.
   * @default 'error'
   */
  readonly afterContent?: 'error' | 'buffer' | undefined;
  /**
   * With `afterContent: 'buffer'`: how many parts of a stream to hold back at most. A longer answer, or one of more
   * than about 32 MB, is passed on from there as it comes, and can no longer be replaced.
   * @default 100_000
   */
  readonly maxBufferedParts?: number | undefined;
  /**
   * Circuit breaker: when a member that fails repeatedly goes on cooldown. It is then tried last, not skipped. After
   * the cooldown one call tries it, and one success ends it. In a dispatcher only with `fallback: true`; an error
   * without.
   * @default no cooldown
   */
  readonly cooldown?: CooldownOptions | undefined;
  /**
   * What to do when a server silently truncated the prompt, for example because its context window is small: the
   * provider reports fewer input tokens than the prompt has at least. `'warn'`: an AI SDK warning, and `truncated` in
   * the decision; `'error'`: a PromptTruncatedError, as the call's rejection or, of a stream, as its last part;
   * `'ignore'`: nothing.
   * @default 'warn'
   */
  readonly onTruncation?: 'warn' | 'error' | 'ignore' | undefined;
  /**
   * Shortens a call that fits no member, or not the one that a rule or the conversation chose, instead of a
   * ContextWindowExceededError: for example without old tool results. Asked once in a call, and only by the primitive
   * that the application calls, not by those inside it. What it returns is planned anew, rules and sticky choices
   * included; if that fits nowhere either, the call is refused.
   */
  readonly shorten?: Shorten | undefined;
  /**
   * Called once per call, when its outcome is final: answered, failed, refused, cancelled or aborted. It also gets the
   * short values of `providerOptions['ai-alloy']`, as `metadata`. What it throws is ignored. The decision is shared with
   * the result: read it, don't change it.
   */
  readonly onDecision?: DecisionListener | undefined;
}
