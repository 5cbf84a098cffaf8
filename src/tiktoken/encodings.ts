import { lazyCounter, type LazyCounter } from './lazy-counter.ts';

/** An encoding whose ranks js-tiktoken has. */
export type TiktokenEncoding =
  | 'gpt2'
  | 'r50k_base'
  | 'p50k_base'
  | 'p50k_edit'
  | 'cl100k_base'
  | 'o200k_base';

// One counter each, shared by every estimator of this process. Each import is spelled out, so that a bundler
// makes it a file of its own that is loaded when it is needed.
const counters: Readonly<Record<TiktokenEncoding, LazyCounter>> = {
  gpt2: lazyCounter('gpt2', () => import('js-tiktoken/ranks/gpt2')),
  r50k_base: lazyCounter('r50k_base', () => import('js-tiktoken/ranks/r50k_base')),
  p50k_base: lazyCounter('p50k_base', () => import('js-tiktoken/ranks/p50k_base')),
  p50k_edit: lazyCounter('p50k_edit', () => import('js-tiktoken/ranks/p50k_edit')),
  cl100k_base: lazyCounter('cl100k_base', () => import('js-tiktoken/ranks/cl100k_base')),
  o200k_base: lazyCounter('o200k_base', () => import('js-tiktoken/ranks/o200k_base')),
};

/** The names of the encodings. */
export const encodings: readonly string[] = Object.keys(counters);

/** Whether `name` is one of them. */
export function isEncoding(name: unknown): name is TiktokenEncoding {
  return (encodings as readonly unknown[]).includes(name);
}

/** The counter of an encoding. */
export function counterOf(encoding: TiktokenEncoding): LazyCounter {
  return counters[encoding];
}
