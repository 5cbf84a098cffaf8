import { noRank, type RankTable } from './rank-table.ts';

// Byte-pair encoding starts from single bytes and merges, again and again, the two neighbours whose union is
// the token of the lowest rank (the leftmost one if there are several), until no two neighbours form a token. Here only
// the number of remaining parts is needed.

/** Up to this many bytes, searching all pairs is faster than keeping them in a heap. */
const longestSmall = 32;

/** Working memory for pieces up to this size is kept; that of longer pieces is garbage-collected. */
export const longestKept = 8192;

/** Counts the tokens of a piece. Not re-entrant, since its working memory is shared. */
export class Merger {
  private readonly table: RankTable;
  private readonly starts = new Int32Array(longestSmall + 1);
  private readonly ranks = new Int32Array(longestSmall + 1);
  private readonly scratch = new HeapScratch(longestKept);

  constructor(table: RankTable) {
    this.table = table;
  }

  /** Tokens of the piece bytes[start, end), which is not a token itself. */
  count(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length <= longestSmall) return this.countSmall(bytes, start, end);
    return countWithHeap(this.table, bytes.subarray(start, end), this.scratchFor(length));
  }

  /** The ends of the tokens of bytes[start, end). Valid until the next call. */
  ends(bytes: Uint8Array, start: number, end: number): { readonly ends: Int32Array; readonly count: number } {
    const length = end - start;
    const scratch = this.scratchFor(length);
    const count = countWithHeap(this.table, bytes.subarray(start, end), scratch);
    const { next, previous: ends } = scratch; // not used any more at this point
    for (let token = 0, at = 0; token < count; token++) ends[token] = start + (at = next[at]!);
    return { ends, count };
  }

  private scratchFor(length: number): HeapScratch {
    return length <= longestKept ? this.scratch : new HeapScratch(length);
  }

  private countSmall(bytes: Uint8Array, start: number, end: number): number {
    const { table, starts, ranks } = this;
    const { pairs } = table;
    const length = end - start;
    // Part i is bytes[starts[i], starts[i + 1]), and ranks[i] is that of its union with part i + 1.
    for (let i = 0; i <= length; i++) starts[i] = start + i;
    for (let i = 0; i < length - 1; i++) ranks[i] = pairs[(bytes[start + i]! << 8) | bytes[start + i + 1]!]!;
    let parts = length;
    for (;;) {
      let [lowest, at] = [noRank, -1];
      for (let i = 0; i < parts - 1; i++) {
        const rank = ranks[i]!;
        if (rank < lowest) {
          lowest = rank;
          at = i;
        }
      }
      if (at < 0) return parts;
      parts--;
      for (let i = at + 1; i <= parts; i++) {
        starts[i] = starts[i + 1]!;
        ranks[i] = ranks[i + 1]!;
      }
      if (at + 1 < parts) ranks[at] = table.rankOf(bytes, starts[at]!, starts[at + 2]!);
      if (at > 0) ranks[at - 1] = table.rankOf(bytes, starts[at - 1]!, starts[at + 1]!);
    }
  }
}

/** Working memory: the parts of a piece as a linked list, by the position of their first byte, and the heap. */
class HeapScratch {
  readonly next: Int32Array;
  readonly previous: Int32Array;
  /** The rank of the token that a part forms with the next one. */
  readonly ranks: Int32Array;
  /** At first one pair per part at most; each merge removes one pair and adds up to two. */
  readonly heap: Float64Array;

  constructor(length: number) {
    this.next = new Int32Array(length);
    this.previous = new Int32Array(length);
    this.ranks = new Int32Array(length);
    this.heap = new Float64Array(2 * length);
  }
}

// A pair in the heap is one number, rank × 2^31 + position, so that smaller numbers are merged first.
const positions = 2 ** 31;

function countWithHeap(table: RankTable, bytes: Uint8Array, scratch: HeapScratch): number {
  const { length } = bytes;
  const { next, previous, ranks, heap } = scratch;
  let size = 0;
  for (let i = 0; i < length; i++) {
    next[i] = i + 1;
    previous[i] = i - 1;
    const rank = i + 1 < length ? table.pairs[(bytes[i]! << 8) | bytes[i + 1]!]! : noRank;
    ranks[i] = rank;
    if (rank !== noRank) heap[size++] = rank * positions + i;
  }
  for (let i = (size >> 1) - 1; i >= 0; i--) sink(heap, size, i, heap[i]!);

  const rankAgain = (part: number, end: number): void => {
    const rank = table.rankOf(bytes, part, end);
    ranks[part] = rank;
    if (rank !== noRank) rise(heap, size++, rank * positions + part);
  };

  let parts = length;
  while (size > 0) {
    const lowest = heap[0]!;
    const rank = Math.floor(lowest / positions);
    const part = lowest - rank * positions;
    size--;
    if (size > 0) sink(heap, size, 0, heap[size]!);
    if (ranks[part] !== rank) continue; // one of the two parts has been merged since then
    const merged = next[part]!;
    const after = next[merged]!;
    next[part] = after;
    ranks[merged] = noRank;
    ranks[part] = noRank;
    parts--;
    if (after < length) {
      previous[after] = part;
      rankAgain(part, next[after]!);
    }
    const before = previous[part]!;
    if (before >= 0) rankAgain(before, after);
  }
  return parts;
}

/** Adds `value` at the end of a heap of `index` numbers, and moves it up to where it belongs. */
function rise(heap: Float64Array, index: number, value: number): void {
  let at = index;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent]! <= value) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = value;
}

/** Replaces the number at `index` by `value`, and moves that down to where it belongs. */
function sink(heap: Float64Array, size: number, index: number, value: number): void {
  let at = index;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= value) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = value;
}
