import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box, State } from '../../src/inspect/picture/boxes.ts';
import { dollars } from '../../src/inspect/picture/dollars.ts';
import { layoutOf, type Placed } from '../../src/inspect/picture/layout.ts';
import { svgOf } from '../../src/inspect/picture/svg.ts';
import { tableHtml } from '../../src/inspect/picture/answer.ts';

const states: readonly State[] = ['first', 'later', 'skipped', 'unused', 'answered', 'failed'];

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constant('a/b'), fc.constant(''));

/** Trees of boxes with any text. */
const trees = fc.letrec<{ box: Box }>((tie) => ({
  box: fc.record(
    {
      name: text,
      kind: fc.constantFrom('model', 'alloy', 'cascade', 'dispatcher'),
      lines: fc.array(text, { maxLength: 3 }),
      rules: fc.array(fc.record({ text, matches: fc.constantFrom('yes', 'no', 'not-asked') }), {
        maxLength: 12,
      }),
      edge: text,
      called: text,
      state: fc.constantFrom(...states),
      verdict: text,
      size: fc.record({
        need: fc.nat(),
        holds: fc.option(fc.nat()),
        atLeast: fc.boolean(),
      }),
      cost: fc.double({ min: 0, noNaN: true, max: 1e6 }),
      members: fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie('box'), { maxLength: 4 })),
    },
    { requiredKeys: ['name', 'kind', 'lines', 'rules', 'edge', 'called', 'state', 'verdict', 'members'] },
  ) as fc.Arbitrary<Box>,
})).box;

const overlap = (a: Placed, b: Placed): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const count = ({ members }: Box): number => members.reduce((sum, member) => sum + count(member), 1);

describe('the picture', () => {
  it.each(['across', 'down'] as const)(
    '%s: boxes have their own place, members in their order',
    (direction) => {
      fc.assert(
        fc.property(trees, (root) => {
          const { placed, width, height } = layoutOf(root, direction);
          expect(placed.length).toBe(count(root));
          placed.forEach((each, index) => {
            expect(
              each.x >= 0 && each.y >= 9 && each.x + each.width < width && each.y + each.height < height,
            ).toBe(true);
            expect(placed.slice(index + 1).some((other) => overlap(each, other))).toBe(false);
            const members = placed.filter(({ around }) => around === each).map(({ y }) => y);
            expect(members).toEqual(members.toSorted((a, b) => a - b));
          });
        }),
      );
    },
  );

  it('no text of a file becomes markup', () => {
    // All tags that there are, without the attributes' values and the text between.
    const known =
      /^(<\/?(svg|g|path|rect|text|tspan|div|table|thead|tbody|tr|th|td|span)( [\w-]+="[^"<>]*")*\/?>|[^<>]+|\n)*$/;
    fc.assert(
      fc.property(trees, (root) => {
        for (const markup of [svgOf(root, 'across'), svgOf(root, 'down'), tableHtml({ root })]) {
          expect(markup).toMatch(known);
          // Control characters are not allowed in XML.
          expect(markup.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
        }
      }),
    );
    const hostile = `"><script>alert('x')</script>&`;
    const box: Box = {
      name: hostile,
      kind: 'model',
      lines: [hostile],
      rules: [],
      edge: hostile,
      called: hostile,
      state: 'first',
      verdict: hostile,
      members: [],
    };
    expect(svgOf(box, 'across')).not.toContain('<script');
    expect(tableHtml({ root: box })).toContain(
      '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;',
    );
  });

  it.each([
    [0, '$0'],
    [1234.5, '$1234.50'],
    [0.5, '$0.50'],
    [0.0042, '$0.0042'],
    [0.01, '$0.01'],
    [0.000000042, '$0.000000042'],
  ])('%f dollars are %s', (amount, shown) => {
    expect(dollars(amount)).toBe(shown);
  });
});

/** The tree with words that really are there, and with the labels of many rules. */
const withLabels = (box: Box, called: string, rules: number): Box => ({
  ...box,
  called,
  edge: Array.from({ length: rules }, (_, rule) => `rule 模型-${rule}`).join(', '),
  members: box.members.map((member) => withLabels(member, called, rules)),
});

it.each(['across', 'down'] as const)(
  'labels stay within their boxes, and beside each other (%s)',
  (direction) => {
    const label = /<rect class="(edge|called)" x="([\d.-]+)" y="-9" width="([\d.]+)"/g;
    fc.assert(
      fc.property(
        trees,
        fc.constantFrom('', '1', '12, on failure', 'if too long, as an escalation'),
        fc.integer({ min: 0, max: 500 }),
        (root, called, rules) => {
          const tree = withLabels(root, called, rules);
          const widths = layoutOf(tree, direction).placed.map(({ width }) => width);
          const boxes = svgOf(tree, direction).split('<g class="box').slice(1);
          boxes.forEach((box, index) => {
            const labels = [...box.matchAll(label)].map(([, , x, width]) => ({
              x: Number(x),
              width: Number(width),
            }));
            for (const { x, width } of labels) {
              expect(x).toBeGreaterThanOrEqual(0);
              expect(x + width).toBeLessThanOrEqual(widths[index]!);
            }
            const [edge, other] = labels;
            expect((edge?.x ?? 0) + (edge?.width ?? 0)).toBeLessThanOrEqual(other?.x ?? Infinity);
          });
        },
      ),
    );
  },
);
