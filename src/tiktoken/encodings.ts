import { importInstalled, moduleOf, type OptionalPeer } from '../optional-peer.ts';
import { lazyCounter, type LazyCounter } from './lazy-counter.ts';
import type { RankFile } from './rank-table.ts';

/** An encoding whose tables ("ranks") js-tiktoken has. */
export type RankedEncoding = 'gpt2' | 'r50k_base' | 'p50k_base' | 'p50k_edit' | 'cl100k_base' | 'o200k_base';

/**
 * An encoding by its name or a short name. `o200k_harmony`, the encoding of gpt-oss, has the ranks of `o200k_base`
 * and more special tokens, whose text is counted as text here.
 */
export type TiktokenEncoding = RankedEncoding | 'o200k_harmony' | 'o200k' | 'cl100k';

// One counter for each encoding, shared by all estimators of this process.
const counters: Readonly<Record<RankedEncoding, LazyCounter>> = {
  gpt2: lazyCounter(() => importRanks('gpt2')),
  r50k_base: lazyCounter(() => importRanks('r50k_base')),
  p50k_base: lazyCounter(() => importRanks('p50k_base')),
  p50k_edit: lazyCounter(() => importRanks('p50k_edit')),
  cl100k_base: lazyCounter(() => importRanks('cl100k_base')),
  o200k_base: lazyCounter(() => importRanks('o200k_base')),
};

const otherNames = new Map<string, RankedEncoding>([
  ['o200k_harmony', 'o200k_base'],
  ['o200k', 'o200k_base'],
  ['cl100k', 'cl100k_base'],
]);

/** The names of the encodings. */
export const encodings: readonly string[] = [...Object.keys(counters), ...otherNames.keys()];

/** The encoding whose ranks are used for this name; undefined for an unknown name. */
export function rankedEncoding(name: unknown): RankedEncoding | undefined {
  const known = encodings.find((each) => each === name);
  return known === undefined ? undefined : (otherNames.get(known) ?? (known as RankedEncoding));
}

/** The counter of an encoding. */
export function counterOf(encoding: RankedEncoding): LazyCounter {
  return counters[encoding];
}

/** Each import is spelled out, so that a bundler puts each table into a file of its own, loaded when needed. */
async function importRanks(encoding: RankedEncoding): Promise<RankFile> {
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

const ranksOf = (encoding: RankedEncoding): OptionalPeer => ({
  name: 'js-tiktoken',
  specifier: `js-tiktoken/ranks/${encoding}`,
  exported: 'bpe_ranks',
  option: 'tiktoken.encoding',
  value: encoding,
});
