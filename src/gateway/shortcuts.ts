import { misspelt, nearest } from '../spelling.ts';
import type {
  AlloyConfig,
  CascadeConfig,
  DispatcherConfig,
  MemberConfig,
  ModelShortcutConfig,
} from './config.ts';
import { namesPrimitive, referencesOf, type Declarations, type Entity } from './entities.ts';
import { namedAs } from './named-as.ts';
import { maxSuggestions, namesOf, showCycle } from './references.ts';
import { showName, type GatewayProblem, type Path } from './problem.ts';
import { unreadable } from './schema/read-entry.ts';

/** A shortcut, and its path. */
export interface Shortcut extends ModelShortcutConfig {
  readonly path: Path;
}

type Report = (problem: GatewayProblem) => void;

/** What the shortcuts of a gateway lead to. */
export interface ResolvedShortcuts {
  /** The id of the model or primitive that each alias means; undefined if its shortcut has a problem. */
  readonly meant: ReadonlyMap<string, string | undefined>;
  /** The models that only shortcuts name. */
  readonly models: readonly Entity[];
}

/** Follows each shortcut to a model or primitive, and reports those that lead to none. */
export function resolveShortcuts(
  shortcuts: readonly Shortcut[],
  entities: readonly Entity[],
  undeclared: Declarations['undeclared'],
  report: Report,
): ResolvedShortcuts {
  const names = new Map(entities.flatMap((entity) => namesOf(entity).map((name) => [name, entity] as const)));
  const byAlias = uniqueAliases(shortcuts, names, report);
  const sized = new Set(
    entities.flatMap(referencesOf).flatMap(({ name, isSized }) => (isSized ? [name] : [])),
  );
  const known = [...names.keys(), ...sized];
  const models = new Map<string, Entity>();
  const meant = new Map<string, string | undefined>();
  let suggestions = 0;

  /** The model that a shortcut declares by naming it; undefined if it is probably a mistake, which is reported. */
  const newModel = ({ alias: own, model, path }: Shortcut): string | undefined => {
    const isModel = !namesPrimitive(model) && (undeclared === 'ai-sdk' || model.includes('/'));
    // A model may be written much like an alias: that is what some aliases are for.
    const suggest = (): string | undefined =>
      isModel
        ? misspelt(model, known)
        : nearest(
            model,
            [...known, ...byAlias.keys()].filter((each) => each !== own),
          );
    const closest =
      sized.has(model) || suggestions++ >= maxSuggestions ? undefined : (namedAs(model, names) ?? suggest());
    if (sized.has(model) || (isModel && closest === undefined)) {
      models.set(model, { kind: 'model', id: model, path, raw: {}, config: { id: model }, isWhole: true });
      return model;
    }
    const declare = namesPrimitive(model) ? 'declare it' : 'declare it under models';
    const remedy = closest === undefined ? `: ${declare}` : `, did you mean ${showName(closest)}?`;
    report({ path: [...path, 'model'], message: `unknown model ${showName(model)}${remedy}` });
    return undefined;
  };

  const follow = (first: Shortcut): void => {
    const way = new Map<string, Shortcut>();
    let [here, id]: [Shortcut, string | undefined] = [first, undefined];
    while (!meant.has(here.alias)) {
      way.set(here.alias, here);
      const { model, path } = here;
      const next = byAlias.get(model);
      if (!next) id = (names.get(model) ?? models.get(model))?.id ?? newModel(here);
      if (next && !way.has(model)) here = next;
      else {
        if (next) report({ path: [...path, 'model'], message: cycleMessage([...way.keys()], model) });
        break;
      }
    }
    if (meant.has(here.alias)) id = meant.get(here.alias);
    for (const alias of way.keys()) meant.set(alias, id);
  };

  for (const shortcut of byAlias.values()) follow(shortcut);
  const inOrder = [...byAlias.keys()].map((alias) => [alias, meant.get(alias)] as const);
  return { meant: new Map(inOrder), models: [...models.values()] };
}

function cycleMessage(way: readonly string[], model: string): string {
  const cycle = showCycle([...way.slice(way.indexOf(model)), model]);
  return `${showName(model)} leads to itself: ${cycle}: take one of them out`;
}

/** The shortcuts by alias. Reports aliases that are also the name of something else. */
function uniqueAliases(
  shortcuts: readonly Shortcut[],
  names: ReadonlyMap<string, Entity>,
  report: Report,
): ReadonlyMap<string, Shortcut> {
  const byAlias = new Map<string, Shortcut>();
  for (const shortcut of shortcuts) {
    const { alias, path } = shortcut;
    const other = names.get(alias);
    const owner = byAlias.has(alias) ? 'another shortcut' : other && `the ${other.kind}`;
    if (owner === undefined) byAlias.set(alias, shortcut);
    else {
      const message = `${showName(alias)}: ${owner} has that name already: rename one`;
      report({ path: [...path, 'alias'], message });
    }
  }
  return byAlias;
}

/** An entity whose members are named by the ids of models and primitives instead of by shortcuts. */
export function withoutShortcuts(entity: Entity, meant: ResolvedShortcuts['meant']): Entity {
  if (entity.config === undefined || entity.kind === 'model' || meant.size === 0) return entity;
  const idOf = (name: string): string => meant.get(name) ?? name;
  const resolved = (entry: string | MemberConfig): string | MemberConfig => {
    if (typeof entry === 'string') return idOf(entry);
    const id = idOf(entry.model);
    return id === entry.model || entry === unreadable ? entry : { ...entry, model: id };
  };
  const { constituents, steps, targets, rules } = entity.config as Partial<
    AlloyConfig & CascadeConfig & DispatcherConfig
  >;
  const config = {
    ...entity.config,
    ...(constituents && { constituents: constituents.map(resolved) }),
    ...(steps && { steps: steps.map(resolved) }),
    ...(targets && { targets: targets.map(resolved) }),
    ...(rules && { rules: rules.map((rule) => ({ ...rule, target: resolved(rule.target) })) }),
  };
  return { ...entity, config } as Entity; // the same kind of config as before
}

/** Adds the aliases to the names of entities. What refers to a shortcut with a problem gets no problem of its own. */
export function nameShortcuts(names: Map<string, Entity>, meant: ResolvedShortcuts['meant']): void {
  for (const [alias, id] of meant) {
    const entity = id === undefined ? undefined : names.get(id);
    names.set(alias, entity ?? unknown);
  }
}

/** Stands for what a shortcut with a problem leads to. */
const unknown: Entity = {
  kind: 'model',
  id: undefined,
  path: ['modelShortcuts'],
  raw: {},
  config: undefined,
  isWhole: false,
};
