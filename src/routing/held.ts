import { isRecord } from '../faults/safe-read.ts';
import { malformed } from '../sdk/ending.ts';
import type { StreamPart } from '../sdk/model.ts';
import type { Shown } from '../sdk/shown.ts';

/** As many parts as no model thinks, and few answer in. */
const mostParts = 100_000;
/** More than what any answer but one of several large pictures takes; little enough for a process with many streams. */
const mostBytes = 32 * 1024 * 1024;

/** The parts of a stream that are held back, in bounds. */
export class Held {
  readonly parts: StreamPart[] = [];
  readonly #mostParts: number;
  #bytes = 0;

  /** @param bufferedParts how many parts of an answer are to be held, if it is */
  constructor(bufferedParts: number) {
    this.#mostParts = Math.max(mostParts, bufferedParts);
  }

  /**
   * Whether no more may be held behind the last part: then the answer is passed on from here as it comes. Throws if there
   * is nothing of an answer yet.
   */
  isFull(shown: Shown): boolean {
    this.#bytes += bytesIn(this.parts.at(-1)!);
    if (this.#bytes <= mostBytes && this.parts.length < this.#mostParts) return false;
    if (shown === 'nothing') throw malformed('more than can be held, and no content');
    return true;
  }
}

/** About how many bytes a part takes in memory: what it holds may be of any shape, and lead back to itself. */
function bytesIn(part: StreamPart): number {
  let bytes = 64;
  let inner: Set<object> | undefined;
  for (const name in part) {
    bytes += name.length;
    try {
      const value = part[name];
      // Most parts are a few strings, and this is what counting them costs.
      if (typeof value === 'string') bytes += value.length;
      else if (isRecord(value)) (inner ??= new Set()).add(value);
    } catch {
      // a getter that throws: what it gives is made when it is asked
    }
  }
  if (!inner) return bytes;
  for (const value of inner) bytes += bytesOf(value, inner); // goes on with those that are added meanwhile
  return bytes;
}

/** The bytes of one object, without those in it, which are added to `inner`. */
function bytesOf(object: object, inner: Set<object>): number {
  if (ArrayBuffer.isView(object)) return object.buffer.byteLength; // all of it stays in memory
  if (object instanceof ArrayBuffer) return object.byteLength;
  try {
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
