import type { Call } from '../sdk/model.ts';
import type { Tokenizer } from './vendor.ts';

/**
 * Counts tokens. The one thing to write is `estimateText`; the rest makes it cheaper or more exact.
 * An estimator over-estimates slightly on purpose: its safety margin is inside its numbers, once.
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
  estimateUpTo?(text: string, limit: number): number;
  /**
   * The same in steps of a few milliseconds each, where a text may take longer: asked instead of `estimateUpTo`, so
   * that other requests go on between two steps.
   */
  estimateInSteps?(text: string, limit: number): Generator<unknown, number>;
  /**
   * A cheap number of tokens never below `estimateText(text)`, margin included. May settle for a looser one
   * as long as it is at most `enough`.
   */
  upperBound?(text: string, enough?: number): number;
  /**
   * Loads what `estimateText` needs, if it isn't here: awaited before that, but only when no `upperBound`
   * settles the matter. Undefined once there is nothing to wait for.
   */
  load?(): Promise<unknown> | undefined;
  /**
   * Tokens in a whole call, if walking its strings is not good enough. May stop early once it is above
   * `limit`, may settle for an upper bound within it, and may be asynchronous. Undefined for a call whose strings are
   * to be walked after all.
   */
  estimateCall?(
    call: Call,
    limit?: number,
  ): number | CallBound | undefined | Promise<number | CallBound | undefined>;
  /** The same estimator with another safety margin, so that `{ safetyMargin: 1.2 }` keeps the kind. */
  withSafetyMargin?(safetyMargin: number): TokenEstimator;
  /**
   * The estimator for a model's tokenizer, where it knows more of that than the vendor factor says. Asked once for each
   * member. @default itself
   */
  forTokenizer?(model: Tokenizer): TokenEstimator;
  /**
   * Whether its count is that of the model's own tokenizer, margin apart; otherwise it is an estimate. `isOwn`: whether
   * the estimator was declared for this very model, rather than for a primitive around it.
   */
  isExactFor?(model: Tokenizer, isOwn?: boolean): boolean;
  /** Whether its numbers are the model's own already, so that a member's vendor factor has no say. @default false */
  readonly ignoresVendor?: boolean;
}

/** A number that the tokens of a call are surely not above. */
export interface CallBound {
  readonly bound: number;
}

/** Settings of an estimator that comes in the box. */
export interface EstimatorSettings {
  /** Unicode code points per token; means `charRatio`. @default 3.5 */
  readonly charsPerToken?: number;
  /** UTF-8 bytes per token; means `byteRatio`. @default 3 */
  readonly bytesPerToken?: number;
  /** At least 1; alone, it keeps the kind of the level above. @default 1.1 (chars), 1.15 (bytes) */
  readonly safetyMargin?: number;
}

/** An estimator, or settings for one in the box. */
export type EstimatorOption = TokenEstimator | EstimatorSettings;
