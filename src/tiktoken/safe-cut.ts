import { classOf, digit, letter, lower, space, upper } from './character-classes.ts';

const blank = 0x20;
const apostrophe = 0x27;
const typographicApostrophe = 0x2019;

/**
 * Whether `text` may be cut before `index` without changing its tokens: a piece ends there in each of OpenAI's encodings,
 * whatever else the text contains. That is the case
 *
 * - before a blank that doesn't follow white space, since a blank can only be the first character of a piece;
 * - after a letter or a digit, if no letter, mark, digit or contraction (`'s`) follows.
 */
export function isSafeCut(text: string, index: number): boolean {
  const next = text.charCodeAt(index);
  if ((classOf(next) & (letter | upper | lower | digit)) !== 0) return false; // the most common case
  const previous = classOf(text.charCodeAt(index - 1));
  if (next === blank) return (previous & space) === 0;
  return (
    (previous & (letter | digit)) !== 0 &&
    next !== apostrophe &&
    next !== typographicApostrophe &&
    (next & 0xf800) !== 0xd800 // may be half of a letter
  );
}

/** The first safe cut from `index` on; `last`, or the end of the text, if there is none before it. */
export function nextSafeCut(text: string, index: number, last: number = text.length): number {
  const end = Math.min(last, text.length);
  let cut = index;
  while (cut < end && !isSafeCut(text, cut)) cut++;
  return Math.min(cut, end);
}
