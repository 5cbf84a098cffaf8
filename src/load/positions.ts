import type { Path, Position } from './problem.ts';

/** Lines and columns of offsets into a text. */
export function lineCounter(text: string): (offset: number) => Position {
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
}

/** The line around an offset, at most its first 1000 characters. */
export function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return text.slice(start, start + 1000).split('\n', 1)[0]!;
}

interface Place {
  offset?: number;
  readonly inside: Map<string | number, Place>;
}

/** Stores the offset of the value at each path. */
export class OffsetsByPath {
  // A tree, so that a long key of a table with many values is stored once.
  readonly #root: Place = { inside: new Map() };

  /** Sets an offset. If a key occurs twice or a table has several headers, the first one counts. */
  add(path: Path, offset: number): boolean {
    let place = this.#root;
    for (const step of path) {
      let next = place.inside.get(step);
      if (!next) place.inside.set(step, (next = { inside: new Map() }));
      place = next;
    }
    if (place.offset !== undefined) return false;
    place.offset = offset;
    return true;
  }

  /** The offset of the path, or of the nearest table or list around it. */
  nearest(path: Path): number | undefined {
    let place: Place | undefined = this.#root;
    let offset: number | undefined;
    for (const step of path) {
      place = place.inside.get(step);
      if (!place) break;
      offset = place.offset ?? offset;
    }
    return offset;
  }
}
