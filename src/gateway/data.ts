import type { GatewayConfig, ModelShortcutConfig, TokenizerConfig } from './config.ts';
import type { sections } from './entities.ts';

/** `contextWindow` → `context_window` */
type SnakeCase<Key> = Key extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Key;

/** `rate-limit` → `rate_limit` */
type SnakeWord<Word> = Word extends `${infer First}-${infer Rest}` ? `${First}_${SnakeWord<Rest>}` : Word;

/** The spellings allowed for a value. */
type Written<Value> = Value extends readonly (infer Entry)[]
  ? readonly Written<Entry>[]
  : Value extends object
    ? string extends keyof Value
      ? Value // keys are names of the application
      : WrittenTable<Value>
    : Value | SnakeWord<Value>;

/** An option of several words has two spellings. A required one must have one of them. */
type WrittenTable<Table> = {
  readonly [Key in keyof Table as Key extends SnakeCase<Key> ? Key : never]:
    | Written<Table[Key]>
    | Absent<Table, Key>;
} & {
  readonly [Key in keyof Table as Key extends SnakeCase<Key> ? never : Key | SnakeCase<Key>]?: Written<
    Table[Key]
  >;
} & ([RequiredWords<Table>] extends [never]
    ? unknown
    : Record<RequiredWords<Table>, unknown> | Record<SnakeCase<RequiredWords<Table>> & string, unknown>);

/** The required option of several words, such as `timeZone`. No table has two of them. */
type RequiredWords<Table> = {
  [Key in keyof Table]-?: {} extends Pick<Table, Key> ? never : Key extends SnakeCase<Key> ? never : Key;
}[keyof Table];

/** The other name of `tokenizer`. */
interface Proxy {
  readonly proxy?:
    | {
        readonly tokenEstimator?:
          | (Pick<TokenizerConfig, 'charsPerToken' | 'bytesPerToken' | 'safetyMargin'> & {
              readonly strategy?: NonNullable<TokenizerConfig['kind']> | 'tokenizer' | undefined;
              readonly tokenizer?: TokenizerConfig['kind'] | TokenizerConfig['encoding'];
            })
          | undefined;
      }
    | undefined;
}

/**
 * A gateway's configuration as it is written: in code, in JSON, YAML or TOML, with keys in snake_case or camelCase and values in
 * kebab-case or snake_case. `const config = { … } as const satisfies GatewayData`
 * gives completion and checks for both, and keeps the ids as types.
 *
 * A JSON import is accepted as well, but TypeScript types all its strings as `string`, so it can check the keys only.
 * Everything else is checked when the gateway is created.
 */
export type GatewayData = WrittenTable<GatewayConfig & Proxy>;

/** The same, but any string is allowed for a word, as in a JSON import; editors still complete the known words. */
export type LooseGatewayData = Loose<GatewayData>;

type Loose<Value> = Value extends readonly (infer Entry)[]
  ? readonly Loose<Entry>[]
  : Value extends object
    ? string extends keyof Value
      ? { readonly [Key in keyof Value]: Value[Key] | undefined }
      : { readonly [Key in keyof Value]: Loose<Value[Key]> | Absent<Value, Key> }
    : Value extends string
      ? Value | (string & {})
      : Value;

/**
 * What may be left out may be undefined, too. In an imported list, TypeScript adds the keys of all entries to each entry,
 * as undefined.
 */
type Absent<Table, Key extends keyof Table> = {} extends Pick<Table, Key> ? undefined : never;

/**
 * A gateway with these ids, from which the compiler infers them. The type has no conditional types on the configuration
 * itself, so that mistakes get ordinary error messages. In lists whose ids are unknown, any words are allowed.
 */
export type GatewayDataOf<
  Model extends string,
  Alloy extends string,
  Cascade extends string,
  Dispatcher extends string,
  Shortcut extends string,
> = Omit<
  string extends Model | Alloy | Cascade | Dispatcher ? LooseGatewayData : GatewayData,
  keyof typeof sections | 'modelShortcuts' | 'model_shortcuts'
> & {
  readonly models?: ListOf<'models', Model> | undefined;
  readonly alloys?: ListOf<'alloys', Alloy> | undefined;
  readonly cascades?: ListOf<'cascades', Cascade> | undefined;
  readonly dispatchers?: ListOf<'dispatchers', Dispatcher> | undefined;
  readonly modelShortcuts?: readonly WithAlias<Shortcut>[] | undefined;
  readonly model_shortcuts?: readonly WithAlias<Shortcut>[] | undefined;
};

type WithAlias<Alias> = Omit<ModelShortcutConfig, 'alias'> & { readonly alias: Alias };

type ListOf<Section extends keyof typeof sections, Id> = string extends Id
  ? readonly WithId<EntryOf<LooseGatewayData[Section]>, Id>[]
  : readonly WithId<EntryOf<GatewayData[Section]>, Id>[];

type EntryOf<List> = List extends readonly (infer Entry)[] ? Entry : never;

type WithId<Entry, Id> = { readonly [Key in keyof Entry]: Key extends 'id' ? Id : Entry[Key] };
