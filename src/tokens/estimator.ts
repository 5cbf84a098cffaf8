import type { Call } from '../sdk/model.ts';
import type { Tokenizer } from './vendor.ts';

/**
 * Counts tokens. Only `estimateText` is required; the other methods make counting cheaper or more exact.
 * An estimator overestimates slightly on purpose: its numbers include its safety margin, once.
 *
 * @example
 * ```ts
 * import type { TokenEstimator } from 'ai-alloy';
 *
 * export const oneTokenPerCharacter: TokenEstimator = {
 *   id: 'one-per-character',
 *   estimateText: (text) => text.length,
 * };
 * ```
 */
export interface TokenEstimator {
  /** Names the estimator and its settings in decisions: `char-ratio(3.5, 1.1)`. */
  readonly id: string;
  /** Tokens in `text`, safety margin included; always the same for the same text. */
  estimateText(text: string): number;
  /** Like `estimateText`, but may stop once it is above `limit`, and return any number above that. */
  readonly estimateUpTo?: ((text: string, limit: number) => number) | undefined;
  /**
   * Like `estimateUpTo`, in steps of a few milliseconds each: called instead of it for texts that take longer, so that
   * other requests go on between two steps.
   */
  readonly estimateInSteps?: ((text: string, limit: number) => Generator<unknown, number>) | undefined;
  /**
   * A number that is cheap to compute and never below `estimateText(text)`, margin included. May return a looser bound
   * as long as that is at most `enough`.
   */
  readonly upperBound?: ((text: string, enough?: number) => number) | undefined;
  /**
   * Loads what `estimateText` needs, such as a vocabulary. It is awaited before `estimateText`, unless `upperBound`
   * already shows that the call fits. Returns undefined once everything is loaded.
   */
  readonly load?: (() => Promise<unknown> | undefined) | undefined;
  /**
   * Tokens in a whole call, for estimators that can't count it string by string. May stop early once it is above
   * `limit`, may return an upper bound that is at most `limit`, and may be asynchronous. Returns undefined for a call
   * whose strings should be counted one by one after all.
   */
  readonly estimateCall?:
    | ((
        call: Call,
        limit?: number,
      ) => number | CallBound | undefined | Promise<number | CallBound | undefined>)
    | undefined;
  /** The same estimator with another safety margin, so that `{ safetyMargin: 1.2 }` keeps the kind. */
  readonly withSafetyMargin?: ((safetyMargin: number) => TokenEstimator) | undefined;
  /**
   * The estimator for a model's tokenizer, if it can count for that better than the vendor factor does. Called once per
   * member. @default itself
   */
  readonly forTokenizer?: ((model: Tokenizer) => TokenEstimator) | undefined;
  /**
   * Whether it counts exactly as the model's own tokenizer does, apart from the margin; otherwise it is an estimate.
   * `isOwn`: whether the estimator was declared on this model itself, rather than on a primitive around it.
   */
  readonly isExactFor?: ((model: Tokenizer, isOwn?: boolean) => boolean) | undefined;
  /** Whether its numbers already hold for the model, so that the vendor factor is not applied. @default false */
  readonly ignoresVendor?: boolean | undefined;
}

/** An upper bound of a call's tokens. */
export interface CallBound {
  readonly bound: number;
}

/** Settings of a built-in estimator. */
export interface EstimatorSettings {
  /** Unicode code points per token; means `charRatio`. @default 3.5 */
  readonly charsPerToken?: number | undefined;
  /** UTF-8 bytes per token; means `byteRatio`. @default 3 */
  readonly bytesPerToken?: number | undefined;
  /** At least 1; alone, it keeps the kind of the level above. @default 1.1 (chars), 1.15 (bytes) */
  readonly safetyMargin?: number | undefined;
}

/** An estimator, or settings for a built-in one. */
export type EstimatorOption = TokenEstimator | EstimatorSettings;
