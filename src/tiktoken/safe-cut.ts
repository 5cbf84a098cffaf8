import { classOf, digit, letter, lower, space, upper } from './character-classes.ts';

const blank = 0x20;
const apostrophe = 0x27;
const typographicApostrophe = 0x2019;

/**
 * Whether `text` may be cut before `index` so that the tokens of both sides are together exactly those of the
 * whole. That is where a piece ends whatever else the text holds, in each of OpenAI's encodings:
 *
 * - before a blank that follows something else than blanks, for a blank is only ever the first of a piece;
 * - after a letter or a digit, where neither letter, mark, digit nor contraction (`'s`) follows.
 */
export function isSafeCut(text: string, index: number): boolean {
  const next = text.charCodeAt(index);
  if ((classOf(next) & (letter | upper | lower | digit)) !== 0) return false; // most are this
  const previous = classOf(text.charCodeAt(index - 1));
  if (next === blank) return (previous & space) === 0;
  return (
    (previous & (letter | digit)) !== 0 &&
    next !== apostrophe &&
    next !== typographicApostrophe &&
    (next & 0xf800) !== 0xd800 // may be half a letter
  );
}

/** The first safe cut from `index` on; where there is none before `last`, or the end of the text, that. */
export function nextSafeCut(text: string, index: number, last: number = text.length): number {
  const end = Math.min(last, text.length);
  let cut = index;
  while (cut < end && !isSafeCut(text, cut)) cut++;
  return Math.min(cut, end);
}
