import { isObject } from '../errors/errors.ts';
import { routerOf } from '../routing/copies.ts';
import { merged, mergedHeaders } from '../sdk/call-settings.ts';
import type { ModelReference, RoutingModel } from '../sdk/model.ts';
import type { ConstituentConfig, CountingConfig, MemberConfig, ModelOptionsConfig } from './config.ts';
import { idPath, namesPrimitive, type Declarations, type Entity } from './entities.ts';
import { countingOptionNames } from './estimators.ts';
import { modelOptionNames, type Levels } from './levels.ts';
import type { Path } from './problem.ts';
import { unreadable } from './schema/read-entry.ts';

type Values = Readonly<Record<string, unknown>>;

/** What is needed to create members. */
export interface MemberContext {
  readonly declarations: Declarations;
  readonly levels: Levels;
  /** The model of an entity; undefined if it can't be created, which is reported where it is declared. */
  modelOf(entity: Entity): RoutingModel | undefined;
  /** A provider's model for an id; undefined if the provider has none, which is reported at the path. */
  plainModel(id: string, path: Path): ModelReference | undefined;
}

/** The primitive that a member is in. */
export interface Holder {
  readonly config: CountingConfig;
  readonly path: Path;
}

/** Options of a member, as the primitives take them; undefined if its model can't be created. */
export function memberOptions(
  entry: string | MemberConfig,
  at: Path,
  holder: Holder,
  context: MemberContext,
): Values | undefined {
  if (entry === unreadable) return undefined;
  const { declarations } = context;
  const inline: MemberConfig = typeof entry === 'string' ? { model: entry } : entry;
  const entity = declarations.names.get(inline.model);
  if (entity && entity.kind !== 'model') return nestedOptions(entity, inline, at, holder, context);
  if (entity && !context.modelOf(entity)) return undefined;
  if (!entity && namesPrimitive(inline.model)) return undefined;
  const isDeclared = entity !== undefined || inline.contextWindow !== undefined;
  // Providers aren't asked for models that aren't declared.
  const asIs = isDeclared ? undefined : (inline.model as ModelReference);
  if (asIs !== undefined && declarations.undeclared === 'error') return undefined;
  return plainOptions(inline, entity, at, holder, context, asIs);
}

/** Options of a member that is a plain model: `asIs`, or the model of its provider. */
export function plainOptions(
  inline: MemberConfig,
  entity: Entity | undefined,
  at: Path,
  holder: Holder,
  context: MemberContext,
  asIs?: ModelReference,
): Values | undefined {
  const path = entity ? idPath(entity) : at;
  const model = asIs ?? context.plainModel(inline.model, path);
  if (model === undefined) return undefined;
  const declared = entity?.config as ModelOptionsConfig | undefined;
  const levels = [
    { config: holder.config, path: holder.path },
    { config: declared, path: entity?.path ?? [] },
    { config: inline, path: at },
  ];
  // A provider may give a primitive: that retries by its own options, and unless it has a size here, counts by them.
  const isPrimitive = routerOf(model) !== undefined;
  const counts = !isPrimitive || countsBesides({ ...declared, ...inline });
  const { modelDefaults = {} } = context.declarations;
  const defaults = isPrimitive ? defaultsOfPrimitive(modelDefaults, counts) : modelDefaults;
  return {
    model,
    ...ownOptions(inline),
    ...modelOptions(inline, declared, holder.config, defaults),
    ...(counts && { estimator: context.levels.ofModel(inline.model, levels) }),
  };
}

type ModelDefaults = NonNullable<Declarations['modelDefaults']>;

/** The model defaults that hold for a primitive. */
function defaultsOfPrimitive(
  { retries: _, anchor, defaultOutputTokens, ...others }: ModelDefaults,
  counts: boolean,
): ModelDefaults {
  return counts ? { anchor, defaultOutputTokens, ...others } : others;
}

