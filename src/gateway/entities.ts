import { afterKind } from '../primitive-kinds.ts';
import type {
  AlloyConfig,
  CascadeConfig,
  DispatcherConfig,
  GatewayConfig,
  ModelConfig,
  ModelShortcutConfig,
} from './config.ts';
import type { Path } from './problem.ts';

/** A model or primitive that a gateway declares. */
export type Entity = {
  readonly id: string | undefined;
  /** Its path: `['alloys', 0]`. */
  readonly path: Path;
  /** The declaration as written, with camelCase keys; not checked. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** Whether the declaration is valid. If not, `config` has only its valid options. */
  readonly isWhole: boolean;
} & Declared;

/** The declaration of an entity; undefined if it can't be read. */
export type Declared =
  | { readonly kind: 'model'; readonly config: ModelConfig | undefined }
  | { readonly kind: 'alloy'; readonly config: AlloyConfig | undefined }
  | { readonly kind: 'cascade'; readonly config: CascadeConfig | undefined }
  | { readonly kind: 'dispatcher'; readonly config: DispatcherConfig | undefined };

/** The list that holds entities of a kind. */
export const sections: {
  readonly models: 'model';
  readonly alloys: 'alloy';
  readonly cascades: 'cascade';
  readonly dispatchers: 'dispatcher';
} = {
  models: 'model',
  alloys: 'alloy',
  cascades: 'cascade',
  dispatchers: 'dispatcher',
};

/** All declarations of a gateway. */
export interface Declarations {
  readonly entities: readonly Entity[];
  /** Entities by name: the id, for primitives also `alloy/id`, and the aliases of `modelShortcuts`. */
  readonly names: ReadonlyMap<string, Entity>;
  readonly tokenizer: GatewayConfig['tokenizer'];
  /** The path of the tokenizer, if it isn't declared as `tokenizer`. */
  readonly tokenizerAlias: Path | undefined;
  readonly modelDefaults: GatewayConfig['modelDefaults'];
  readonly recommended: boolean | undefined;
  readonly $schema: string | undefined;
  /** The shortcuts, each with the id that it leads to. */
  readonly shortcuts: readonly ModelShortcutConfig[];
  /** Primitives that are nested too deeply or are too large to create. */
  readonly tooLarge: ReadonlySet<Entity>;
  /** What to do about references to undeclared models. */
  readonly undeclared: 'error' | 'ai-sdk';
}

/** Where an entity is named: a model that isn't declared under `models` is named by a shortcut. */
export const idPath = ({ path }: Entity): Path => [...path, path[0] === 'modelShortcuts' ? 'model' : 'id'];

/** A reference from an entity to a member. */
export interface Reference {
  readonly name: string;
  readonly path: Path;
  /** Whether the entry sets a context window. */
  readonly isSized: boolean;
}

/** Whether a reference has the form `alloy/x`. Such a name means a primitive, unless a model is declared with it. */
export const namesPrimitive = (name: string): boolean => afterKind(name, '/') !== undefined;

/** An entry in one of an entity's lists, as it was written. */
interface Entry {
  readonly value: unknown;
  readonly path: Path;
}

/** The members and rules of an entity, even if it is invalid. */
export function entriesOf({ kind, raw, path }: Entity): { readonly member: Entry[]; readonly rule: Entry[] } {
  const list = (name: string): Entry[] => {
    const values: unknown = raw[name];
    return Array.isArray(values)
      ? values.map((value, index) => ({ value, path: [...path, name, index] }))
      : [];
  };
  if (kind !== 'dispatcher') return { member: kind === 'model' ? [] : list(memberLists[kind]), rule: [] };
  const rules = list('rules');
  const targets = rules.map(({ value, path: at }) => ({
    value: (Object(value) as { readonly target?: unknown }).target,
    path: [...at, 'target'],
  }));
  return { member: [...list('targets'), ...targets], rule: rules };
}

const memberLists = { alloy: 'constituents', cascade: 'steps' } as const;

/** The references of an entity, even if it is invalid otherwise. */
export function referencesOf(entity: Entity): Reference[] {
  return entriesOf(entity).member.flatMap(referenceOf);
}

function referenceOf({ value, path }: Entry): Reference[] {
  if (typeof value === 'string') return [{ name: value, path, isSized: false }];
  const { model, contextWindow } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof model !== 'string') return [];
  return [{ name: model, path: [...path, 'model'], isSized: contextWindow !== undefined }];
}
