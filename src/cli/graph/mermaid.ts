import { clean } from '../outcome.ts';
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
  ].join('\n');
}

/** Escapes everything but letters, digits and harmless signs with Mermaid's character codes: `#34;` is a quote. */
const escapeLabel = (text: string): string =>
  clean(text).replaceAll(
    /[^\p{L}\p{M}\p{N} .,:/()+=_%×≤≥–-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
