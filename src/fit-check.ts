import type { Candidate, Decision } from './decision.ts';
import { assertKnownOptions, check, ContextWindowExceededError } from './errors/errors.ts';
import { sizes } from './options/member.ts';
import { at, placeOf } from './errors/place.ts';
import type { Call, SpecModel } from './sdk/model.ts';
import { forget, isRemembered } from './tokens/call/recall.ts';
import { checkFit, isSized, parseLimits, tokenizing, type Limits, type SizeOptions } from './tokens/fit.ts';
import { outputBudgetOf } from './tokens/output-budget.ts';

/** AI SDK middleware that fits `wrapLanguageModel` of ai 4, 5, 6 and 7 alike. */
export interface FitCheckMiddleware {
  readonly specificationVersion: 'v3';
  readonly transformParams: <Params>(options: { readonly params: Params }) => Promise<Params>;
}

/**
 * Middleware that refuses a request which does not fit the model, before the model is called. Put it last in a list of
 * middleware, so that it checks the call as the others have changed it.
 *
 * @param options.contextWindow how many tokens the model holds, input and output together
 * @param options.capacityFraction how much of it to use, above 0 and at most 1. @default 1
 * @param options.maxInputTokens input limit in tokens
 * @param options.maxOutputTokens output limit in tokens; a call that asks for more is refused
 * @param options.estimator counts the input. @default weights of the model's tokenizer family; else 3.5 characters per token, more for denser text
 * @param options.vendor whose tokenizer the model has. @default recognised by the model's ids (from ai 5), else
 *   `'generic'`
 * @param options.mediaTokens counts images, audio and other media. @default one upper number of tokens per kind
 * @param options.defaultOutputTokens tokens reserved when a call sets no output limit. @default what the provider package
 *   sends by itself (from ai 5), else 4096
 * @throws InvalidConfigurationError at once for a wrong option, or when no size is given
 * @throws ContextWindowExceededError from the call, when the request does not fit
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { wrapLanguageModel } from 'ai';
 * import { fitCheck } from 'ai-alloy';
 *
 * export const model = wrapLanguageModel({
 *   model: openai('gpt-5'),
 *   middleware: fitCheck({ contextWindow: 400_000, capacityFraction: 0.95 }),
 * });
 * ```
 */
export function fitCheck(options: SizeOptions): FitCheckMiddleware {
  const where = placeOf('fitCheck: options');
  assertKnownOptions(where, options, Object.keys(sizes));
  const limits = parseLimits(where, options);
  check(
    isSized(limits),
    at(where, 'contextWindow'),
    undefined,
    'declare contextWindow, maxInputTokens or maxOutputTokens',
  );
  // The middleware learns which model it wraps only when it is called.
  const byModel = new WeakMap<object, Limits>();
  return fitCheckOf((model) => {
    const known = byModel.get(model);
    if (known) return known;
    const own = {
      ...limits,
      ...tokenizing(limits.estimator, model, options.vendor, limits.estimator === options.estimator),
      reserved: outputBudgetOf(limits.defaultOutputTokens, limits.declared, model),
    };
    byModel.set(model, own);
    return own;
  });
}

/** ai 4 doesn't tell a middleware which model it wraps. */
const unknownModel: Partial<SpecModel> = {};

/** The middleware for limits that have been checked already. */
export function fitCheckOf(limitsOf: (model: Partial<SpecModel>) => Limits): FitCheckMiddleware {
  return {
    specificationVersion: 'v3',
    async transformParams<Params>({ params, model }: { params: Params; model?: SpecModel }): Promise<Params> {
      const limits = limitsOf(model ?? unknownModel);
      const call = params as Call;
      const isMembers = isRemembered(call); // a primitive's member: the primitive clears the memo when the call is over
      const checking = checkFit(limits, call);
      const { fits, demand } = checking instanceof Promise ? await checking : checking;
      if (!isMembers) forget(call);
      if (fits) return params;
      const id = model ? `${model.provider}/${model.modelId}` : 'model';
      const candidate: Candidate = { id, model: id, ...limits.declared, fits, demand, skipped: 'too-large' };
      const decision: Decision = { id, kind: 'fit-check', candidates: [candidate], reason: 'first-fit' };
      throw new ContextWindowExceededError({ decision });
    },
  };
}
