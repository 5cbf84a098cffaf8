import { inVersion } from '../in-process.ts';

// Counts of prompts are cached by hash, not by text. HalfSipHash-1-3 has a random key per process, so that nobody
// can craft two texts with the same hash. Its 64 bits are cut to the 53 of a JavaScript number.

/** UTF-16 units of a text that are hashed at once. */
const chunkUnits = 16_384;
/** Up to this many units, a loop is faster than a call into the runtime. */
const shortUnits = 128;
/** Words before the first unit of a chunk: the hash of what came before it. */
const headWords = 2;

/** The state of a hash while it is computed. */
type Lanes = Int32Array;

interface Scratch {
  readonly lanes: Lanes;
  readonly words: Int32Array;
  /** The same memory as `words`, after the head. */
  readonly units: Uint16Array;
  readonly write: ((text: string) => unknown) | undefined;
}

let key: Int32Array | undefined;
let scratch: Scratch | undefined;
const zeros = new Int32Array(3);

function makeScratch(): Scratch {
  const buffer = new ArrayBuffer(4 * headWords + 2 * chunkUnits + 8);
  // If the runtime has Node's Buffer, it copies a text in one call, several times as fast as a loop.
  const { Buffer: Bytes } = globalThis as {
    Buffer?: { from(buffer: ArrayBuffer, offset: number): { write(text: string, encoding: string): number } };
  };
  const bytes = Bytes?.from(buffer, 4 * headWords);
  return {
    lanes: new Int32Array(4),
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
  const { lanes, words, units, write } = (scratch ??= makeScratch());
  const { length } = text;
  if (write && length > shortUnits) write(text);
  else for (let index = 0; index < length; index++) units[index] = text.charCodeAt(index);
  units[length] = 0; // pads the last word
  setNumber(words, 0, before);
  const end = headWords + ((length + 1) >> 1);
  words[end] = length;
  begin(lanes);
  absorb(lanes, words, end + 1);
  clear(words, end); // leaves no prompt text in memory
  return finish(lanes);
}

/** The hash of the bytes from `start` to before `end`, at most 16 KB. */
export function hashOfBytes(bytes: Uint8Array, start: number, end: number): number {
  const { lanes, words } = (scratch ??= makeScratch());
  let count = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    words[count++] = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }
  let rest = end - start;
  for (let shift = 24; at < end; at++, shift -= 8) rest ^= bytes[at]! << shift;
  words[count++] = rest;
  begin(lanes);
  absorb(lanes, words, count);
  clear(words, count);
  return finish(lanes);
}

/** A hash of numbers (hashes, or whole numbers of at least 0) in the order in which they are added. */
export class HashChain {
  // Fields instead of an array, since each call creates several chains of a few numbers each.
  #v0 = 0;
  #v1 = 0;
  #v2 = 0;
  #v3 = 0;

  constructor() {
    this.reset();
  }

  /** Starts a new hash. */
  reset(): void {
    const { lanes } = (scratch ??= makeScratch());
    begin(lanes);
    this.#take(lanes);
  }

  /** @param kind a whole number that is hashed too, so that equal hashes of different kinds differ */
  add(hash: number, kind: number): void {
    const { words, lanes } = (scratch ??= makeScratch());
    setNumber(words, 0, hash);
    words[2] = kind;
    this.#give(lanes);
    absorb(lanes, words, 3);
    this.#take(lanes);
  }

  /** The hash of what was added so far. More can be added afterwards. */
  hash(): number {
    const { lanes } = (scratch ??= makeScratch());
    this.#give(lanes);
    return finish(lanes);
  }

  #take(lanes: Lanes): void {
    this.#v0 = lanes[0]!;
    this.#v1 = lanes[1]!;
    this.#v2 = lanes[2]!;
    this.#v3 = lanes[3]!;
  }

  #give(lanes: Lanes): void {
    lanes[0] = this.#v0;
    lanes[1] = this.#v1;
    lanes[2] = this.#v2;
    lanes[3] = this.#v3;
  }
}

function setNumber(words: Int32Array, at: number, value: number): void {
  words[at] = value | 0;
  words[at + 1] = (value / 2 ** 32) | 0;
}

function begin(lanes: Lanes): void {
  // Drawn at the first hash, since some runtimes give no random numbers while modules are loaded.
  key ??= inVersion('hash-key', () => crypto.getRandomValues(new Int32Array(2)));
  lanes[0] = key[0]!;
  lanes[1] = key[1]! ^ 0xee;
  lanes[2] = key[0]! ^ 0x6c796765;
  lanes[3] = key[1]! ^ 0x74656462;
}

function absorb(lanes: Lanes, words: Int32Array, count: number): void {
  let v0 = lanes[0]!;
  let v1 = lanes[1]!;
  let v2 = lanes[2]!;
  let v3 = lanes[3]!;
  for (let index = 0; index < count; index++) {
    const word = words[index]!;
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
  lanes[0] = v0;
  lanes[1] = v1;
  lanes[2] = v2;
  lanes[3] = v3;
}

function finish(lanes: Lanes): number {
  lanes[2]! ^= 0xee;
  absorb(lanes, zeros, 3);
  const low = (lanes[1]! ^ lanes[3]!) >>> 0;
  lanes[1]! ^= 0xdd;
  absorb(lanes, zeros, 3);
  return ((lanes[1]! ^ lanes[3]!) & 0x1f_ffff) * 2 ** 32 + low;
}

/** Sets the first words to 0: with a loop if there are few, which is faster than calling `fill`. */
function clear(words: Int32Array, count: number): void {
  if (count > 64) words.fill(0, 0, count);
  else for (let index = 0; index < count; index++) words[index] = 0;
}
