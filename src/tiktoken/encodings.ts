import { importInstalled, moduleOf, type OptionalPeer } from '../optional-peer.ts';
import { lazyCounter, type LazyCounter } from './lazy-counter.ts';
import type { RankFile } from './rank-table.ts';

/** An encoding whose ranks js-tiktoken has. */
export type TiktokenEncoding =
  | 'gpt2'
  | 'r50k_base'
  | 'p50k_base'
  | 'p50k_edit'
  | 'cl100k_base'
  | 'o200k_base';

// One counter each, shared by every estimator of this process.
const counters: Readonly<Record<TiktokenEncoding, LazyCounter>> = {
  gpt2: lazyCounter(() => importRanks('gpt2')),
  r50k_base: lazyCounter(() => importRanks('r50k_base')),
  p50k_base: lazyCounter(() => importRanks('p50k_base')),
  p50k_edit: lazyCounter(() => importRanks('p50k_edit')),
  cl100k_base: lazyCounter(() => importRanks('cl100k_base')),
  o200k_base: lazyCounter(() => importRanks('o200k_base')),
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

/** Each import is spelled out, so that a bundler makes a file of its own of it, which is loaded when it is needed. */
async function importRanks(encoding: TiktokenEncoding): Promise<RankFile> {
  const peer = ranksOf(encoding);
  try {
    switch (encoding) {
      case 'gpt2':
        return moduleOf(peer, await import(/* turbopackOptional: true */ 'js-tiktoken/ranks/gpt2'));
      case 'r50k_base':
        return moduleOf(peer, await import(/* turbopackOptional: true */ 'js-tiktoken/ranks/r50k_base'));
      case 'p50k_base':
        return moduleOf(peer, await import(/* turbopackOptional: true */ 'js-tiktoken/ranks/p50k_base'));
      case 'p50k_edit':
        return moduleOf(peer, await import(/* turbopackOptional: true */ 'js-tiktoken/ranks/p50k_edit'));
      case 'cl100k_base':
        return moduleOf(peer, await import(/* turbopackOptional: true */ 'js-tiktoken/ranks/cl100k_base'));
      case 'o200k_base':
        return moduleOf(peer, await import(/* turbopackOptional: true */ 'js-tiktoken/ranks/o200k_base'));
    }
  } catch (error) {
    return importInstalled(peer, error);
  }
}

const ranksOf = (encoding: TiktokenEncoding): OptionalPeer => ({
  name: 'js-tiktoken',
  specifier: `js-tiktoken/ranks/${encoding}`,
  exported: 'bpe_ranks',
  option: 'tiktoken.encoding',
  value: encoding,
});
