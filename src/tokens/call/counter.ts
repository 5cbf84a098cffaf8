import type { Demand } from '../../decision.ts';
import type { TokenEstimator } from '../estimator.ts';
import type { Tokenizer } from '../vendor.ts';
import type { MediaTokens } from './media.ts';

/** How one member's input is counted. */
export interface Counter {
  readonly estimator: TokenEstimator;
  /** Whose tokenizer the member has. */
  readonly tokenizer: Tokenizer;
  /** Whether the estimator counts what that tokenizer counts, rather than estimates. */
  readonly isExact: boolean;
  /** Counts media, where it knows better than the built-in rules. */
  readonly mediaTokens: MediaTokens | undefined;
  /** Whether what the provider reported of the conversation so far stands for that part. */
  readonly anchor: boolean;
}

/** The input tokens of a call. */
export interface InputCount extends Pick<Demand, 'basis' | 'atLeast'> {
  readonly tokens: number;
}

/** What an estimator's count is multiplied by for a member's tokenizer. */
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
