import type { AlloyConfig, CascadeConfig, DispatcherConfig, GatewayConfig, ModelConfig } from './config.ts';
import type { Path } from './problem.ts';

/** Something that a gateway declares and calls by an id. */
export type Entity = {
  readonly id: string | undefined;
  /** Where it is declared: `['alloys', 0]`. */
  readonly path: Path;
  /** As it was written, with camelCase keys; not checked. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** Whether there is nothing wrong with what is written; otherwise, `config` is what is left without that. */
  readonly isWhole: boolean;
} & Declared;

/** What was declared, as far as it could be read. */
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

/** What is declared, and what holds for all of it. */
export interface Declarations {
  readonly entities: readonly Entity[];
  /** Entities by what they are called: the id, and `alloy/id`. */
  readonly names: ReadonlyMap<string, Entity>;
  readonly tokenizer: GatewayConfig['tokenizer'];
  /** Where that is declared, if not as `tokenizer`. */
  readonly tokenizerAlias: Path | undefined;
  readonly modelDefaults: GatewayConfig['modelDefaults'];
  readonly $schema: string | undefined;
  /** What contains too much to be made. */
  readonly tooLarge: ReadonlySet<Entity>;
  /** What to do about references to what isn't declared. */
  readonly undeclared: 'error' | 'ai-sdk';
}

/** One place where an entity names a member. */
export interface Reference {
  readonly name: string;
  readonly path: Path;
  /** Whether a context window is declared right there. */
  readonly isSized: boolean;
}

/** Whether a reference is to a primitive by its kind: such a name is never a model's, unless one is declared by it. */
export const namesPrimitive = (name: string): boolean => /^(?:alloy|cascade|dispatcher)\//.test(name);

/** Something in a list of an entity, as it was written. */
interface Entry {
  readonly value: unknown;
  readonly path: Path;
}

/** The members and the rules that an entity has, also if something is wrong with it. */
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

/** What an entity refers to, also if something else is wrong with it. */
export function referencesOf(entity: Entity): Reference[] {
  return entriesOf(entity).member.flatMap(referenceOf);
}

function referenceOf({ value, path }: Entry): Reference[] {
  if (typeof value === 'string') return [{ name: value, path, isSized: false }];
  const { model, contextWindow } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof model !== 'string') return [];
  return [{ name: model, path: [...path, 'model'], isSized: contextWindow !== undefined }];
}
