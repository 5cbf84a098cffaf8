import type { AlloyConfig, CascadeConfig, DispatcherConfig, GatewayConfig, ModelConfig } from './config.ts';
import type { Path } from './problem.ts';

/** Something that a gateway declares and calls by an id. */
export type Entity = {
  readonly id: string | undefined;
  /** Where it is declared: `['alloys', 0]`. */
  readonly path: Path;
  /** As it was written, with camelCase keys; not checked. */
  readonly raw: Readonly<Record<string, unknown>>;
} & Declared;

/** What was declared, if there is nothing wrong with it. */
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

/** What an entity refers to, also if something else is wrong with it. */
export function referencesOf({ kind, raw, path }: Entity): Reference[] {
  const list = (name: string): { value: unknown; path: Path }[] =>
    entriesOf(raw[name]).map((value, index) => ({ value, path: [...path, name, index] }));
  switch (kind) {
    case 'model':
      return [];
    case 'alloy':
      return list('constituents').flatMap(referenceOf);
    case 'cascade':
      return list('steps').flatMap(referenceOf);
    case 'dispatcher':
      return [
        ...list('targets'),
        ...list('rules').map((rule) => ({
          value: (Object(rule.value) as { readonly target?: unknown }).target,
          path: [...rule.path, 'target'],
        })),
      ].flatMap(referenceOf);
  }
}

const entriesOf = (list: unknown): readonly unknown[] => (Array.isArray(list) ? list : []);

function referenceOf({ value, path }: { value: unknown; path: Path }): Reference[] {
  if (typeof value === 'string') return [{ name: value, path, isSized: false }];
  const { model, contextWindow } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof model !== 'string') return [];
  return [{ name: model, path: [...path, 'model'], isSized: contextWindow !== undefined }];
}
