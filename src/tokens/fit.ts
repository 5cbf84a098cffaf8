import type { Candidate, Demand } from '../decision.ts';
import { check } from '../errors/errors.ts';
import { checkOptions } from '../options/check-options.ts';
import { model as anyModel, sizes } from '../options/member.ts';
import { at, type Place } from '../errors/place.ts';
import { outputLimitOf } from '../sdk/call.ts';
import type { Call } from '../sdk/model.ts';
import type { Provided } from '../sdk/provided.ts';
import { countCall } from './call/count-call.ts';
import { factorOf, type Counter } from './call/counter.ts';
import type { EstimatorOption, TokenEstimator } from './estimator.ts';
import type { MediaTokens } from './call/media.ts';
import type { Remembered } from './call/recall.ts';
import { defaultEstimator, resolveEstimator } from './resolve-estimator.ts';
import { outputBudgetOf, type OutputBudget } from './output-budget.ts';
import { fractionOf, parseSize, type TokenSize } from './size.ts';
import { tokenizerOf, type ModelName, type VendorOption } from './vendor.ts';
import { whenKnown } from './when-known.ts';

/** The sizes of a model. All are tokens. */
export interface SizeOptions {
  /** The model's context window, input and output together. */
  readonly contextWindow?: TokenSize | undefined;
  /**
   * How much of `contextWindow` and `maxInputTokens` to use, above 0 and at most 1: the rest is a reserve for what
   * no estimate can see.
   * @default 1
   */
  readonly capacityFraction?: number | undefined;
  /** Input limit, if the model has one besides the context window. */
  readonly maxInputTokens?: TokenSize | undefined;
  /** Output limit: a call that asks for more does not fit. */
  readonly maxOutputTokens?: TokenSize | undefined;
  /**
   * Counts the input.
   * @default the primitive's, else weights of the model's family, else 3.5 characters per token with a guard for denser text
   */
  readonly estimator?: EstimatorOption | undefined;
  /**
   * The vendor or family of the model's tokenizer, or a factor: its tokens per token of OpenAI's o200k_base. The built-in
   * default and `scriptAware` count by the tokenizer of its family; a factor, and for other estimators that of the vendor, multiplies
   * every estimator but `charRatio` and `byteRatio`, whose ratio is the model's own.
   * @default by the ids of the provider and the model, else `'generic'`
   */
  readonly vendor?: VendorOption | undefined;
  /** Counts media more exactly than the built-in upper bound per kind: `mediaTokens()` of `ai-alloy/media`. */
  readonly mediaTokens?: MediaTokens | undefined;
  /**
   * Output tokens to reserve when a call sets no limit.
   * @default the primitive's, else what the provider package sends by itself, else 4096
   */
  readonly defaultOutputTokens?: TokenSize | undefined;
}

/** The limits that a request is checked against, and how its tokens are counted. */
export interface Limits extends Counter {
  /** The estimator's name in a decision, with the vendor factor if one is applied. */
  readonly estimatorName: string;
  /** The option of the member or its primitive. */
  readonly defaultOutputTokens: number | undefined;
  /** Output tokens to reserve when a call sets no limit. */
  readonly reserved: OutputBudget;
  /** The declared sizes, as a decision shows them: `capacityFraction` is applied to the first two. */
  readonly declared: Pick<Candidate, 'ceiling' | 'maxInputTokens' | 'maxOutputTokens'>;
}

/** Whether a request fits, and what it needs. */
export interface Verdict {
  readonly fits: boolean;
  readonly demand: Demand;
}

/** Options that a member inherits from its primitive. */
export type Inherited = Pick<Limits, 'estimator' | 'mediaTokens' | 'anchor' | 'defaultOutputTokens'>;

