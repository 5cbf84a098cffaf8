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

/** The counter of the ranks that `importRanks` returns. */
export function lazyCounter(importRanks: () => Promise<RankFile>): LazyCounter {
  let counter: BpeCounter | undefined;
  let loading: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    try {
      counter = new BpeCounter(await importRanks());
    } finally {
      loading = undefined;
    }
  };

  return {
    loaded: () => counter,
    load: () => (counter === undefined ? (loading ??= load()) : undefined),
  };
}
