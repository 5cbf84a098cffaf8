import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { hashOfBytes, hashOfRow, hashOfText } from '../../src/tokens/hash.ts';
import { version } from '../../src/version.ts';

const chain = (...hashes: number[]): number => {
  let row = 0;
  for (const hash of hashes) row = hashOfRow(row, hash);
  return row;
};

describe('R-49: hashes', () => {
  it('are numbers of 53 bits, and the same for equal texts', () => {
    const unit = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(unit, (text) => {
        const hash = hashOfText(text);
        expect(Number.isSafeInteger(hash) && hash >= 0).toBe(true);
        expect(hashOfText([...text].join(''))).toBe(hash);
      }),
    );
    const high = Array.from({ length: 100 }, (_, index) => hashOfText(`${index}`)).filter(
      (hash) => hash >= 2 ** 52,
    );
    expect(high.length).toBeGreaterThan(20);
  });

  it('tell texts apart: by a unit anywhere, by length, by halves of pairs', () => {
    const long = 'x'.repeat(40_000);
    const texts = ['', '\0', '\0\0', 'a', 'b', 'ab', 'ba', '\ud800', '\udc00', 'a\0', long, `${long}\0`];
    for (const at of [0, 127, 128, 16_383, 16_384, 32_768, 39_999]) {
      texts.push(`${long.slice(0, at)}y${long.slice(at + 1)}`, long.slice(0, at + 1));
    }
    const distinct = new Set(texts);
    expect(new Set([...distinct].map(hashOfText)).size).toBe(distinct.size);
  });

  it('of bytes and of rows of hashes, too', () => {
    const bytes = new TextEncoder().encode('abcdefgh');
    const slices = [0, 1, 2, 3].flatMap((start) =>
      [4, 5, 6, 7, 8].map((end) => hashOfBytes(bytes, start, end)),
    );
    expect(new Set(slices).size).toBe(20);
    expect(hashOfBytes(new Uint8Array(2), 0, 1)).not.toBe(hashOfBytes(new Uint8Array(2), 0, 2));
    expect(new Set([chain(), chain(0), chain(1), chain(1, 2), chain(2, 1), chain(1, 2, 0)]).size).toBe(6);
    expect(chain(2 ** 40)).not.toBe(chain(2 ** 41));
  });

  it('are another process’s never: each has a key of its own', async () => {
    const before = hashOfText('the same');
    vi.resetModules();
    const copy = await import('../../src/tokens/hash.ts');
    expect(copy.hashOfText('the same')).toBe(before); // a copy in this process has the same
    vi.resetModules();
    Reflect.deleteProperty(globalThis, Symbol.for(`ai-alloy.hash-key@${version}`));
    const again = await import('../../src/tokens/hash.ts');
    expect(again.hashOfText('the same')).not.toBe(before);
  });

  it.each([
    ['with', Buffer],
    ['without', undefined],
  ])('leave no text behind, %s Node’s Buffer', async (_, Bytes) => {
    const made: ArrayBuffer[] = [];
    const Recorded = class extends ArrayBuffer {
      constructor(size: number) {
        super(size);
        made.push(this);
      }
    };
    vi.stubGlobal('ArrayBuffer', Recorded);
    vi.stubGlobal('Buffer', Bytes);
    vi.resetModules();
    const { hashOfText: hash } = await import('../../src/tokens/hash.ts');
    expect(new Set(['a', 'b'.repeat(200), 'c'.repeat(50_000)].map(hash)).size).toBe(3);
    vi.unstubAllGlobals();
    // Lengths are left, but no row of units.
    expect(new Uint8Array(made[0]!).filter((byte) => byte > 0).length).toBeLessThan(30);
  });
});
