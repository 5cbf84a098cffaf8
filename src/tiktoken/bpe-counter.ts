import { bytesPerUnit } from '../tokens/estimators/utf8-bytes.ts';
import { hashOfBytes } from '../tokens/hash.ts';
import { classAt, endMark, lower, space, upper } from './character-classes.ts';
import { countLongPiece } from './long-piece.ts';
import { longestKept, Merger } from './merge.ts';
import { hashOf, noRank, RankTable, type RankFile } from './rank-table.ts';
import { nextSafeCut } from './safe-cut.ts';
import { lastOf } from '../tokens/steps.ts';
import { splitterFor, type Splitter } from './split.ts';

/** The smallest chunk, in UTF-16 units: chunks are encoded at once. */
const chunkUnits = 4096;
/** The largest chunk. Text without a safe place to cut for longer is counted in steps. */
const longestChunk = 4 * chunkUnits;
/** How many units of such a text are read first, for each token that the limit leaves. */
const unitsPerToken = 8;
/** The longest run without a safe cut that is counted if there is a limit; a longer one counts as above it. */
const longestStretch = 2 ** 22;
/** How many units are searched for a safe cut, or encoded, in one step. */
const unitsPerStep = 2 ** 18;
/** Chunks in a step, which takes a millisecond or two. */
const chunksPerStep = 8;
const piecesPerStep = 4096;

