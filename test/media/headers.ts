/** Real headers, as short as each format allows; the rest of a file would follow. */

type Bytes = readonly number[];

const join = (...parts: readonly (number | Bytes)[]): number[] => parts.flat();
const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0));
const big = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, index) => (value >>> (8 * (bytes - 1 - index))) & 0xff);
const little = (value: number, bytes: number): number[] => big(value, bytes).toReversed();

export const png = (width: number, height: number): number[] =>
  join(
    join(0x89, ascii('PNG'), 0x0d, 0x0a, 0x1a, 0x0a),
    join(big(13, 4), ascii('IHDR'), big(width, 4), big(height, 4), 8, 6, 0, 0, 0),
  );

export const gif = (width: number, height: number): number[] =>
  join(ascii('GIF89a'), little(width, 2), little(height, 2), 0, 0, 0);

const riff = (chunk: string, payload: Bytes): number[] =>
  join(
    join(ascii('RIFF'), little(payload.length + 12, 4), ascii('WEBP')),
    join(ascii(chunk), little(payload.length, 4), payload),
  );

/** Lossy. */
export const vp8 = (width: number, height: number): number[] =>
  riff('VP8 ', join([0x30, 0x01, 0x00, 0x9d, 0x01, 0x2a], little(width, 2), little(height, 2)));

/** Lossless. */
export const vp8l = (width: number, height: number): number[] =>
  riff('VP8L', join(0x2f, little((((height - 1) << 14) | (width - 1)) >>> 0, 4)));

/** Extended: with transparency, animation or metadata. */
export const vp8x = (width: number, height: number): number[] =>
  riff('VP8X', join([0x10, 0, 0, 0], little(width - 1, 3), little(height - 1, 3)));

/** A segment of a JPEG: its length counts itself. */
export const segment = (marker: number, payload: Bytes): number[] =>
  join(0xff, marker, big(payload.length + 2, 2), payload);

/** @param frame 0xc0 baseline, 0xc2 progressive */
export const jpeg = (
  width: number,
  height: number,
  { frame = 0xc0, before = [] }: { frame?: number; before?: Bytes } = {},
): number[] =>
  join(
    [0xff, 0xd8],
    segment(0xe0, join(ascii('JFIF\0'), [1, 2, 0, 0, 1, 0, 1, 0, 0])),
    before,
    segment(
      0xc4,
      Array.from({ length: 17 }, () => 0),
    ), // a Huffman table: no frame, although it is within 0xc0 to 0xcf
    segment(frame, join(8, big(height, 2), big(width, 2), [3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1])),
  );

/** EXIF whose thumbnail is a JPEG of its own. */
export const exif = (thumbnail: Bytes): number[] => segment(0xe1, join(ascii('Exif\0\0'), thumbnail));

const box = (type: string, ...payload: readonly Bytes[]): number[] =>
  join(big(payload.flat().length + 8, 4), ascii(type), payload.flat());

export const heic = (width: number, height: number, brand = 'heic'): number[] => {
  const sizes = box('ipco', box('ispe', big(0, 4), big(width, 4), big(height, 4)));
  const associations = box('ipma', big(0, 4), big(1, 4), big(1, 2), [1, 0x81]);
  const primary = box('pitm', big(0, 4), big(1, 2));
  return join(
    box('ftyp', ascii(brand), big(0, 4), ascii('mif1')),
    box('meta', big(0, 4), primary, box('iprp', sizes, associations)),
  );
};
