// The classes of characters in the split patterns of OpenAI's encodings, as bits. A mark is `upper`, `lower` and `other`.

/** `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`: allowed in the first half of a word. */
export const upper = 1;
/** `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`: allowed in the second half of a word. */
export const lower = 2;
/** `\p{L}` */
export const letter = 4;
/** `\p{N}` */
export const digit = 8;
/** `\s` */
export const space = 16;
/** `[\r\n]`; they are `space` too. */
export const newline = 32;
/** `[^\s\p{L}\p{N}]` */
export const other = 64;

// The kinds of characters, and the bits of each. Everything else is `other` only. A regular expression finds the
// kinds, so that they are from the same version of Unicode as in js-tiktoken.
const kinds = /([\p{Lu}\p{Lt}]+)|(\p{Ll}+)|([\p{Lm}\p{Lo}]+)|(\p{M}+)|(\p{N}+)|([\r\n]+)|([^\S\r\n]+)/gu;
const bitsOfKinds = [
  upper | letter,
  lower | letter,
  upper | lower | letter,
  upper | lower | other,
  digit,
  space | newline,
  space,
];

// Pages of 256 code points are created when one of theirs first occurs, so that loading takes no time.
const pageBits = 8;
const pageSize = 1 << pageBits;
const pages: (Uint8Array | undefined)[] = Array.from({ length: 0x110000 >> pageBits });

/** The class of a code point; a lone surrogate is `other`. */
export function classOf(codePoint: number): number {
  const page = pages[codePoint >> pageBits] ?? newPage(codePoint);
  return page[codePoint & (pageSize - 1)]!;
}

function newPage(codePoint: number): Uint8Array {
  return (pages[codePoint >> pageBits] = makePage(codePoint & -pageSize));
}

function makePage(first: number): Uint8Array {
  const page = new Uint8Array(pageSize).fill(other);
  const unitsEach = first < 0x10000 ? 1 : 2;
  const codePoints = Array.from({ length: pageSize }, (_, index) => first + index);
  const characters = String.fromCodePoint(...codePoints);
  // Neighbours of one kind are one match: a page of Chinese is a single one.
  for (const match of characters.matchAll(kinds)) {
    const bits = bitsOfKinds.find((_, kind) => match[kind + 1] !== undefined);
    page.fill(bits!, match.index / unitsEach, (match.index + match[0].length) / unitsEach);
  }
  return page;
}

/** A byte that never occurs in UTF-8; marks the end of the bytes. */
export const endMark = 0xff;

const widthShift = 8;
const classesOfBytes = new Uint16Array(256);

/** The class and the width of the UTF-8 character at bytes[at]; 0 at the end mark. */
export function classAt(bytes: Uint8Array, at: number): number {
  return classesOfBytes[bytes[at]!]! || classOfLong(bytes, at);
}

/** The width in bytes of the character for which `classAt` returned this. */
export function widthOf(classAndWidth: number): number {
  return classAndWidth >> widthShift;
}

function classOfLong(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead === endMark) return 0;
  if (lead < 0x80) return (classesOfBytes[lead] = classOf(lead) | (1 << widthShift));
  const second = bytes[at + 1]! & 0x3f;
  if (lead < 0xe0) return classOf(((lead & 0x1f) << 6) | second) | (2 << widthShift);
  const third = bytes[at + 2]! & 0x3f;
  if (lead < 0xf0) return classOf(((lead & 0x0f) << 12) | (second << 6) | third) | (3 << widthShift);
  const fourth = bytes[at + 3]! & 0x3f;
  return classOf(((lead & 0x07) << 18) | (second << 12) | (third << 6) | fourth) | (4 << widthShift);
}
