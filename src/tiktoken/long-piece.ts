import { longestKept, type Merger } from './merge.ts';

/** A piece, or the part of it that has been read. */
export interface LongPiece {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Whether it may go on after `end`. */
  readonly isOpen: boolean;
}

/** Within this many bytes of a window's end, its tokens may still depend on what follows. */
const overlap = 1024;

/**
 * Counts the tokens of a long piece in overlapping windows, in steps. A sequence of tokens is the byte-pair encoding
 * of a text exactly if each two neighbours in it are the encoding of their joined text (van Antwerpen and Neubeck,
 * "So many tokens, so little time", 2024). So two windows can be joined at a token that both have: the second window
 * starts where a token of the first one starts, and has the same token first. If it hasn't, the first window was too
 * small.
 *
 * @returns the number of tokens; any number above `limit` once there are surely more, whatever follows; undefined for
 * a piece that may go on and may have no more than `limit`
 */
export function* countLongPiece(
  merger: Merger,
  { bytes, start, end, isOpen }: LongPiece,
  limit: number,
  longestToken: number,
): Generator<unknown, number | undefined> {
  let window = { from: start, size: longestKept, count: 0, firstEnd: 0 };
  let before = window;
  for (;;) {
    const { from, size, count, firstEnd } = window;
    const to = Math.min(from + size, end);
    const found = merger.ends(bytes, from, to);
    if (firstEnd > 0 && found.ends[0] !== firstEnd) {
      window = { ...before, size: 2 * before.size };
      continue;
    }
    if (count > limit && isSure(merger, bytes, window, Math.min(from + overlap, to), longestToken))
      return count;
    if (to === end) return isOpen ? undefined : count + found.count;
    let kept = found.count - 1;
    while (kept > 1 && found.ends[kept - 1]! > to - overlap) kept--;
    before = window;
    window = {
      from: found.ends[kept - 1]!,
      size: longestKept,
      count: count + kept,
      firstEnd: found.ends[kept]!,
    };
    yield;
  }
}

/**
 * Whether the tokens before a window stay the same whatever follows `to`. A token ends within the length of the
 * longest token before `to`; for each place where it may end, the window up to there has to begin with the same
 * token.
 */
function isSure(
  merger: Merger,
  bytes: Uint8Array,
  { from, firstEnd }: { readonly from: number; readonly firstEnd: number },
  to: number,
  longestToken: number,
): boolean {
  for (let end = to; end > to - longestToken; end--) {
    if (end <= firstEnd || merger.ends(bytes, from, end).ends[0] !== firstEnd) return false;
  }
  return true;
}
