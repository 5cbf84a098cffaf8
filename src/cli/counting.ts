import { createRequire } from 'node:module';
import { tiktoken as exact, type TiktokenOptions } from '../tiktoken/index.ts';
import type { TokenEstimator } from '../tokens/estimator.ts';
import { defaultEstimator } from '../tokens/resolve-estimator.ts';

/** How `tiktoken` counts here, and what is to be said about it. */
export interface Counting {
  readonly tiktoken: (options?: TiktokenOptions) => TokenEstimator;
  readonly notes: readonly string[];
}

/** Counts exactly where js-tiktoken is installed, which only some files need; else says that it doesn't. */
export function counting(): Counting {
  if (hasRanks()) return { tiktoken: exact, notes: [] };
  const notes: string[] = [];
  const tiktoken = (options?: TiktokenOptions): TokenEstimator => {
    exact(options); // wrong options are as wrong
    if (notes.length === 0) {
      notes.push(
        'the file needs js-tiktoken, which is not installed (npm install js-tiktoken): here the default estimator stands in',
      );
    }
    return { ...defaultEstimator, id: `${defaultEstimator.id} for tiktoken` };
  };
  return { tiktoken, notes };
}

function hasRanks(): boolean {
  try {
    createRequire(import.meta.url).resolve('js-tiktoken/ranks/o200k_base');
    return true;
  } catch {
    return false;
  }
}
