import { longestKept, type Merger } from './merge.ts';

/** A piece, or as much of it as there is. */
export interface LongPiece {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Whether it may go on behind `end`. */
  readonly isOpen: boolean;
}

/** How many bytes before the end of a window its tokens may still depend on what comes after it. */
const overlap = 1024;

/**
 * Counts the tokens of a long piece in windows, in steps. A row of tokens is what byte-pair encoding makes of a text
 * if it makes those two of each two neighbours in it (van Antwerpen and Neubeck, "So many tokens, so little time",
 * 2024). So two windows can be joined at a token that both of them have: the second one starts where a token of the
 * first does, and has that token first as well. If it hasn't, the first window was too small.
 *
 * @returns the tokens; a number above `limit` once there are sure to be more, whatever follows; undefined for an open
 * piece that may have no more than `limit`
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
 * Whether the tokens before a window are those of the piece, whatever follows `to`: one of its tokens ends within the
 * length of the longest before that, and wherever it is, the window begins with the token that it began with.
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
