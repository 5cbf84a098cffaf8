import type { GatewayConfig, TokenizerConfig } from './config.ts';

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

/** An option of several words is there in two spellings, so that neither is required. */
type WrittenTable<Table> = {
  readonly [Key in keyof Table as Key extends SnakeCase<Key> ? Key : never]: Written<Table[Key]>;
} & {
  readonly [Key in keyof Table as Key extends SnakeCase<Key> ? never : Key | SnakeCase<Key>]?: Written<
    Table[Key]
  >;
};

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
      ? object
      : { readonly [Key in keyof Value]: Loose<Value[Key]> | Absent<Value, Key> }
    : Value extends string
      ? Value | (string & {})
      : Value;

/** TypeScript gives the entries of a list each other's keys, as undefined. */
type Absent<Table, Key extends keyof Table> = {} extends Pick<Table, Key> ? undefined : never;

/**
 * What is written in code, where it is right; never for an unknown key, `Wrong` for a wrong value. What the compiler
 * doesn't know is taken as it is.
 */
export type Checked<Value, Allowed> = 0 extends 1 & Value
  ? Value
  : Value extends readonly unknown[]
    ? { readonly [Index in keyof Value]: Checked<Value[Index], EntryOf<Allowed>> }
    : Value extends object
      ? CheckedTable<Value, Extract<Allowed, object>>
      : Value extends Allowed | undefined
        ? Value
        : string extends Value
          ? Value
          : Wrong<Exclude<Allowed, object | undefined>>;

/** Makes the compiler say what is allowed: with a word itself, the whole configuration would be never. */
interface Wrong<Allowed> {
  readonly allowed: Allowed;
}

/** `Right`, unless the value is that already: by an intersection, the compiler takes a list for no tuple. */
export type Unless<Value, Right> = Value extends Right ? unknown : Right;

type EntryOf<List> = List extends readonly (infer Entry)[] ? Entry : never;

type CheckedTable<Table, Allowed> = string extends keyof Allowed
  ? Table
  : { readonly [Key in keyof Table]: Key extends keyof Allowed ? Checked<Table[Key], Allowed[Key]> : never };
