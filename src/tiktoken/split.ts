import {
  classAt,
  digit,
  endMark,
  letter,
  lower,
  newline,
  other,
  space,
  upper,
  widthOf,
} from './character-classes.ts';

// Byte-pair encoding works within pieces, which a regular expression per encoding cuts the text into. Those
// expressions are spelled out here by hand: that is many times faster, and no text makes it backtrack.

/** The end of the piece that begins at bytes[start]. The bytes are UTF-8, and the `endMark` follows them. */
export type Splitter = (bytes: Uint8Array, start: number) => number;

const contraction = `'s|'S|'t|'T|'re|'rE|'Re|'RE|'ve|'vE|'Ve|'VE|'m|'M|'ll|'lL|'Ll|'LL|'d|'D`;
const upperHalf = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const lowerHalf = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
const blanks = String.raw`\s+(?!\S)|\s+`;

const splitters: Readonly<Record<string, Splitter>> = {
  // gpt2, r50k_base, p50k_base, p50k_edit
  [String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|${blanks}`]: splitGpt2,
  // cl100k_base
  [String.raw`(${contraction})|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|${blanks}`]:
    splitCl100k,
  // o200k_base
  [[
    String.raw`[^\r\n\p{L}\p{N}]?${upperHalf}*${lowerHalf}+(${contraction})?`,
    String.raw`[^\r\n\p{L}\p{N}]?${upperHalf}+${lowerHalf}*(${contraction})?`,
    String.raw`\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|${blanks}`,
  ].join('|')]: splitO200k,
};

/** The splitter for a pattern, if it is known here. */
export function splitterFor(pattern: string): Splitter | undefined {
  return splitters[pattern];
}

export function splitO200k(bytes: Uint8Array, start: number): number {
  const first = classAt(bytes, start);
  // A mark may also be the first character of a word, but then as part of it: as a prefix it would be separated again
  // if only capitals follow.
  if ((first & (upper | lower)) !== 0) return endOfContraction(bytes, endOfCasedWord(bytes, start));
  if ((first & digit) !== 0) return endOfNumber(bytes, start);
  const next = start + widthOf(first);
  if ((first & newline) === 0 && (classAt(bytes, next) & (upper | lower)) !== 0) {
    return endOfContraction(bytes, endOfCasedWord(bytes, next));
  }
  const end = endOfSymbols(bytes, start, first);
  if (end === start) return endOfBlanks(bytes, start);
  return endOfNewlines(bytes, end, true);
}

export function splitCl100k(bytes: Uint8Array, start: number): number {
  const contracted = endOfContraction(bytes, start);
  if (contracted > start) return contracted;
  const first = classAt(bytes, start);
  if ((first & letter) !== 0) return endOfClass(bytes, start, letter);
  if ((first & digit) !== 0) return endOfNumber(bytes, start);
  const next = start + widthOf(first);
  if ((first & newline) === 0 && (classAt(bytes, next) & letter) !== 0)
    return endOfClass(bytes, next, letter);
  const end = endOfSymbols(bytes, start, first);
  return end === start ? endOfBlanks(bytes, start) : endOfNewlines(bytes, end, false);
}

export function splitGpt2(bytes: Uint8Array, start: number): number {
  const contracted = endOfContraction(bytes, start, lowerCaseOnly);
  if (contracted > start) return contracted;
  const word = bytes[start] === blank ? start + 1 : start;
  const kind = classAt(bytes, word) & (letter | digit | other);
  if (kind !== 0) return endOfClass(bytes, word, kind);
  return endOfPlainBlanks(bytes, start);
}

function endOfClass(bytes: Uint8Array, start: number, bits: number): number {
  let end = start;
  for (let found = classAt(bytes, end); (found & bits) !== 0; found = classAt(bytes, end)) {
    end += widthOf(found);
  }
  return end;
}

/** `upper* lower+`, or else `upper+ lower*`, from a character that is one of them. */
function endOfCasedWord(bytes: Uint8Array, start: number): number {
  let end = start;
  let endOfLower = start;
  let found = classAt(bytes, end);
  while ((found & upper) !== 0) {
    end += widthOf(found);
    if ((found & lower) !== 0) endOfLower = end;
    found = classAt(bytes, end);
  }
  if ((found & lower) !== 0) return endOfClass(bytes, end, lower);
  // As the regular expression backtracks: `lower+` takes up to the last character that is both; if there is none,
  // `upper+` takes all.
  return endOfLower > start ? endOfLower : end;
}

/** `\p{N}{1,3}` */
function endOfNumber(bytes: Uint8Array, start: number): number {
  let end = start;
  for (let digits = 0; digits < 3; digits++) {
    const found = classAt(bytes, end);
    if ((found & digit) === 0) break;
    end += widthOf(found);
  }
  return end;
}

const blank = 0x20;

/** ` ?[^\s\p{L}\p{N}]+`, or `start` where there is none. */
function endOfSymbols(bytes: Uint8Array, start: number, first: number): number {
  if ((first & other) !== 0) return endOfClass(bytes, start, other);
  if (bytes[start] !== blank) return start;
  const end = endOfClass(bytes, start + 1, other);
  return end > start + 1 ? end : start;
}

/** `[\r\n]*`, or `[\r\n/]*`. */
function endOfNewlines(bytes: Uint8Array, start: number, orSlash: boolean): number {
  for (let end = start; ; end++) {
    if ((classAt(bytes, end) & newline) === 0 && !(orSlash && bytes[end] === 0x2f)) return end;
  }
}

/** `\s*[\r\n]+|\s+(?!\S)|\s+`: up to the last newline, else all but the blank that belongs to the next word. */
function endOfBlanks(bytes: Uint8Array, start: number): number {
  let end = start;
  let startOfLast = start;
  let endOfLine = start;
  for (let found = classAt(bytes, end); (found & space) !== 0; found = classAt(bytes, end)) {
    startOfLast = end;
    end += widthOf(found);
    if ((found & newline) !== 0) endOfLine = end;
  }
  if (endOfLine > start) return endOfLine;
  return bytes[end] !== endMark && startOfLast > start ? startOfLast : end;
}

/** `\s+(?!\S)|\s+`: the same without special treatment of newlines. */
function endOfPlainBlanks(bytes: Uint8Array, start: number): number {
  let end = start;
  let startOfLast = start;
  for (let found = classAt(bytes, end); (found & space) !== 0; found = classAt(bytes, end)) {
    startOfLast = end;
    end += widthOf(found);
  }
  return bytes[end] !== endMark && startOfLast > start ? startOfLast : end;
}

const anyCase = 0x20;
const lowerCaseOnly = 0;

/** `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll`, `'d`, in ASCII only; or `start` where there is none. */
function endOfContraction(bytes: Uint8Array, start: number, caseBit: number = anyCase): number {
  if (bytes[start] !== 0x27) return start;
  switch (bytes[start + 1]! | caseBit) {
    case 0x73: // s
    case 0x74: // t
    case 0x6d: // m
    case 0x64: // d
      return start + 2;
    case 0x72: // r
    case 0x76: // v
      return (bytes[start + 2]! | caseBit) === 0x65 ? start + 3 : start; // e
    case 0x6c: // l
      return (bytes[start + 2]! | caseBit) === 0x6c ? start + 3 : start; // l
    default:
      return start;
  }
}
