import type { FailureKind } from '../decision.ts';

/** A number within bounds: greater than `above`, at least `min`, at most `max`. */
export interface NumberKind {
  readonly type: 'number';
  readonly isWhole?: boolean;
  readonly above?: number;
  readonly min?: number;
  readonly max?: number;
  readonly remedy: string;
  /** The remedy if the option is required and missing. @default `remedy` */
  readonly missing?: string;
}

/** One of some words. `orAbove` also allows a number above it, `orFunction` a function. */
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
  /** The remedy for a value that is no table. */
  readonly remedy: string;
}

/** The values that an option accepts. */
export type Kind =
  | NumberKind
  | WordKind
  | TableKind
  /** A list of words, or a function. */
  | { readonly type: 'words'; readonly words: readonly string[]; readonly remedy: string }
  | { readonly type: 'flag' | 'name' }
  | { readonly type: 'function'; readonly remedy: string }
  | { readonly type: 'store'; readonly missing?: string }
  /** A list of texts. */
  | { readonly type: 'texts'; readonly remedy: string }
  /** Both may hold secrets: no error shows a value of theirs. */
  | { readonly type: 'headers' | 'provider-options' }
  /** Checked where the option is read. */
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
  /** Whether the other option has such a value by default. */
  readonly isDefault?: boolean;
  /** If this option is set, the need does not apply. */
  readonly unless?: string;
}

/** The documentation of an option, in the JSON Schema and in docs/options.md. */
export interface OptionDoc {
  readonly sentence: string;
  /** The default value. */
  readonly default?: unknown;
  /** The default in words, for docs/options.md, if it is no value or is shown differently there. */
  readonly otherwise?: string;
  /** More for docs/options.md, with links. */
  readonly more?: string;
}

/** Documentation of every option in a table. */
export type DocsOf<Table> = Readonly<Record<keyof Table, OptionDoc>>;

export const tokens: Kind = { type: 'tokens' };
export const flag: Kind = { type: 'flag' };
export const name: Kind = { type: 'name' };
export const nameRemedy = 'use a name of 1 to 200 characters';

/** Timers with a longer delay would fire at once. */
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

/**
 * The failure kinds after which a primitive tries the next member by default: those that are not the caller's mistake.
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { cascade, defaultFallThroughOn } from 'ai-alloy';
 *
 * // An expired key or a retired model falls through as well.
 * export const model = cascade({
 *   steps: [openai('gpt-5'), openai('gpt-5-mini')],
 *   fallThroughOn: [...defaultFallThroughOn, 'auth', 'not-found'], // or ['default', 'auth', 'not-found']
 * });
 * ```
 */
export const defaultFallThroughOn: readonly FailureKind[] = [
  'timeout',
  'rate-limit',
  'quota',
  'server-error',
  'network',
  'malformed-response',
  'unsupported',
  'rejected',
  'unknown',
];

/** Every kind of failure. */
export const failureKinds: readonly FailureKind[] = [
  'timeout',
  'rate-limit',
  'quota',
  'server-error',
  'network',
  'malformed-response',
  'unsupported',
  'rejected',
  'truncated',
  'overflow',
  'auth',
  'not-found',
  'content-filter',
  'bad-request',
  'aborted',
  'unknown',
];

/** The words in a list of failure kinds after which the next member is tried. */
export const fallThroughWords: readonly string[] = [...failureKinds, 'default'];

/**
 * Joins tables into one. Unlike a spread, a call can be marked as pure, so that bundlers drop a table that nothing uses.
 */
export const merge = <A extends object, B extends object, C extends object = object>(
  a: A,
  b: B,
  c?: C,
): A & B & C => Object.assign({}, a, b, c) as A & B & C;
