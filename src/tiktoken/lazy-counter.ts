import { lazy, type Lazy } from '../tokens/lazy.ts';
import { BpeCounter } from './bpe-counter.ts';
import type { RankFile } from './rank-table.ts';

/** A counter that is created when it is first needed. */
export type LazyCounter = Lazy<BpeCounter>;

/** A counter with the ranks that `importRanks` returns. */
export const lazyCounter = (importRanks: () => Promise<RankFile>): LazyCounter =>
  lazy(async () => new BpeCounter(await importRanks()));
