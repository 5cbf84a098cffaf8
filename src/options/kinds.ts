import type { FailureKind } from '../decision.ts';

/** A number within bounds, which it may reach unless it has to be `above`. */
export interface NumberKind {
  readonly type: 'number';
  readonly isWhole?: boolean;
  readonly above?: number;
  readonly min?: number;
  readonly max?: number;
  readonly remedy: string;
  /** What to do where it is required and missing. @default the remedy */
  readonly missing?: string;
}

/** One of some words; with `orAbove`, or a number above that; with `orFunction`, or a function. */
export interface WordKind {
  readonly type: 'word';
  readonly words: readonly string[];
  readonly orAbove?: number;
  readonly orFunction?: boolean;
}

/** A table of options. */
export interface TableKind {
  readonly type: 'table';
  readonly options: OptionTable;
  readonly required: readonly string[];
  /** What to do about what is no table. */
  readonly remedy: string;
}

/** What an option takes. */
export type Kind =
  | NumberKind
  | WordKind
  | TableKind
  /** A list of words, or a function. */
  | { readonly type: 'words'; readonly words: readonly string[]; readonly remedy: string }
  | { readonly type: 'flag' | 'name' }
  | { readonly type: 'function'; readonly remedy: string }
  | { readonly type: 'store'; readonly missing?: string }
  /** Checked by who reads it. */
  | {
      readonly type:
        | 'tokens'
        | 'model'
        | 'member'
        | 'members'
        | 'rules'
        | 'when'
        | 'metadata'
        | 'text'
        | 'between'
        | 'time'
        | 'zone'
        | 'estimator'
        | 'providers'
        | 'tokenizer'
        | 'address';
    };

/** Options by name. */
export type OptionTable = Readonly<Record<string, Kind>>;

/** An option that has no effect unless another one has one of some values. */
export interface Need {
  readonly option: string;
  readonly of: string;
  readonly values: readonly (string | boolean)[];
  /** Whether the other one has such a value where it is left out. */
  readonly isDefault?: boolean;
  /** An option beside which it has an effect all the same. */
  readonly unless?: string;
}

/** What is said of an option to people: in the JSON Schema and in docs/options.md. */
export interface OptionDoc {
  readonly sentence: string;
  /** What holds where it is left out, as a value. */
  readonly default?: unknown;
  /** The same in words, for docs/options.md, where it is no value or differs there. */
  readonly otherwise?: string;
  /** What docs/options.md says besides, with links. */
  readonly more?: string;
}

/** Documentation of every option in a table. */
export type DocsOf<Table> = Readonly<Record<keyof Table, OptionDoc>>;

export const tokens: Kind = { type: 'tokens' };
export const flag: Kind = { type: 'flag' };
export const name: Kind = { type: 'name' };
export const nameRemedy = 'use a name of 1 to 200 characters';

/** Longer timers fire at once. */
export const maxMs = 2_147_483_647;

export const milliseconds: NumberKind = {
  type: 'number',
  above: 0,
  max: maxMs,
  remedy: 'use milliseconds above 0, at most 2147483647',
};

export const ratio: NumberKind = { type: 'number', above: 0, remedy: 'use a number above 0' };

export const margin: NumberKind = { type: 'number', min: 1, remedy: 'use at least 1, such as 1.1' };

export const count: NumberKind = {
  type: 'number',
  isWhole: true,
  min: 1,
  remedy: 'use a whole number above 0',
};

/** Every kind of failure. */
export const failureKinds: readonly FailureKind[] = [
  'timeout',
  'rate-limit',
  'quota',
  'server-error',
  'network',
  'malformed-response',
  'unsupported',
  'truncated',
  'overflow',
  'auth',
  'not-found',
  'content-filter',
  'bad-request',
  'aborted',
  'unknown',
];

/**
 * One table of several. A call that is marked as pure, where a spread is not: a bundler drops a table that nothing uses.
 */
export const merge = <A extends object, B extends object, C extends object = object>(
  a: A,
  b: B,
  c?: C,
): A & B & C => Object.assign({}, a, b, c) as A & B & C;
