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

/** Remembers at which offset the value of a path stands. */
export class OffsetsByPath {
  readonly #offsets = new Map<string, number>();

  /** The first one counts: of a key that stands there twice, and of a table that has several headers. */
  add(path: Path, offset: number): boolean {
    const key = JSON.stringify(path);
    if (this.#offsets.has(key)) return false;
    this.#offsets.set(key, offset);
    return true;
  }

  /** That of the path, or of the nearest thing around it. */
  nearest(path: Path): number | undefined {
    for (let length = path.length; length > 0; length--) {
      const offset = this.#offsets.get(JSON.stringify(path.slice(0, length)));
      if (offset !== undefined) return offset;
    }
    return undefined;
  }
}
