import { clean } from '../clean.ts';
import type { Graph, GraphNode } from './graph-of.ts';

/** The brackets of a box, by the kind of node. */
const shapes: Readonly<Record<GraphNode['kind'], readonly [string, string]>> = {
  dispatcher: ['{{', '}}'],
  cascade: ['[[', ']]'],
  alloy: ['([', '])'],
  model: ['[', ']'],
};

/** A graph as a Mermaid flowchart. */
export function mermaid({ nodes, edges }: Graph): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const named = (some: Graph['nodes']): string[] => some.map(({ id }) => names.get(id)!);
  return [
    'flowchart LR',
    ...nodes.map(({ id, kind, lines }) => {
      const [open, close] = shapes[kind];
      return `  ${names.get(id)}${open}"${lines.map(escapeLabel).join('<br/>')}"${close}`;
    }),
    ...edges.map(({ from, to, label, isRule }) => {
      const arrow = isRule ? '-.->' : '-->';
      return `  ${names.get(from)} ${arrow}|"${escapeLabel(label)}"| ${names.get(to)}`;
    }),
    ...styled('cooldown', 'stroke-dasharray: 6 4', named(nodes.filter((node) => node.hasCooldown))),
    ...styled('priced', 'stroke-width: 2px', named(nodes.filter((node) => node.hasPrice))),
  ].join('\n');
}

/** The lines that style some nodes. */
function styled(name: string, style: string, nodes: readonly string[]): string[] {
  return nodes.length === 0 ? [] : [`  classDef ${name} ${style}`, `  class ${nodes.join(',')} ${name}`];
}

/** Escapes everything but letters, digits and harmless signs with Mermaid's character codes: `#34;` is a quote. */
const escapeLabel = (text: string): string =>
  clean(text).replaceAll(
    /[^\p{L}\p{M}\p{N} .,:/()+=_%×≤≥–-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
