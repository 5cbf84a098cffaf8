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
  const texts = rowsOf(box).map((row) => textWidth(row) + ('mark' in row ? 16 : 0));
  const onTop = legendWidth(box.edge) + legendWidth(calledText(box)) + 24;
  return Math.min(mostWidth, Math.max(leastWidth, onTop, ...texts.map((width) => width + 2 * padding)));
}

/** How many characters fit: names are in a monospaced font, the rest is measured by its average. */
export const perCharacter = { name: 7.9, about: 6, rule: 6, bar: 6, foot: 6.8, legend: 6.4 } as const;

const textWidth = ({ type, text }: Row): number => text.length * perCharacter[type];

export const legendWidth = (text: string): number =>
  text === '' ? 0 : text.length * perCharacter.legend + 16;

/** `first`, or `2, on failure` */
export const calledText = ({ called }: Box): string => (called === '1' ? 'first' : called);

/** A text cut to a width. */
export function cut(text: string, width: number, type: keyof typeof perCharacter): string {
  const most = Math.max(3, Math.floor(width / perCharacter[type]));
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
