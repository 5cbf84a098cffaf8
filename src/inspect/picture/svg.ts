import { clean } from '../clean.ts';
import type { Box } from './boxes.ts';
import { layoutOf, type Direction, type Placed } from './layout.ts';
import {
  calledText,
  cut,
  edgeText,
  legendInset,
  legendWidth,
  padding,
  rowHeights,
  rowsOf,
  type Row,
} from './rows.ts';

/**
 * A tree of boxes as an SVG. It has no style of its own: `style.ts` has it. Its text is also in the table of
 * `tableHtml`, so it is hidden from screen readers.
 */
export function svgOf(root: Box, direction: Direction): string {
  const { width, height, placed } = layoutOf(root, direction);
  const lines = placed.flatMap((each) => (each.around ? [lineOf(each, each.around, direction)] : []));
  // Lines of what is called are drawn last, over the others.
  const [over, under] = [lines.filter(isCalled), lines.filter((line) => !isCalled(line))];
  return [
    `<svg class="picture ${direction}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true">`,
    ...under,
    ...over,
    ...placed.map(boxOf),
    '</svg>',
  ].join('\n');
}

const isCalled = (line: string): boolean => /class="line (first|answered|failed|later)"/.test(line);

function lineOf({ box, x, y, height }: Placed, around: Placed, direction: Direction): string {
  const to = y + height / 2;
  if (direction === 'down') {
    const from = around.x + 11;
    return `<path class="line ${box.state}" d="M${from} ${around.y + around.height} V${to - 8} q0 8 8 8 H${x}"/>`;
  }
  const left = around.x + around.width;
  const from = around.y + around.height / 2;
  const middle = (left + x) / 2;
  return `<path class="line ${box.state}" d="M${left} ${from} C${middle} ${from} ${middle} ${to} ${x} ${to}"/>`;
}

function boxOf({ box, x, y, width, height }: Placed): string {
  let top = padding - 4;
  const rows = rowsOf(box).map((row) => {
    const drawn = rowOf(row, top, width);
    top += rowHeights[row.type];
    return drawn;
  });
  const called = calledText(box);
  const edge = edgeText(box, width);
  return [
    `<g class="box ${box.kind} ${box.state}" transform="translate(${x} ${y})">`,
    `<rect class="frame" width="${width}" height="${height}" rx="9"/>`,
    `<path class="kind" d="M9 .5 H5 a5 9 0 0 0 -4.5 9 V${height - 9} a5 9 0 0 0 4.5 9 H9 z"/>`,
    ...rows,
    ...(edge ? [legend('edge', edge, legendInset)] : []),
    ...(called ? [legend('called', called, width - legendWidth(called) - legendInset)] : []),
    '</g>',
  ].join('');
}

function rowOf(row: Row, top: number, width: number): string {
  const room = width - 2 * padding;
  const left = padding + 2;
  const text = escapeHtml(cut(clean(row.text), room - ('mark' in row ? 16 : 0), row.type));
  if (row.type === 'bar') {
    const filled = Math.round(row.filled * room);
    return (
      `<text class="bar" x="${left}" y="${top + 12}">${text}</text>` +
      `<rect class="track" x="${left}" y="${top + 18}" width="${room}" height="5" rx="2.5"/>` +
      `<rect class="fill${row.isOver ? ' over' : ''}" x="${left}" y="${top + 18}" width="${filled}" height="5" rx="2.5"/>`
    );
  }
  const baseline = top + (row.type === 'name' ? 15 : 12);
  if (row.mark === undefined) return `<text class="${row.type}" x="${left}" y="${baseline}">${text}</text>`;
  const mark = `<tspan class="${{ '✓': 'yes', '✗': 'no' }[row.mark] ?? 'not-asked'}">${row.mark}</tspan>`;
  return `<text class="${row.type}" x="${left}" y="${baseline}">${mark}<tspan x="${left + 16}">${text}</tspan></text>`;
}

/** A label on the upper edge of a box. */
function legend(name: string, text: string, x: number): string {
  const width = legendWidth(text);
  return (
    `<rect class="${name}" x="${x}" y="-9" width="${width}" height="17" rx="8.5"/>` +
    `<text class="${name}" x="${x + width / 2}" y="3.5" text-anchor="middle">${escapeHtml(clean(text))}</text>`
  );
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text for HTML or SVG, in an element or in a quoted attribute. */
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (each) => escapes[each]!);
