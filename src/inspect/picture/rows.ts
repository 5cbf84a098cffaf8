import type { Box } from './boxes.ts';
import { dollars } from './dollars.ts';

/** A line of a box. */
export type Row =
  | { readonly type: 'name' | 'about' | 'foot' | 'rule'; readonly text: string; readonly mark?: string }
  | { readonly type: 'bar'; readonly text: string; readonly filled: number; readonly isOver: boolean };

/** The height of each row, in pixels. */
export const rowHeights = { name: 22, about: 16, rule: 16, bar: 28, foot: 17 } as const;

export const padding = 12;
/** More rules than these would hide the rest of a picture; the text has them all. */
const mostRules = 8;
const leastWidth = 196;
const mostWidth = 320;

const marks = { yes: '✓', no: '✗', 'not-asked': '·' } as const;

/** The text of a box, from top to bottom. */
export function rowsOf({ name, kind, lines, rules, size, verdict, cost }: Box): Row[] {
  const shown = rules.slice(0, mostRules);
  const more = rules.length - shown.length;
  // That a primitive fits is seen from its members.
  const words = kind !== 'model' && verdict === 'fits' ? '' : verdict;
  const foot = [words, ...(cost === undefined ? [] : [`at most ${dollars(cost)}`])].filter(Boolean);
  return [
    { type: 'name', text: name },
    ...lines.map((text): Row => ({ type: 'about', text })),
    ...shown.map(({ text, matches }): Row => ({ type: 'rule', text, mark: marks[matches] })),
    ...(more > 0 ? [{ type: 'rule', text: `and ${more} more`, mark: ' ' } as const] : []),
    ...(size ? [barOf(size)] : []),
    ...(foot.length > 0 ? [{ type: 'foot', text: foot.join(' · ') } as const] : []),
  ];
}

function barOf({ need, holds, atLeast }: NonNullable<Box['size']>): Row {
  const least = atLeast ? '≥ ' : '';
  const needed = `${least}${need.toLocaleString('en-US')}`;
  if (holds === null) return { type: 'bar', text: `${needed} tokens, any size`, filled: 0, isOver: false };
  const filled = Math.min(1, need / Math.max(1, holds));
  return {
    type: 'bar',
    text: `${needed} of ${holds.toLocaleString('en-US')} tokens`,
    filled,
    isOver: need > holds,
  };
}

export const heightOf = (box: Box): number =>
  rowsOf(box).reduce((sum, { type }) => sum + rowHeights[type], 2 * padding - 7);

/** The width that the text of a box takes, within limits. */
export function widthOf(box: Box): number {
  const texts = rowsOf(box).map((row) => textWidth(row.text, row.type) + ('mark' in row ? 16 : 0));
  const onTop = legendWidth(box.edge) + legendWidth(calledText(box)) + 2 * legendInset + 8;
  return Math.min(mostWidth, Math.max(leastWidth, onTop, ...texts.map((width) => width + 2 * padding)));
}

/** The width of an average character: names are in a monospaced font. */
const perCharacter = { name: 7.9, about: 6, rule: 6, bar: 6, foot: 6.8, legend: 6.4 } as const;

type TextType = keyof typeof perCharacter;

/** Characters of Chinese, Japanese and Korean, and pictures, are drawn twice as wide. */
const wide = /[\p{Extended_Pictographic}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/u;
const combining = /\p{Mn}/u;

/** How wide a character is, where 1 is the average; in a monospaced font, all letters are alike. */
function widthOfCharacter(character: string, type: TextType): number {
  if (character >= ' ' && character <= '~') {
    if (type === 'name') return 1;
    if (/[MW@%mw]/.test(character)) return 1.9;
    return /[A-Z]/.test(character) ? 1.25 : 1;
  }
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2.2 : 1.25;
}

const textWidth = (text: string, type: TextType): number =>
  [...text].reduce((sum, each) => sum + widthOfCharacter(each, type), 0) * perCharacter[type];

export const legendWidth = (text: string): number => (text === '' ? 0 : textWidth(text, 'legend') + 16);

/** The label of the line to a box, cut to what is left of its upper edge beside when it is called. */
export function edgeText(box: Box, width: number): string {
  const called = legendWidth(calledText(box));
  const room = width - 2 * legendInset - (called === 0 ? 0 : called + 8);
  return box.edge === '' || room < leastLabel ? '' : cut(box.edge, room - 16, 'legend');
}

/** The narrowest label that says something; the table says the rest. */
const leastLabel = 48;

/** How far labels are from the corners of a box, in pixels. */
export const legendInset = 13;

/** `first`, or `2, on failure` */
export const calledText = ({ called }: Box): string => (called === '1' ? 'first' : called);

/** A text cut to a width. */
export function cut(text: string, width: number, type: TextType): string {
  if (textWidth(text, type) <= width) return text;
  let room = width / perCharacter[type] - widthOfCharacter('…', type);
  const fits = (each: string): boolean => (room -= widthOfCharacter(each, type)) >= 0;
  const characters = [...text];
  const end = characters.findIndex((each) => !fits(each));
  return `${characters.slice(0, Math.max(1, end)).join('')}…`;
}
