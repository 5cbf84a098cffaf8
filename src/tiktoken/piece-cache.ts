const entries = 1 << 15;
const slotMask = 2 * entries - 1;
const averageBytes = 24;

/** Longer pieces are seldom seen twice. */
export const longestCached = 64;

/**
 * Remembers how many tokens pieces have, exactly: their bytes are copied and compared, so it holds on to no
 * text. Takes 1.2 MB, and starts afresh when that is full.
 */
export class PieceCache {
  private readonly slots = new Int32Array(slotMask + 1); // an entry's index plus 1
  private readonly starts = new Uint32Array(entries + 1);
  private readonly counts = new Uint8Array(entries);
  private readonly bytes = new Uint8Array(entries * averageBytes);
  private used = 0;

  /** Tokens of the piece bytes[start, end), or 0 if it isn't known. */
  get(bytes: Uint8Array, start: number, end: number, hash: number): number {
    for (let slot = hash & slotMask; ; slot = (slot + 1) & slotMask) {
      const entry = this.slots[slot]!;
      if (entry === 0) return 0;
      if (this.isPiece(entry - 1, bytes, start, end)) return this.counts[entry - 1]!;
    }
  }

  /** Remembers a piece that isn't known. */
  set(bytes: Uint8Array, start: number, end: number, hash: number, count: number): void {
    const length = end - start;
    if (this.used === entries || this.starts[this.used]! + length > this.bytes.length) {
      this.slots.fill(0);
      this.used = 0;
    }
    const at = this.starts[this.used]!;
    for (let i = 0; i < length; i++) this.bytes[at + i] = bytes[start + i]!;
    this.counts[this.used++] = count;
    this.starts[this.used] = at + length;
    let slot = hash & slotMask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & slotMask;
    this.slots[slot] = this.used;
  }

  private isPiece(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const at = this.starts[index]!;
    if (this.starts[index + 1]! - at !== end - start) return false;
    for (let i = start, j = at; i < end; i++, j++) {
      if (this.bytes[j] !== bytes[i]) return false;
    }
    return true;
  }
}
