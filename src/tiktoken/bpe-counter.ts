import { bytesPerUnit } from '../tokens/estimators/utf8-bytes.ts';
import { endMark } from './character-classes.ts';
import { Merger } from './merge.ts';
import { longestCached, PieceCache } from './piece-cache.ts';
import { hashOf, noRank, RankTable, type RankFile } from './rank-table.ts';
import { nextSafeCut } from './safe-cut.ts';
import { splitterFor, type Splitter } from './split.ts';

/** UTF-16 units of a chunk, at least: they are encoded at once. */
const chunkUnits = 4096;

const encoder = new TextEncoder();

/**
 * Counts tokens exactly as js-tiktoken's `encode(text, [], []).length` does, without making them: no strings,
 * no lists, and in no more than n log n steps for any text. The text of special tokens is text.
 */
export class BpeCounter {
  private readonly split: Splitter | undefined;
  private readonly pattern: string;
  private readonly table: RankTable;
  private readonly merger: Merger;
  private readonly cache = new PieceCache();
  // Twice a chunk: the next safe cut is seldom far. A longer one gets a buffer of its own.
  private readonly buffer = new Uint8Array(2 * chunkUnits * bytesPerUnit + 1);

  /** Keeps nothing of the `bpe_ranks`, a string of megabytes. */
  constructor({ pat_str, bpe_ranks }: RankFile) {
    this.pattern = pat_str;
    this.split = splitterFor(pat_str);
    this.table = new RankTable(bpe_ranks);
    this.merger = new Merger(this.table);
  }

  /** Tokens of `text`; or any number above `limit`, once there are sure to be more than `limit`. */
  countUpTo(text: string, limit: number): number {
    const { split } = this;
    if (split === undefined) return this.countByPattern(text, limit);
    let count = 0;
    for (let start = 0; start < text.length && count <= limit;) {
      // No token has more bytes than the longest, and no unit less than one: a run of so many units is over
      // the limit, and need not be counted.
      const enough = start + (limit - count + 1) * this.table.longest;
      const end = nextSafeCut(text, start + chunkUnits, enough);
      if (end >= enough) return limit + 1;
      count = this.countChunk(text.substring(start, end), split, count, limit);
      start = end;
    }
    return count;
  }

  private countChunk(text: string, split: Splitter, before: number, limit: number): number {
    const room = text.length * bytesPerUnit + 1;
    const bytes = room <= this.buffer.length ? this.buffer : new Uint8Array(room);
    const { written } = encoder.encodeInto(text, bytes);
    bytes[written] = endMark;
    let count = before;
    for (let start = 0; start < written && count <= limit;) {
      const end = split(bytes, start);
      count += this.countPiece(bytes, start, end);
      start = end;
    }
    return count;
  }

  /** For a pattern that a future js-tiktoken may bring. */
  private countByPattern(text: string, limit: number): number {
    let count = 0;
    for (const [piece] of text.matchAll(new RegExp(this.pattern, 'ug'))) {
      const bytes = encoder.encode(piece);
      count += this.countPiece(bytes, 0, bytes.length);
      if (count > limit) break;
    }
    return count;
  }

  private countPiece(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length > longestCached && length > this.table.longest) return this.merger.count(bytes, start, end);
    const hash = hashOf(bytes, start, end);
    if (this.table.find(bytes, start, end, hash) !== noRank) return 1;
    if (length > longestCached) return this.merger.count(bytes, start, end);
    const known = this.cache.get(bytes, start, end, hash);
    if (known > 0) return known;
    const count = this.merger.count(bytes, start, end);
    this.cache.set(bytes, start, end, hash, count);
    return count;
  }
}
