import type { Box } from './boxes.ts';
import { heightOf, widthOf } from './rows.ts';

/** A box at its place, in pixels. */
export interface Placed {
  readonly box: Box;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The box of the primitive around it. */
  readonly around: Placed | undefined;
}

/** `across`: members to the right of their primitive. `down`: below it and indented, for narrow screens. */
export type Direction = 'across' | 'down';

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly placed: readonly Placed[];
}

const margin = 14;
const gapAcross = 56;
const gapDown = 22;
const indent = 24;
/** The width of a picture for a narrow screen. */
const narrow = 346;

/**
 * Places the boxes of a tree without overlaps, members in the order in which they are declared: that order is what the
 * picture is about, so boxes are never exchanged.
 */
export function layoutOf(root: Box, direction: Direction): Layout {
  const placed = direction === 'across' ? across(root) : down(root);
  return {
    width: Math.max(...placed.map(({ x, width }) => x + width)) + margin,
    height: Math.max(...placed.map(({ y, height }) => y + height)) + margin,
    placed,
  };
}

function across(root: Box): Placed[] {
  const widths: number[] = [];
  const measure = (box: Box, depth: number): void => {
    widths[depth] = Math.max(widths[depth] ?? 0, widthOf(box));
    for (const member of box.members) measure(member, depth + 1);
  };
  measure(root, 0);
  const lefts = widths.map((_, depth) =>
    widths.slice(0, depth).reduce((sum, width) => sum + width + gapAcross, margin),
  );
  /** How much height a box and everything in it take. */
  const spans = new Map<Box, number>();
  const spanOf = (box: Box): number => {
    const inside = box.members.reduce((sum, member) => sum + spanOf(member) + gapDown, -gapDown);
    const span = Math.max(heightOf(box), inside);
    spans.set(box, span);
    return span;
  };
  spanOf(root);
  const place = (box: Box, depth: number, top: number, around?: Placed): Placed[] => {
    const height = heightOf(box);
    const span = spans.get(box)!;
    const inside = box.members.reduce((sum, member) => sum + spans.get(member)! + gapDown, -gapDown);
    const own: Placed = {
      box,
      x: lefts[depth]!,
      y: top + (span - height) / 2,
      width: widths[depth]!,
      height,
      around,
    };
    let next = top + (span - Math.max(0, inside)) / 2;
    const members = box.members.flatMap((member) => {
      const at = next;
      next += spans.get(member)! + gapDown;
      return place(member, depth + 1, at, own);
    });
    return [own, ...members];
  };
  return place(root, 0, margin);
}

function down(root: Box): Placed[] {
  let top = margin;
  const place = (box: Box, depth: number, around?: Placed): Placed[] => {
    // Deeply nested boxes keep a width in which their text can be read: the picture gets wider.
    const x = margin + depth * indent;
    const width = Math.max(narrow - x, 220);
    const own: Placed = { box, x, y: top, width, height: heightOf(box), around };
    top += own.height + gapDown;
    return [own, ...box.members.flatMap((member) => place(member, depth + 1, own))];
  };
  return place(root, 0);
}
