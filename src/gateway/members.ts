import { isObject } from '../errors/errors.ts';
import type { ModelReference, RoutingModel } from '../sdk/model.ts';
import type { ConstituentConfig, CountingConfig, MemberConfig, ModelOptionsConfig } from './config.ts';
import { namesPrimitive, type Declarations, type Entity } from './entities.ts';
import { countingOptionNames } from './estimators.ts';
import { modelOptionNames, type Levels } from './levels.ts';
import type { Path } from './problem.ts';
import { unreadable } from './schema/read-entry.ts';

type Values = Readonly<Record<string, unknown>>;

/** What members are made of. */
export interface MemberContext {
  readonly declarations: Declarations;
  readonly levels: Levels;
  /** The model of an entity; undefined if it can't be made, which is reported where it is declared. */
  modelOf(entity: Entity): RoutingModel | undefined;
  /** What a provider gives for an id; undefined if it refuses, which is reported at the path. */
  plainModel(id: string, path: Path): ModelReference | undefined;
}

/** The primitive that a member is in. */
export interface Holder {
  readonly config: CountingConfig;
  readonly path: Path;
}

/** Options of a member, as the primitives take them; undefined if its model can't be had. */
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
  // What isn't declared is no concern of the providers.
  const asIs = isDeclared ? undefined : (inline.model as ModelReference);
  if (asIs !== undefined && declarations.undeclared === 'error') return undefined;
  return plainOptions(inline, entity, at, holder, context, asIs);
}

/** Options of a member that is a plain model: `asIs`, or what its provider gives. */
export function plainOptions(
  inline: MemberConfig,
  entity: Entity | undefined,
  at: Path,
  holder: Holder,
  context: MemberContext,
  asIs?: ModelReference,
): Values | undefined {
  const path = entity ? [...entity.path, 'id'] : at;
  const model = asIs ?? context.plainModel(inline.model, path);
  if (model === undefined) return undefined;
  const declared = entity?.config as ModelOptionsConfig | undefined;
  const levels = [
    { config: holder.config, path: holder.path },
    { config: declared, path: entity?.path ?? [] },
    { config: inline, path: at },
  ];
  return {
    model,
    ...ownOptions(inline),
    ...modelOptions(inline, declared, holder.config, context.declarations),
    estimator: context.levels.ofModel(inline.model, levels),
  };
}

/** A primitive brings its own sizes; only what is said right here goes with it. */
function nestedOptions(
  entity: Entity,
  inline: MemberConfig,
  at: Path,
  holder: Holder,
  { levels, modelOf }: MemberContext,
): Values | undefined {
  const model = modelOf(entity);
  if (!model) return undefined;
  const isSized = [inline.contextWindow, inline.maxInputTokens, inline.maxOutputTokens].some(Boolean);
  // Without a size of its own the primitive refuses an estimator, and says why.
  const estimator =
    isSized || countingOptionNames.some((key) => inline[key] !== undefined)
      ? levels.ofModel(entity.id ?? '', [
          { config: holder.config, path: holder.path },
          { config: inline, path: at },
        ])
      : undefined;
  const said = modelOptionNames.map((name) => [name, plain(inline[name])] as const);
  return { model, ...ownOptions(inline), ...defined(said), ...(estimator && { estimator }) };
}

const ownOptions = ({ id, weight }: ConstituentConfig): Values => defined(Object.entries({ id, weight }));

/** The entry's own, else the model's declaration, else the primitive's (which it inherits), else the model defaults. */
function modelOptions(
  inline: ModelOptionsConfig,
  declared: ModelOptionsConfig | undefined,
  holder: CountingConfig,
  { modelDefaults = {} }: Declarations,
): Values {
  const isSized = ['contextWindow', 'maxInputTokens'].some(
    (name) => (inline as Values)[name] ?? (declared as Values | undefined)?.[name],
  );
  return defined(
    modelOptionNames.map((name) => {
      const own = inline[name] ?? declared?.[name];
      const isInherited = (holder as Values)[name] !== undefined;
      const applies = !isInherited && (isSized || name !== 'capacityFraction');
      return [name, plain(own) ?? (applies ? (modelDefaults as Values)[name] : undefined)] as const;
    }),
  );
}

/** Nothing is asked here: what holds otherwise stands in. */
const plain = (value: ModelOptionsConfig[keyof ModelOptionsConfig]): unknown =>
  isObject(value) && 'otherwise' in value ? value.otherwise : value;

function defined(entries: readonly (readonly [string, unknown])[]): Values {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Members of plain models are called as the configuration calls them: told apart like the primitives do. */
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
