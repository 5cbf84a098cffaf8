// An optional peer. `image-size`, which more people use, reads a prefix just as well, but is three times its size for
// formats that no vendor takes, and hung on crafted images up to 2.0.2 (GHSA-m5qc-5hw7-8vg7, -5p2g-fcmc-qvqq, 2026).
import { imageDimensionsFromData } from 'image-dimensions';

/** Pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * How many bytes of a file to read: first few, then more if that isn't enough. The first number is enough for PNG,
 * GIF, WebP and plain JPEG. A JPEG from a camera has tens of kilobytes of EXIF and a thumbnail before its size, one
 * from an editor has hundreds.
 */
const prefixes = [4096, 65_536, 524_288];

/** Width and height of an image, from a Uint8Array or base64; undefined if its header doesn't say. Never throws. */
export function imageSizeOf(data: unknown): ImageSize | undefined {
  try {
    for (const length of prefixes) {
      const head = headOf(data, length);
      const size = head && imageDimensionsFromData(head);
      if (size) {
        const { width, height } = size;
        return width > 0 && height > 0 ? { width, height } : undefined;
      }
      if (!head || head.length < length || !mayComeLater(head)) return undefined;
    }
  } catch {
    // not base64, or a header that the parser can't read
  }
  return undefined;
}

/** Whether it is a JPEG, HEIC or AVIF: their headers have no fixed length. */
function mayComeLater(head: Uint8Array): boolean {
  const isJpeg = head[0] === 0xff && head[1] === 0xd8;
  return isJpeg || String.fromCharCode(...head.subarray(4, 8)) === 'ftyp';
}

/** At least the first `length` bytes, or all of them. */
function headOf(data: unknown, length: number): Uint8Array | undefined {
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, Math.min(data.byteLength, length));
  }
  if (typeof data !== 'string') return undefined;
  const start = data.startsWith('data:') ? data.slice(0, 256).indexOf(',') + 1 : 0;
  const base64 = data.slice(start, start + Math.ceil(length / 3) * 4);
  const binary = atob(base64.replaceAll('-', '+').replaceAll('_', '/')); // base64url, as the AI SDK allows
  const head = new Uint8Array(binary.length);
  for (let i = 0; i < head.length; i++) head[i] = binary.charCodeAt(i);
  return head;
}
