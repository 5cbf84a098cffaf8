import type { GatewayConfig, RuleConfig } from '../../gateway/index.ts';
import { graphOf, type Graph } from './graph-of.ts';

type TextOf = (value: string) => string;

/** The graph of a gateway, with `${NAME}` wherever the file has that instead of a text. */
export function writtenGraph(config: GatewayConfig, textOf: TextOf): Graph {
  const { models, alloys, cascades, dispatchers, modelShortcuts } = config;
  const named = <Entity extends { readonly name?: string }>(entity: Entity): Entity =>
    entity.name === undefined ? entity : { ...entity, name: textOf(entity.name) };
  const { nodes, edges } = graphOf({
    ...config,
    ...(modelShortcuts && {
      modelShortcuts: modelShortcuts.map(({ alias, model }) => ({ alias: textOf(alias), model })),
    }),
    ...(models && { models: models.map(named) }),
    ...(alloys && { alloys: alloys.map(named) }),
    ...(cascades && { cascades: cascades.map(named) }),
    ...(dispatchers && {
      dispatchers: dispatchers.map(named).map(({ rules, ...rest }) => ({
        ...rest,
        ...(rules && { rules: rules.map((rule) => writtenRule(rule, textOf)) }),
      })),
    }),
  });
  // Ids are replaced only at the end: the same id may be written in two ways in the file, and is the same model.
  return {
    nodes: nodes.map(({ id, lines, ...rest }) => ({
      ...rest,
      id: textOf(id),
      lines: lines.map((line) => (line === id ? textOf(id) : line)),
    })),
    edges: edges.map(({ from, to, ...rest }) => ({ ...rest, from: textOf(from), to: textOf(to) })),
  };
}

/** A rule with `${NAME}` wherever the file has that. */
export function writtenRule({ id, when, ...rest }: RuleConfig, textOf: TextOf): RuleConfig {
  const written = <Value>(value: Value): Value =>
    (typeof value === 'string' ? textOf(value) : Array.isArray(value) ? value.map(written) : value) as Value;
  const { text, metadata, between } = when ?? {};
  const entries = Object.entries(metadata ?? {}).map(([key, value]) => [key, written(value)] as const);
  return {
    ...rest,
    ...(id !== undefined && { id: textOf(id) }),
    ...(when && {
      when: {
        ...when,
        ...(text !== undefined && { text: textOf(text) }),
        ...(between && {
          between: {
            from: textOf(between.from),
            to: textOf(between.to),
            timeZone: textOf(between.timeZone),
          },
        }),
        ...(metadata && { metadata: Object.fromEntries(entries) }),
      },
    }),
  };
}
