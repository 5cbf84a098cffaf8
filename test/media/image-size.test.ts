import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageSizeOf } from '../../src/media/image-size.ts';
import { exif, gif, heic, jpeg, png, segment, vp8, vp8l, vp8x } from './headers.ts';

const fill = (length: number): number[] => Array.from({ length }, (_, index) => (index * 31) % 251);
const base64Of = (bytes: readonly number[]): string => Buffer.from(bytes).toString('base64');
const profile = segment(0xe2, fill(65_533));

const files: [string, number[]][] = [
  ['PNG', png(640, 480)],
  ['GIF', gif(640, 480)],
  ['WebP, lossy', vp8(640, 480)],
  ['WebP, lossless', vp8l(640, 480)],
  ['WebP, extended', vp8x(640, 480)],
  ['JPEG', jpeg(640, 480)],
  ['JPEG, progressive', jpeg(640, 480, { frame: 0xc2 })],
  ['JPEG with a thumbnail in its EXIF', jpeg(640, 480, { before: exif(jpeg(160, 120)) })],
  ['JPEG with 64 KB of EXIF', jpeg(640, 480, { before: exif(fill(65_000)) })],
  [
    'JPEG with 450 KB before its size',
    jpeg(640, 480, { before: Array.from({ length: 7 }, () => profile).flat() }),
  ],
  ['HEIC', heic(640, 480)],
  ['AVIF', heic(640, 480, 'avif')],
];

describe('R-11: width and height from the header', () => {
  it.each(files)('%s', (_, header) => {
    const file = [...header, ...fill(5000)];
    const size = { width: 640, height: 480 };
    expect(imageSizeOf(new Uint8Array(file))).toEqual(size);
    expect(imageSizeOf(Buffer.from([1, 2, 3, ...file]).subarray(3))).toEqual(size);
    expect(imageSizeOf(base64Of(file))).toEqual(size);
    expect(imageSizeOf(Buffer.from(file).toString('base64url'))).toEqual(size);
    expect(imageSizeOf(`data:image/png;base64,${base64Of(file)}`)).toEqual(size);
  });

  it('half a megabyte is as far as it looks', () => {
    const file = jpeg(640, 480, { before: Array.from({ length: 9 }, () => profile).flat() });
    expect(imageSizeOf(new Uint8Array(file))).toBeUndefined();
    expect(imageSizeOf(base64Of(file))).toBeUndefined();
  });

  it.each([
    ['no data', undefined],
    ['null', null],
    ['an empty string', ''],
    ['no bytes', new Uint8Array()],
    ['a URL', new URL('https://x.test/a.png')],
    ['a URL as a string', 'https://x.test/a.png'],
    ['text that is no base64', 'Ünïcödé'],
    ['BMP', new Uint8Array([0x42, 0x4d, ...fill(60)])],
    ['a width of 0', new Uint8Array(png(0, 480))],
    ['a height of 0', new Uint8Array(jpeg(640, 0))],
    ['a GIF of 0 × 0', base64Of(gif(0, 0))],
    ['a JPEG whose scan begins first', new Uint8Array([0xff, 0xd8, ...segment(0xda, []), ...jpeg(640, 480)])],
    ['a JPEG segment of length 0', new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0])],
    ['a JPEG segment beyond the end', new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 1])],
  ])('none in %s', (_, data) => {
    expect(imageSizeOf(data)).toBeUndefined();
  });

  it('none in a truncated header', () => {
    for (const [, header] of files) {
      if (header.length > 1000) continue;
      const whole = imageSizeOf(new Uint8Array(header));
      for (let length = 0; length < header.length; length++) {
        const size = imageSizeOf(new Uint8Array(header.slice(0, length)));
        expect([undefined, whole]).toContainEqual(size);
      }
      expect(imageSizeOf(new Uint8Array(header.slice(0, 9)))).toBeUndefined();
    }
  });

  const signatures = files.map(([, header]) => header.slice(0, 16)).concat([[0xff, 0xd8, 0xff], []]);

  it('hostile bytes are never an error, and soon read', () => {
    fc.assert(
      fc.property(fc.constantFrom(...signatures), fc.uint8Array({ maxLength: 300 }), (signature, rest) => {
        const bytes = [...signature, ...rest];
        for (const data of [new Uint8Array(bytes), base64Of(bytes)]) {
          const { width, height } = imageSizeOf(data) ?? { width: 1, height: 1 };
          expect(width > 0 && height > 0).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('hostile strings are never an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(imageSizeOf(text)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a megabyte of fill bytes', [0xff, 0xd8, 0xff], 0xff],
    ['a megabyte of nothing after a JPEG signature', [0xff, 0xd8, 0xff, 0xe0, 0, 2], 0],
    ['a megabyte of boxes without a size', heic(1, 1).slice(0, 20), 0],
  ])('%s has no size, and is given up', (_, start, filler) => {
    const bytes = new Uint8Array(1_048_576).fill(filler);
    bytes.set(start);
    // A parser that went round for ever would run into vitest's timeout.
    expect(imageSizeOf(bytes)).toBeUndefined();
    expect(imageSizeOf(Buffer.from(bytes).toString('base64'))).toBeUndefined();
  });
});
