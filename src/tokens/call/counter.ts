import type { Demand } from '../../decision.ts';
import type { TokenEstimator } from '../estimator.ts';
import type { Tokenizer } from '../vendor.ts';
import type { MediaTokens } from './media.ts';

/** How the input tokens of one member are counted. */
export interface Counter {
  readonly estimator: TokenEstimator;
  /** The tokenizer of the member's model. */
  readonly tokenizer: Tokenizer;
  /** Whether the estimator counts exactly as that tokenizer does, rather than estimates. */
  readonly isExact: boolean;
  /** The built-in estimator for that tokenizer: what a provider reports is compared with its counts. */
  readonly builtIn: TokenEstimator;
  /** Counts media instead of the built-in rules, unless it returns undefined. */
  readonly mediaTokens: MediaTokens | undefined;
  /** Whether to use the tokens that the provider reported for the conversation so far, instead of counting that part. */
  readonly anchor: boolean;
}

/** The input tokens of a call. */
export interface InputCount extends Pick<Demand, 'basis' | 'atLeast'> {
  readonly tokens: number;
}

/** The factor that an estimator's count is multiplied by for a member's tokenizer. */
export const factorOf = ({ estimator, tokenizer }: Pick<Counter, 'estimator' | 'tokenizer'>): number =>
  estimator.ignoresVendor ? 1 : tokenizer.factor;

/** Throws unless `tokens`, which an estimator or `mediaTokens` returned, is a number of tokens. */
export function checked(tokens: unknown, estimator?: TokenEstimator): number {
  if (typeof tokens === 'number' && tokens >= 0 && tokens < Infinity) return tokens;
  const returned =
    tokens instanceof Promise ? 'a promise' : typeof tokens === 'string' ? `"${tokens}"` : String(tokens);
  const who = estimator ? `token estimator "${estimator.id}"` : 'mediaTokens';
  throw new TypeError(
    `${who} returned ${returned}: it has to return a number of at least 0` +
      (tokens instanceof Promise ? ' at once; only estimateCall may be asynchronous' : ''),
  );
}
