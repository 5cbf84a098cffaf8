import { inVersion } from '../in-process.ts';

// Counts of prompts are cached by hash, not by text. HalfSipHash-1-3 has a random key per process, so that nobody
// can craft two texts with the same hash. Its 64 bits are cut to the 53 of a JavaScript number.

/** UTF-16 units of a text that are hashed at once. */
const chunkUnits = 16_384;
/** Up to this many units, a loop is faster than a call into the runtime. */
const shortUnits = 128;
/** Words before the first unit of a chunk: the hash of what came before it. */
const headWords = 2;

interface Scratch {
  readonly key: Int32Array;
  /** What is hashed. All are 0 between two hashes. */
  readonly words: Int32Array;
  /** The same memory as `words`, after the head. */
  readonly units: Uint16Array;
  readonly write: ((text: string) => unknown) | undefined;
}

// Made at the first hash, since some runtimes give no random numbers while modules are loaded.
let scratch: Scratch | undefined;

function makeScratch(): Scratch {
  const buffer = new ArrayBuffer(4 * headWords + 2 * chunkUnits + 4);
  // If the runtime has Node's Buffer, it copies a text in one call, several times as fast as a loop.
  const { Buffer: Bytes } = globalThis as {
    Buffer?: { from(buffer: ArrayBuffer, offset: number): { write(text: string, encoding: string): number } };
  };
  const bytes = Bytes?.from(buffer, 4 * headWords);
  return {
    key: inVersion('hash-key', () => crypto.getRandomValues(new Int32Array(2))),
    words: new Int32Array(buffer),
    units: new Uint16Array(buffer, 4 * headWords),
    write: bytes && ((text) => bytes.write(text, 'utf16le')),
  };
}

/** The hash of a text: of its UTF-16 units and its length. */
export function hashOfText(text: string): number {
  if (text.length <= chunkUnits) return hashOfChunk(text, 0);
  let hash = 0;
  for (let start = 0; start < text.length; start += chunkUnits) {
    hash = hashOfChunk(text.substring(start, start + chunkUnits), hash);
  }
  return hash;
}

function hashOfChunk(text: string, before: number): number {
  const made = (scratch ??= makeScratch());
  const { words, units, write } = made;
  const { length } = text;
  setNumber(words, 0, before);
  if (write && length > shortUnits) write(text);
  else for (let index = 0; index < length; index++) units[index] = text.charCodeAt(index);
  const end = headWords + ((length + 1) >> 1);
  words[end] = length;
  return hashOfWords(made, end + 1);
}

/** The hash of the bytes from `start` to before `end`, at most 16 KB. */
export function hashOfBytes(bytes: Uint8Array, start: number, end: number): number {
  const made = (scratch ??= makeScratch());
  const { words } = made;
  let count = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    words[count++] = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }
  let rest = end - start;
  for (let shift = 24; at < end; at++, shift -= 8) rest ^= bytes[at]! << shift;
  words[count++] = rest;
  return hashOfWords(made, count);
}

/**
 * The hash of a row of numbers (hashes, or whole numbers of at least 0): `before` is that of the row so far, 0 at the
 * start, and `next` is added to it.
 *
 * @param kind a whole number of at least 0 that is hashed too, so that equal numbers of different kinds differ
 */
export function hashOfRow(before: number, next: number, kind = 0): number {
  const made = (scratch ??= makeScratch());
  const { words } = made;
  setNumber(words, 0, before);
  setNumber(words, 2, next);
  words[4] = ~kind; // below 0, unlike the length of a text, so that no text has the hash of a row
  return hashOfWords(made, 5);
}

function setNumber(words: Int32Array, at: number, value: number): void {
  words[at] = value | 0;
  words[at + 1] = (value / 2 ** 32) | 0;
}

/** The hash of the first `count` words. Sets them to 0, which leaves no prompt text in memory. */
function hashOfWords({ key, words }: Scratch, count: number): number {
  let v0 = key[0]!;
  let v1 = key[1]! ^ 0xee;
  let v2 = key[0]! ^ 0x6c796765;
  let v3 = key[1]! ^ 0x74656462;
  let low = 0;
  // Behind the words, three rounds with 0 for each half of the result.
  for (let index = 0; index < count + 6; index++) {
    let word = 0;
    if (index < count) {
      word = words[index]!;
      words[index] = 0;
    } else if (index === count) v2 ^= 0xee;
    else if (index === count + 3) {
      low = (v1 ^ v3) >>> 0;
      v1 ^= 0xdd;
    }
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return ((v1 ^ v3) & 0x1f_ffff) * 2 ** 32 + low;
}
