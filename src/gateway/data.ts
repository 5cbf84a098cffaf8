import type { GatewayConfig, TokenizerConfig } from './config.ts';
import type { sections } from './entities.ts';

/** `contextWindow` → `context_window` */
type SnakeCase<Key> = Key extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Key;

/** `rate-limit` → `rate_limit` */
type SnakeWord<Word> = Word extends `${infer First}-${infer Rest}` ? `${First}_${SnakeWord<Rest>}` : Word;

/** What may be written for a value. */
type Written<Value> = Value extends readonly (infer Entry)[]
  ? readonly Written<Entry>[]
  : Value extends object
    ? string extends keyof Value
      ? Value // names of the application's own
      : WrittenTable<Value>
    : Value | SnakeWord<Value>;

/** An option of several words is there in two spellings, of which a required one has either. */
type WrittenTable<Table> = {
  readonly [Key in keyof Table as Key extends SnakeCase<Key> ? Key : never]: Written<Table[Key]>;
} & {
  readonly [Key in keyof Table as Key extends SnakeCase<Key> ? never : Key | SnakeCase<Key>]?: Written<
    Table[Key]
  >;
} & ([RequiredWords<Table>] extends [never]
    ? unknown
    : Record<RequiredWords<Table>, unknown> | Record<SnakeCase<RequiredWords<Table>> & string, unknown>);

/** The required option of several words, as `timeZone`: no table has two. */
type RequiredWords<Table> = {
  [Key in keyof Table]-?: {} extends Pick<Table, Key> ? never : Key extends SnakeCase<Key> ? never : Key;
}[keyof Table];

/** The other name of `tokenizer`. */
interface Proxy {
  readonly proxy?: {
    readonly tokenEstimator?: Pick<TokenizerConfig, 'charsPerToken' | 'bytesPerToken' | 'safetyMargin'> & {
      readonly strategy?: NonNullable<TokenizerConfig['kind']> | 'tokenizer';
      readonly tokenizer?: NonNullable<TokenizerConfig['kind'] | TokenizerConfig['encoding']>;
    };
  };
}

/**
 * A gateway as it is written: in code, in JSON, YAML or TOML, with keys in snake_case or camelCase and values in
 * kebab-case or snake_case. For a configuration of its own: `const config = { … } as const satisfies GatewayData`
 * completes and checks both, and keeps the ids.
 *
 * A JSON import fits as well, but TypeScript knows neither its ids nor its words: of all strings it only keeps that
 * they are strings. Misspelt keys are errors there, too; the rest is found when a gateway is made of it.
 */
export type GatewayData = WrittenTable<GatewayConfig & Proxy>;

/** The same with any string for a word, as of a JSON import, and still with completion. */
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

/** TypeScript gives the entries of a list each other's keys, as undefined. */
type Absent<Table, Key extends keyof Table> = {} extends Pick<Table, Key> ? undefined : never;

/**
 * A gateway whose entries have these ids, for the compiler to infer them: as it does for a type without conditions on
 * what was written, so that mistakes are told as elsewhere. Lists whose ids it doesn't know may have any words.
 */
export type GatewayDataOf<
  Model extends string,
  Alloy extends string,
  Cascade extends string,
  Dispatcher extends string,
> = Omit<
  string extends Model | Alloy | Cascade | Dispatcher ? LooseGatewayData : GatewayData,
  keyof typeof sections
> & {
  readonly models?: ListOf<'models', Model>;
  readonly alloys?: ListOf<'alloys', Alloy>;
  readonly cascades?: ListOf<'cascades', Cascade>;
  readonly dispatchers?: ListOf<'dispatchers', Dispatcher>;
};

type ListOf<Section extends keyof typeof sections, Id> = string extends Id
  ? readonly WithId<EntryOf<LooseGatewayData[Section]>, Id>[]
  : readonly WithId<EntryOf<GatewayData[Section]>, Id>[];

type EntryOf<List> = List extends readonly (infer Entry)[] ? Entry : never;

type WithId<Entry, Id> = { readonly [Key in keyof Entry]: Key extends 'id' ? Id : Entry[Key] };