/** Longer pieces seldom occur twice, so they aren't cached. */
const longestRemembered = 64;
/** How many pieces are cached at most; a power of two. */
const mostRemembered = 2 ** 16;

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
  // A cache of pieces that were merged, by hash, each at the place that its hash gives; and their tokens.
  private readonly pieces = new Float64Array(mostRemembered);
  private readonly tokensOfPieces = new Uint8Array(mostRemembered);
  private readonly buffer = new Uint8Array(longestChunk * bytesPerUnit + 1);

  /** Keeps no part of `bpe_ranks`, which is a string of megabytes. */
  constructor({ pat_str, bpe_ranks }: RankFile) {
    this.pattern = pat_str;
    this.split = splitterFor(pat_str);
    this.table = new RankTable(bpe_ranks);
    this.merger = new Merger(this.table);
  }

  /** Tokens of `text`; or any number above `limit`, once there are sure to be more than `limit`. */
  countUpTo(text: string, limit: number): number {
    return lastOf(this.countInSteps(text, limit));
  }

  /** The same in steps of a few milliseconds. */
  *countInSteps(text: string, limit: number): Generator<unknown, number> {
    const { split } = this;
    if (split === undefined) return this.countByPattern(text, limit);
    // Each unit is at least one byte, so a text has at least its length ÷ the longest token in tokens.
    if (text.length > limit * this.table.longest) return limit + 1;
    let count = 0;
    let chunks = 0;
    for (let start = 0; start < text.length && count <= limit;) {
      const last = Math.min(text.length, start + longestChunk);
      const end = nextSafeCut(text, start + chunkUnits, last);
      if (end === last && last < text.length) {
        const stretch = yield* this.countStretch(text, start, split, limit - count);
        count += stretch.count;
        start = stretch.end;
      } else {
        count = this.countChunk(text.substring(start, end), split, count, limit);
        start = end;
        if (++chunks % chunksPerStep === 0) yield;
      }
    }
    return count;
  }

  private countChunk(text: string, split: Splitter, before: number, limit: number): number {
    const { buffer: bytes } = this;
    const { written } = encoder.encodeInto(text, bytes);
    bytes[written] = endMark;
    let count = before;
    for (let start = 0; start < written && count <= limit;) {
      const end = split(bytes, start);
      count += this.countPiece(bytes, start, end);
      start = end;
    }
    bytes.fill(0, 0, written); // keep no text
    return count;
  }

  /**
   * Counts from `start` up to a safe cut that is far away. Stops earlier if there are surely more tokens than
   * `limit`, or if the run is so long that it counts as too large.
   */
  private *countStretch(
    text: string,
    start: number,
    split: Splitter,
    limit: number,
  ): Generator<unknown, { readonly count: number; readonly end: number }> {
    let end = start + chunkUnits;
    let cut: number | undefined;
    if (limit < Infinity && start + longestStretch < text.length) {
      // To look for a cut takes a hundredth of the time of a count.
      const last = start + longestStretch;
      cut = yield* lookForCut(text, end, last);
      if (cut === last) return { count: limit + 1, end: last };
    }
    for (let reach = longestChunk + unitsPerToken * limit; ; reach *= 4) {
      const last = Math.min(text.length, start + reach);
      end = cut === undefined ? yield* lookForCut(text, end, last) : Math.min(cut, last);
      const isOpen = end === last && last < text.length;
      const bytes = new Uint8Array((end - start) * bytesPerUnit + 1);
      const written = yield* encodeInto(bytes, text, start, end);
      bytes[written] = endMark;
      if (this.isSurelyAbove(bytes, written, isOpen, limit)) return { count: limit + 1, end };
      const count = yield* this.countPieces(bytes, written, isOpen, split, limit);
      if (count !== undefined) return { count, end };
    }
  }

  /** Whether the bytes have more tokens than `limit`, since none of them is longer than the longest of such bytes. */
  private isSurelyAbove(bytes: Uint8Array, length: number, isOpen: boolean, limit: number): boolean {
    if (limit === Infinity) return false;
    // If the text goes on, its last token may go on as well, with other bytes.
    const sure = isOpen ? length - this.table.longest : length;
    return sure > limit * this.table.longestIn(bytes, length);
  }

  /** Tokens of the bytes, in steps; undefined if the text goes on and its count depends on what follows. */
  private *countPieces(
    bytes: Uint8Array,
    length: number,
    isOpen: boolean,
    split: Splitter,
    limit: number,
  ): Generator<unknown, number | undefined> {
    let count = 0;
    let pieces = 0;
    for (let start = 0; start < length;) {
      const end = split(bytes, start);
      const isLast = isOpen && end === length;
      if (isLast && start > 0 && mayExtendWhatIsBefore(bytes, start)) return undefined;
      if (count > limit) return count;
      if (end - start > longestKept) {
        const piece = { bytes, start, end, isOpen: isLast };
        const tokens = yield* countLongPiece(this.merger, piece, limit - count, this.table.longest);
        if (tokens === undefined) return undefined;
        count += tokens;
        if (isLast) return count;
      } else if (isLast) return undefined;
      else count += this.countPiece(bytes, start, end);
      start = end;
      if (++pieces % piecesPerStep === 0) yield;
    }
    return count;
  }

  /** For a split pattern that isn't known here, as a future js-tiktoken may have. */
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
    if (length > this.table.longest) return this.merge(bytes, start, end);
    const hash = hashOf(bytes, start, end);
    if (this.table.find(bytes, start, end, hash) !== noRank) return 1;
    if (length > longestRemembered) return this.merge(bytes, start, end);
    const place = hash & (mostRemembered - 1);
    const piece = hashOfBytes(bytes, start, end);
    if (this.pieces[place] === piece) return this.tokensOfPieces[place]!;
    const count = this.merge(bytes, start, end);
    this.pieces[place] = piece;
    this.tokensOfPieces[place] = count;
    return count;
  }

  private merge(bytes: Uint8Array, start: number, end: number): number {
    if (end - start <= longestKept) return this.merger.count(bytes, start, end);
    const piece = { bytes, start, end, isOpen: false };
    return lastOf(countLongPiece(this.merger, piece, Infinity, this.table.longest))!;
  }
}

/** The first safe cut from `from` on, or `last`, in steps. */
function* lookForCut(text: string, from: number, last: number): Generator<unknown, number> {
  let cut = from;
  for (let stop = from; cut === stop && cut < last; yield) {
    stop = Math.min(last, cut + unitsPerStep);
    cut = nextSafeCut(text, cut, stop);
  }
  return cut;
}

/** Whether a character of two units begins at `index`. */
const isPair = (text: string, index: number): boolean =>
  (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;

/** Writes text[start, end) as UTF-8, in steps. Returns the number of bytes. */
function* encodeInto(
  bytes: Uint8Array,
  text: string,
  start: number,
  end: number,
): Generator<unknown, number> {
  let written = 0;
  for (let from = start; from < end; yield) {
    let to = Math.min(end, from + unitsPerStep);
    if (to < end && isPair(text, to - 1)) to--; // not between the halves of a character
    written += encoder.encodeInto(text.substring(from, to), bytes.subarray(written)).written;
    from = to;
  }
  return written;
}

/**
 * Whether a piece that goes on may become part of the piece before it, depending on what follows: capitals, white
 * space.
 */
function mayExtendWhatIsBefore(bytes: Uint8Array, start: number): boolean {
  const found = classAt(bytes, start);
  return (found & (upper | lower)) === upper || (found & space) !== 0;
}