/** Reads and checks a member's sizes; options that it doesn't set are inherited. */
export function parseLimits(
  where: Place | string,
  options: SizeOptions & { readonly anchor?: boolean },
  inherited: Inherited = builtIn,
  model: Provided = {},
): Limits {
  checkOptions(where, options, sizes);
  checkOptions(where, options, { anchor: anyModel.anchor });
  const { contextWindow, capacityFraction = 1, maxInputTokens, maxOutputTokens } = options;
  const { estimator, vendor, mediaTokens, anchor, defaultOutputTokens } = options;
  const size = (name: string, value: unknown): number | undefined =>
    value === undefined ? value : parseSize(at(where, name), value);
  const checkFraction = (valid: boolean, remedy: string): void =>
    check(valid, at(where, 'capacityFraction'), capacityFraction, remedy);
  const usable = (name: string, value: unknown): number | undefined => {
    const tokens = size(name, value);
    const used = tokens && fractionOf(tokens, capacityFraction);
    checkFraction(used !== 0, `it leaves nothing of the ${name}, which is ${tokens}: raise one of the two`);
    return used;
  };
  const derates = contextWindow !== undefined || maxInputTokens !== undefined || capacityFraction === 1;
  checkFraction(derates, 'declare the contextWindow that it is a fraction of');
  const input = usable('maxInputTokens', maxInputTokens);
  const output = size('maxOutputTokens', maxOutputTokens);
  const resolved = resolveEstimator(at(where, 'estimator'), estimator, inherited.estimator);
  const declared = {
    ceiling: usable('contextWindow', contextWindow) ?? null,
    ...(input !== undefined && { maxInputTokens: input }),
    ...(output && { maxOutputTokens: output }),
  };
  const budget = size('defaultOutputTokens', defaultOutputTokens) ?? inherited.defaultOutputTokens;
  return {
    declared,
    ...tokenizing(resolved, model, vendor, resolved === estimator),
    mediaTokens: mediaTokens ?? inherited.mediaTokens,
    anchor: anchor ?? inherited.anchor,
    defaultOutputTokens: budget,
    reserved: outputBudgetOf(budget, declared, model),
  };
}

/**
 * An estimator for the tokenizer of a model, and whether it counts exactly for that.
 *
 * @param isOwn whether the estimator was declared on this model itself, rather than on a primitive around it
 */
export function tokenizing(
  estimator: TokenEstimator,
  model: ModelName,
  vendor: VendorOption | undefined,
  isOwn: boolean,
): Pick<Limits, 'estimator' | 'estimatorName' | 'tokenizer' | 'isExact' | 'builtIn'> {
  const own = tokenizerOf(model, vendor);
  // A factor that the user set applies to every estimator. A factor found by the ids is not applied to an exact count.
  const isExact =
    (own.factor === 1 || typeof vendor !== 'number') && estimator.isExactFor?.(own, isOwn) === true;
  const tokenizer = isExact ? { ...own, factor: 1 } : own;
  const counting = estimator.forTokenizer?.(own) ?? estimator;
  const factor = factorOf({ estimator: counting, tokenizer });
  return {
    estimator: counting,
    estimatorName: factor === 1 ? counting.id : `${counting.id} × ${factor}`,
    tokenizer,
    isExact,
    builtIn: defaultEstimator.forTokenizer?.(tokenizer) ?? defaultEstimator,
  };
}

const builtIn: Inherited = {
  estimator: defaultEstimator,
  mediaTokens: undefined,
  anchor: true,
  defaultOutputTokens: undefined,
};

/** Whether any size is declared at all. */
export function isSized({ declared }: Limits): boolean {
  return Object.values(declared).some((size) => size !== null);
}

/**
 * The fit check. The plan uses it to decide which members are skipped, and the middleware repeats it before it calls
 * one. A demand equal to the ceiling fits.
 *
 * @param ceiling replaces the limits' own if a primitive sets a lower one
 * @param recalled the call's cache entry, so that a plan walks the call once for all members
 */
export function checkFit(
  limits: Limits,
  call: Call,
  ceiling: number | null = limits.declared.ceiling,
  recalled?: Remembered,
): Verdict | Promise<Verdict> {
  const { maxInputTokens = Infinity, maxOutputTokens = Infinity } = limits.declared;
  const asked = outputLimitOf(call);
  const { output, outputFrom } =
    asked === undefined ? limits.reserved : ({ output: asked, outputFrom: 'call' } as const);
  const room = Math.min((ceiling ?? Infinity) - output, maxInputTokens);
  return whenKnown(countCall(call, limits, Math.max(0, room), recalled), ({ tokens, basis, atLeast }) => {
    const demand: { -readonly [Name in keyof Demand]: Demand[Name] } = {
      input: tokens,
      output,
      outputFrom,
      estimator: limits.estimatorName,
      basis,
    };
    if (atLeast) demand.atLeast = atLeast;
    return { fits: output <= maxOutputTokens && !atLeast && tokens <= room, demand };
  });
}
