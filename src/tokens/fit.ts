import type { Candidate, Demand } from '../decision.ts';
import { check } from '../errors.ts';
import { outputLimitOf } from '../spec/call.ts';
import type { Call } from '../spec/model.ts';
import { countCall, type InputCount, type Remembered } from './count-call.ts';
import type { EstimatorOption, TokenEstimator } from './estimator.ts';
import { defaultEstimator, resolveEstimator } from './resolve-estimator.ts';
import { fractionOf, parseSize, type TokenSize } from './size.ts';

/** The sizes of a model. All are tokens. */
export interface SizeOptions {
  /** What the model holds, input and output together. */
  readonly contextWindow?: TokenSize;
  /**
   * How much of `contextWindow` and `maxInputTokens` to use, above 0 and at most 1: a reserve for what no
   * estimate can see.
   * @default 1
   */
  readonly capacityFraction?: number;
  /** Input limit, where a model has one of its own. */
  readonly maxInputTokens?: TokenSize;
  /** Output limit: a call that asks for more does not fit. */
  readonly maxOutputTokens?: TokenSize;
  /** Counts the input. @default the primitive's, else `charRatio()` */
  readonly estimator?: EstimatorOption;
  /** Output tokens to reserve when a call sets no limit. @default the primitive's, else 4096 */
  readonly defaultOutputTokens?: TokenSize;
}

export const sizeOptionNames: readonly string[] = [
  'contextWindow',
  'capacityFraction',
  'maxInputTokens',
  'maxOutputTokens',
  'estimator',
  'defaultOutputTokens',
];

/** What a request is held against. */
export interface Limits {
  readonly estimator: TokenEstimator;
  readonly defaultOutputTokens: number;
  /** The sizes declared, as a decision shows them: the first two have `capacityFraction` applied. */
  readonly declared: Pick<Candidate, 'ceiling' | 'maxInputTokens' | 'maxOutputTokens'>;
}

/** Whether a request fits, and what it needs. */
export interface Verdict {
  readonly fits: boolean;
  readonly demand: Demand;
}

/** Reads and checks sizes; `where` names the member in errors. What a member leaves out it inherits. */
export function parseLimits(
  where: string,
  {
    contextWindow,
    capacityFraction = 1,
    maxInputTokens,
    maxOutputTokens,
    estimator,
    defaultOutputTokens,
  }: SizeOptions,
  inherited: Pick<Limits, 'estimator' | 'defaultOutputTokens'> = builtIn,
): Limits {
  const size = (name: string, value: unknown): number | undefined =>
    value === undefined ? value : parseSize(`${where}.${name}`, value);
  const usable = (name: string, value: unknown): number | undefined => {
    const tokens = size(name, value);
    return tokens && fractionOf(tokens, capacityFraction);
  };
  check(
    typeof capacityFraction === 'number' && capacityFraction > 0 && capacityFraction <= 1,
    `${where}.capacityFraction`,
    capacityFraction,
    'use a number above 0 and at most 1, such as 0.85',
  );
  const derates = contextWindow !== undefined || maxInputTokens !== undefined || capacityFraction === 1;
  check(
    derates,
    `${where}.capacityFraction`,
    capacityFraction,
    'declare the contextWindow that it is a fraction of',
  );
  const input = usable('maxInputTokens', maxInputTokens);
  const output = size('maxOutputTokens', maxOutputTokens);
  return {
    declared: {
      ceiling: usable('contextWindow', contextWindow) ?? null,
      ...(input !== undefined && { maxInputTokens: input }),
      ...(output && { maxOutputTokens: output }),
    },
    estimator: resolveEstimator(`${where}.estimator`, estimator, inherited.estimator),
    defaultOutputTokens: size('defaultOutputTokens', defaultOutputTokens) ?? inherited.defaultOutputTokens,
  };
}

const builtIn = { estimator: defaultEstimator, defaultOutputTokens: 4096 };

/** Whether any size is declared at all. */
export function isSized({ declared }: Limits): boolean {
  return Object.values(declared).some((size) => size !== null);
}

/**
 * The fit check: the one that the plan uses to decide who is skipped, and that the middleware repeats
 * before a call is delegated. A demand equal to the ceiling fits.
 *
 * @param ceiling stands in for the limits' own where a primitive sets a lower one
 * @param recalled lets a plan walk the call once for all members
 */
export function checkFit(
  { declared, estimator, defaultOutputTokens }: Limits,
  call: Call,
  ceiling: number | null = declared.ceiling,
  recalled?: Remembered,
): Verdict | Promise<Verdict> {
  const { maxInputTokens = Infinity, maxOutputTokens = Infinity } = declared;
  const output = outputLimitOf(call) ?? Math.min(defaultOutputTokens, maxOutputTokens);
  const room = Math.min((ceiling ?? Infinity) - output, maxInputTokens);
  const judge = ({ tokens, basis }: InputCount): Verdict => ({
    fits: tokens <= room && output <= maxOutputTokens,
    demand: { input: tokens, output, estimator: estimator.id, basis },
  });
  const count = countCall(call, estimator, Math.max(0, room), recalled);
  return count instanceof Promise ? count.then(judge) : judge(count);
}
