import type { PrimitiveKind } from '../../primitive-kinds.ts';
import type { GatewayConfig, MemberConfig, ModelConfig } from '../../gateway/index.ts';
import { conditionsOf } from '../conditions.ts';
import { type DeclaredPrimitive, modelName, primitivesIn } from '../declared.ts';
import { isDeclared, priceText, primitiveLines, sizeText } from './lines.ts';
import { sizedIn } from './sized-in.ts';

/** A model or a primitive. */
export interface GraphNode {
  readonly id: string;
  readonly kind: 'model' | PrimitiveKind;
  /** The lines of text in its box. */
  readonly lines: readonly string[];
  /** Whether its members go on cooldown after failures. */
  readonly hasCooldown?: true;
  /** Whether its price is declared. */
  readonly hasPrice?: true;
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

type Reference = string | MemberConfig;

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
    edges.push({ from, to: target, label: [label, ...traits(own)].join(', '), isRule });
  };
  const aliases = aliasesOf(config);
  for (const model of models) add(modelNode(model));
  for (const each of primitivesIn(config)) add(primitiveNode(each));
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
  const { id, name, price } = model;
  return {
    id,
    kind: 'model',
    lines: [id, ...(name ? [name] : []), ...traits(model)],
    ...(price && { hasPrice: true }),
  };
}

function primitiveNode(primitive: DeclaredPrimitive): GraphNode {
  const { id, name, cooldown } = primitive.config;
  return {
    id,
    kind: primitive.kind,
    lines: [id, ...(name ? [name] : []), ...primitiveLines(primitive)],
    ...(cooldown && { hasCooldown: true }),
  };
}

/** What is declared of a model that decides whether it can take a request, and what it costs. */
const traits = (model: Partial<ModelConfig>): string[] => [
  ...sizes(model),
  ...(model.price ? [priceText(model.price)] : []),
];

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
