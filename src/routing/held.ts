import { isRecord } from '../faults/safe-read.ts';
import { malformed } from '../sdk/ending.ts';
import type { StreamPart } from '../sdk/model.ts';
import type { Shown } from '../sdk/shown.ts';

/** How many parts may be held back: more than any model sends while it thinks, and more than most answers have. */
const maxParts = 100_000;
/**
 * How many bytes may be held back: more than any answer takes, except one with several large pictures; little enough
 * for a process with many streams.
 */
const maxBytes = 32 * 1024 * 1024;

/** The parts of a stream that are held back, limited in number and bytes. */
export class Held {
  readonly parts: StreamPart[] = [];
  readonly #bufferedParts: number;
  #bytes = 0;

  /** @param bufferedParts how many parts of an answer to hold back with `afterContent: 'buffer'`; else 0 */
  constructor(bufferedParts: number) {
    this.#bufferedParts = bufferedParts;
  }

  /** Whether as many parts are held back as `afterContent` asks for. */
  isEnough(): boolean {
    return this.parts.length >= this.#bufferedParts;
  }

  /**
   * Whether the limit is reached with the last part: then the answer is passed on from here as it comes. Throws if the
   * stream has shown no content or reasoning yet.
   */
  isFull(shown: Shown): boolean {
    this.#bytes += bytesIn(this.parts.at(-1)!);
    if (this.#bytes <= maxBytes && this.parts.length < Math.max(maxParts, this.#bufferedParts)) return false;
    if (shown === 'nothing') throw malformed('more than can be held, and no content');
    return true;
  }
}

/** About how many bytes of memory a part takes. Its values may have any shape, and may contain themselves. */
function bytesIn(part: StreamPart): number {
  let bytes = 64;
  let inner: Set<object> | undefined;
  for (const name in part) {
    bytes += name.length;
    try {
      const value = part[name];
      // Fast path: most parts are a few strings.
      if (typeof value === 'string') bytes += value.length;
      else if (isRecord(value)) (inner ??= new Set()).add(value);
    } catch {
      // a getter that throws: its value is not stored in the part
    }
  }
  if (!inner) return bytes;
  for (const value of inner) bytes += bytesOf(value, inner); // the loop also visits what is added to the set meanwhile
  return bytes;
}

/** The bytes of one object, without the objects in it, which are added to `inner`. */
function bytesOf(object: object, inner: Set<object>): number {
  if (ArrayBuffer.isView(object)) return object.buffer.byteLength; // all of it stays in memory
  try {
    if (object instanceof ArrayBuffer) return object.byteLength;
    const isList = Array.isArray(object);
    const names = isList ? [] : Object.keys(object);
    const fields: readonly unknown[] = isList ? object : Object.values(object);
    let bytes = 16 * fields.length;
    for (const name of names) bytes += name.length;
    for (const value of fields) {
      if (typeof value === 'string') bytes += value.length;
      else if (isRecord(value)) inner.add(value);
    }
    return bytes;
  } catch {
    return 0;
  }
}
