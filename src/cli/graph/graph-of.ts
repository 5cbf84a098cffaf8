import type { PrimitiveKind } from '../../primitive-kinds.ts';
import type { CascadeConfig, GatewayConfig, MemberConfig, ModelConfig } from '../../gateway/index.ts';
import { conditionsOf } from '../conditions.ts';
import { modelName } from '../declared.ts';
import { alloyLines, dispatcherLines, sizeText } from './lines.ts';
import { sizedIn } from './sized-in.ts';

/** A model or a primitive. */
export interface GraphNode {
  readonly id: string;
  readonly kind: 'model' | PrimitiveKind;
  /** The lines of text in its box. */
  readonly lines: readonly string[];
}

/** An edge from a primitive to one of its members. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly isRule: boolean;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Labels of edges where the order isn't the position in the list. */
const byWhat = { 'smallest-first': 'by size', 'cheapest-first': 'by price', 'fastest-first': 'by speed' };

const isDeclared = (order: string | undefined): order is 'declared' | undefined =>
  order === undefined || order === 'declared';

type Reference = string | MemberConfig;
type Primitive = Pick<CascadeConfig, 'id' | 'name' | 'afterContent'>;

/** The models and primitives of a gateway, and which leads to which. */
export function graphOf(config: GatewayConfig): Graph {
  const { models = [], alloys = [], cascades = [], dispatchers = [] } = config;
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  const add = (node: GraphNode): unknown => nodes.set(node.id, node);
  const link = (from: string, reference: Reference, label: string, isRule = false): void => {
    const { model, ...own } = typeof reference === 'string' ? { model: reference } : reference;
    const to = nodes.has(model) ? model : modelName(model);
    // A model that isn't declared in `models` is declared where it is used.
    if (!nodes.has(to)) add({ id: model, kind: 'model', lines: [model] });
    const target = nodes.has(to) ? to : model;
    edges.push({ from, to: target, label: [label, ...sizes(own)].join(', '), isRule });
  };
  const aliases = aliasesOf(config);
  for (const model of models) add(modelNode(model));
  for (const each of alloys) add(primitiveNode(each, 'alloy', alloyLines(each)));
  for (const each of cascades)
    add(primitiveNode(each, 'cascade', [isDeclared(each.order) ? 'in order' : each.order]));
  for (const each of dispatchers) add(primitiveNode(each, 'dispatcher', dispatcherLines(each)));
  for (const id of aliases.keys()) if (!nodes.has(id)) add({ id, kind: 'model', lines: [id] });
  for (const { id, constituents, strategy } of alloys) {
    const weights = constituents.map((each) => (typeof each === 'string' ? 1 : (each.weight ?? 1)));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    constituents.forEach((each, index) => {
      const share = strategy === 'round-robin' ? 1 / constituents.length : weights[index]! / total;
      link(id, each, `${Number((share * 100).toFixed(1))} %`);
    });
  }
  for (const { id, steps, order } of cascades)
    steps.forEach((each, index) => link(id, each, isDeclared(order) ? `${index + 1}` : byWhat[order]));
  const isSized = sizedIn(config);
  for (const { id, order, rules = [], targets = [] } of dispatchers) {
    rules.forEach((rule, index) =>
      link(id, rule.target, `rule ${rule.id ?? index}: ${conditionsOf(rule)}`, true),
    );
    let place = 0;
    for (const each of targets) {
      if (!isSized(each)) link(id, each, 'catch-all');
      else link(id, each, isDeclared(order) ? `${++place}` : byWhat[order]);
    }
  }
  const named = [...nodes.values()].map((node) => {
    const own = aliases.get(node.id) ?? [];
    return own.length === 0 ? node : { ...node, lines: [...node.lines, `shortcut: ${own.join(', ')}`] };
  });
  return { nodes: named, edges };
}

/** The aliases of each model and primitive, by its id. */
function aliasesOf({ modelShortcuts = [] }: GatewayConfig): ReadonlyMap<string, readonly string[]> {
  const aliases = new Map<string, string[]>();
  for (const { alias, model } of modelShortcuts) aliases.set(model, [...(aliases.get(model) ?? []), alias]);
  return aliases;
}

function modelNode(model: ModelConfig): GraphNode {
  const { id, name } = model;
  return { id, kind: 'model', lines: [id, ...(name ? [name] : []), ...sizes(model)] };
}

const primitiveNode = (
  { id, name, afterContent }: Primitive,
  kind: GraphNode['kind'],
  [how, ...lines]: readonly string[],
): GraphNode => ({
  id,
  kind,
  lines: [
    id,
    ...(name ? [name] : []),
    `${kind}, ${how}`,
    ...lines,
    ...(afterContent === 'buffer' ? ['streams held back until whole'] : []),
  ],
});

/** `32K × 0.75, input 16K, no images` */
function sizes(model: Partial<ModelConfig>): string[] {
  const { contextWindow, maxInputTokens, capacityFraction, supports = {} } = model;
  const fraction = capacityFraction === undefined ? '' : ` × ${capacityFraction}`;
  const size = typeof contextWindow === 'object' ? contextWindow.otherwise : contextWindow;
  return [
    ...(size === undefined && fraction === '' ? [] : [`${sizeText(size ?? 'window')}${fraction}`]),
    ...(maxInputTokens === undefined ? [] : [`input ${sizeText(maxInputTokens)}`]),
    ...Object.entries(supports).flatMap(([name, is]) => (is === false ? [`no ${name}`] : [])),
  ];
}