/** Whether the entry of a primitive sets sizes, or how to count: without sizes, that is rejected where it is created. */
const countsBesides = (entry: ModelOptionsConfig): boolean =>
  ['contextWindow', 'maxInputTokens', 'maxOutputTokens', ...countingOptionNames].some(
    (name) => (entry as Values)[name] !== undefined,
  );

/** Options of a nested primitive. It has its own sizes, so only the options of this entry are added. */
function nestedOptions(
  entity: Entity,
  inline: MemberConfig,
  at: Path,
  holder: Holder,
  { levels, modelOf }: MemberContext,
): Values | undefined {
  const model = modelOf(entity);
  if (!model) return undefined;
  const estimator = countsBesides(inline)
    ? levels.ofModel(entity.id ?? '', [
        { config: holder.config, path: holder.path },
        { config: inline, path: at },
      ])
    : undefined;
  const said = modelOptionNames.map((name) => [name, plain(inline[name])] as const);
  return { model, ...ownOptions(inline), ...defined(said), ...(estimator && { estimator }) };
}

const ownOptions = ({ id, weight }: ConstituentConfig): Values => defined(Object.entries({ id, weight }));

/** Each option from the entry, else the model's declaration, else the primitive (by inheritance), else the model defaults. */
function modelOptions(
  inline: ModelOptionsConfig,
  declared: ModelOptionsConfig | undefined,
  holder: CountingConfig,
  modelDefaults: ModelDefaults,
): Values {
  const isSized = ['contextWindow', 'maxInputTokens'].some(
    (name) => (inline as Values)[name] ?? (declared as Values | undefined)?.[name],
  );
  return defined(
    modelOptionNames.map((name) => {
      if (name === 'settings' || name === 'supports')
        return [name, mergedOption(name, [modelDefaults, declared, inline])] as const;
      const own = inline[name] ?? declared?.[name];
      const isInherited = (holder as Values)[name] !== undefined;
      const applies = !isInherited && (isSized || name !== 'capacityFraction');
      return [name, plain(own) ?? (applies ? (modelDefaults as Values)[name] : undefined)] as const;
    }),
  );
}

/** An option that is a table, of which each level may set some entries; the last level wins. */
function mergedOption(name: string, levels: readonly (object | undefined)[]): Values | undefined {
  const tables = levels.map((level) => (level as Values | undefined)?.[name] as Values | undefined);
  const said = tables.filter((table) => table !== undefined);
  return said.length > 0 ? said.reduce(mergedLevels) : undefined;
}

function mergedLevels(outer: Values, inner: Values): Values {
  const all = merged(outer, inner);
  const [defaults, own] = [outer['headers'], inner['headers']];
  // One header must not be there twice, in different cases: it would be sent with both values.
  return isObject(defaults) && isObject(own)
    ? { ...all, headers: mergedHeaders(defaults as Values, own as Values) }
    : all;
}

/** No server is asked here: uses the size in `otherwise`. */
const plain = (value: ModelOptionsConfig[keyof ModelOptionsConfig]): unknown =>
  isObject(value) && 'otherwise' in value ? value.otherwise : value;

function defined(entries: readonly (readonly [string, unknown])[]): Values {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Gives members that are plain models the id that they have in the configuration; equal ids get `#2`, as in primitives. */
export function nameMembers(
  members: readonly (Values | undefined)[],
  entries: readonly (string | MemberConfig)[],
  names: Declarations['names'],
): (Values | undefined)[] {
  const taken = new Set(members.map((member) => member?.['id']));
  return members.map((member, index) => {
    if (!member || member['id'] !== undefined) return member;
    const entry = entries[index]!;
    const name = typeof entry === 'string' ? entry : entry.model;
    if ((names.get(name)?.kind ?? 'model') !== 'model') return member; // a primitive has an id of its own
    let id = name;
    for (let number = 2; taken.has(id); number++) id = `${name}#${number}`;
    taken.add(id);
    return { ...member, id };
  });
}
