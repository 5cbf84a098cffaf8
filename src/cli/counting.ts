import { createRequire } from 'node:module';
import { tiktoken as ofEncodings } from '../tiktoken/index.ts';
import { huggingFaceTokenizer as ofFiles } from '../huggingface/index.ts';
import { isAddress } from '../huggingface/source.ts';
import type { Counting } from '../inspect/read-gateway.ts';
import { defaultEstimator } from '../tokens/resolve-estimator.ts';

const usedInstead = 'the default estimator is used instead';

/**
 * Counts exactly if js-tiktoken is installed, else estimates with a note. A `tokenizer.json` behind a URL is not
 * fetched.
 */
export function counting(): Counting {
  const notes: string[] = [];
  const note = (said: string): unknown => notes.includes(said) || notes.push(said);
  return {
    notes,
    tiktoken(options) {
      const exact = ofEncodings(options);
      if (hasRanks()) return exact;
      note(`the file needs js-tiktoken, which is not installed (npm install js-tiktoken): ${usedInstead}`);
      return { ...defaultEstimator, id: `${defaultEstimator.id} for tiktoken` };
    },
    huggingFaceTokenizer(options) {
      const exact = ofFiles(options);
      if (![options.tokenizer, options.config].some(isRemote)) return exact;
      note(`a tokenizer.json that has a URL is not fetched: ${usedInstead}`);
      return { ...defaultEstimator, id: `${defaultEstimator.id} for huggingface` };
    },
  };
}

const isRemote = (source: unknown): boolean =>
  typeof source === 'string' && isAddress(source) && !source.startsWith('file:');

function hasRanks(): boolean {
  try {
    createRequire(import.meta.url).resolve('js-tiktoken/ranks/o200k_base');
    return true;
  } catch {
    return false;
  }
}
