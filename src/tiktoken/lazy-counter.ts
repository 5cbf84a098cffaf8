import { BpeCounter } from './bpe-counter.ts';
import type { RankFile } from './rank-table.ts';

/** A counter that is made when it is first needed. */
export interface LazyCounter {
  /** The counter, once it is loaded. */
  loaded(): BpeCounter | undefined;
  /**
   * Loads it; concurrent callers share one promise, and after a failure the next call tries again.
   * Undefined once it is loaded.
   */
  load(): Promise<void> | undefined;
}

/** The counter of `encoding`, whose ranks come by `importRanks`. */
export function lazyCounter(
  encoding: string,
  importRanks: () => Promise<{ readonly default: RankFile }>,
): LazyCounter {
  let counter: BpeCounter | undefined;
  let loading: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    try {
      const { default: ranks } = await importRanks();
      counter = new BpeCounter(ranks);
    } catch (cause) {
      throw new Error(
        `tiktoken(${encoding}): its ranks can't be loaded. Install js-tiktoken 1.0.20 or newer, ` +
          `and see that js-tiktoken/ranks/${encoding} is deployed.`,
        { cause },
      );
    } finally {
      loading = undefined;
    }
  };

  return {
    loaded: () => counter,
    load: () => (counter === undefined ? (loading ??= load()) : undefined),
  };
}
