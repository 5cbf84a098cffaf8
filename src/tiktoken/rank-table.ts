/** A rank file of js-tiktoken, as `js-tiktoken/ranks/…` exports it. */
export interface RankFile {
  readonly pat_str: string;
  readonly bpe_ranks: string;
}

/** The rank of bytes that are not a token. */
export const noRank = 0x7fff_ffff;

/** A hash of bytes[start, end) (FNV-1a, with its upper half folded in). */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

/**
 * The tokens of an encoding and their ranks. Their bytes are in one array, one token after the other by rank, and an
 * open-addressed hash table finds them there. That takes a fraction of the time and memory of a Map of 200,000 strings.
 */
export class RankTable {
  /** Ranks of the tokens of two bytes, by these bytes, since most look-ups are for them. */
  readonly pairs: Int32Array = new Int32Array(0x10000).fill(noRank);
  /** The length of the longest token in bytes. */
  readonly longest: number;
  private readonly bytes: Uint8Array;
  private readonly starts: Uint32Array;
  // An entry is a token's index plus 1, and in the bits above that a part of its hash, so that most other tokens are
  // ruled out without comparing bytes.
  private readonly slots: Int32Array;
  private readonly slotMask: number;
  private readonly indexMask: number;

  constructor(encoded: string) {
    const { bytes, starts } = decode(encoded);
    const count = starts.length - 1;
    const slotCount = powerOfTwoFrom(2 * count);
    this.bytes = bytes;
    this.starts = starts;
    this.slots = new Int32Array(slotCount);
    this.slotMask = slotCount - 1;
    this.indexMask = powerOfTwoFrom(count + 1) - 1;
    let longest = 0;
    for (let index = 0; index < count; index++) {
      const start = starts[index]!;
      const end = starts[index + 1]!;
      longest = Math.max(longest, end - start);
      if (end - start === 2) this.pairs[(bytes[start]! << 8) | bytes[start + 1]!] = index;
      const hash = hashOf(bytes, start, end);
      let slot = hash & this.slotMask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & this.slotMask;
      this.slots[slot] = (hash & ~this.indexMask) | (index + 1);
    }
    this.longest = longest;
  }

  /** The rank of the token bytes[start, end), or `noRank`. */
  rankOf(bytes: Uint8Array, start: number, end: number): number {
    return end - start > this.longest ? noRank : this.find(bytes, start, end, hashOf(bytes, start, end));
  }

  /** The same, if the hash is known already. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const { slots, slotMask, indexMask } = this;
    for (let slot = hash & slotMask; ; slot = (slot + 1) & slotMask) {
      const entry = slots[slot]!;
      if (entry === 0) return noRank;
      if (((entry ^ hash) & ~indexMask) !== 0) continue;
      const index = (entry & indexMask) - 1;
      if (this.isToken(index, bytes, start, end)) return index;
    }
  }

  /** The length of the longest token that has no other bytes than those of bytes[0, end). */
  longestIn(bytes: Uint8Array, end: number): number {
    const isThere = new Uint8Array(256);
    for (let index = 0; index < end; index++) isThere[bytes[index]!] = 1;
    const { bytes: own, starts } = this;
    let longest = 1;
    for (let index = 0; index < starts.length - 1; index++) {
      const from = starts[index]!;
      const to = starts[index + 1]!;
      if (to - from <= longest) continue;
      let at = from;
      while (at < to && isThere[own[at]!] === 1) at++;
      if (at === to) longest = to - from;
    }
    return longest;
  }

  private isToken(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const at = this.starts[index]!;
    if (this.starts[index + 1]! - at !== end - start) return false;
    const own = this.bytes;
    for (let i = start, j = at; i < end; i++, j++) {
      if (own[j] !== bytes[i]) return false;
    }
    return true;
  }
}

const [lineFeed, blank, padding] = [0x0a, 0x20, 0x3d];

const sextets = new Uint8Array(128);
for (const [value, digit] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
].entries()) {
  sextets[digit.charCodeAt(0)] = value;
}

/**
 * Reads lines of `! <rank of the first> <token in base64> <token> …`. Ranks have gaps between lines, where
 * special tokens are, but only ascend: a token's position serves as its rank.
 */
function decode(encoded: string): { bytes: Uint8Array; starts: Uint32Array } {
  // Upper bounds: 4 characters of base64 are at most 3 bytes, and a token is at least 4 characters and a blank.
  const bytes = new Uint8Array(Math.ceil((encoded.length * 3) / 4));
  const starts = new Uint32Array(Math.ceil(encoded.length / 5) + 2);
  let [size, count, previousRank] = [0, 0, -1];
  for (let i = 0; i < encoded.length;) {
    const lineEnd = endOf(lineFeed, encoded, i);
    const rankStart = endOf(blank, encoded, i) + 1;
    const rankEnd = endOf(blank, encoded, rankStart);
    if (rankEnd < lineEnd) {
      const firstRank = Number(encoded.slice(rankStart, rankEnd));
      if (!(firstRank > previousRank)) throw new Error('js-tiktoken: a rank file whose ranks do not ascend');
      previousRank = firstRank;
      for (i = rankEnd; i < lineEnd; count++) {
        let [group, bits] = [0, 0];
        for (i++; i < lineEnd; i++) {
          const unit = encoded.charCodeAt(i);
          if (unit === blank) break;
          if (unit === padding) continue;
          group = (group << 6) | sextets[unit]!;
          bits += 6;
          if (bits >= 8) {
            bits -= 8;
            bytes[size++] = group >> bits;
          }
        }
        starts[count + 1] = size;
      }
    }
    i = lineEnd + 1;
  }
  return { bytes: bytes.slice(0, size), starts: starts.slice(0, count + 1) };
}

function endOf(unit: number, text: string, start: number): number {
  const end = text.indexOf(String.fromCharCode(unit), start);
  return end < 0 ? text.length : end;
}

function powerOfTwoFrom(least: number): number {
  return least <= 1 ? 1 : 2 ** (32 - Math.clz32(least - 1));
}
