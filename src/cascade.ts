import { at } from './errors/place.ts';
import { cascade as ownOptions } from './options/cascade.ts';
import { throwing, createPrimitive, type Making, type PrimitiveSpec } from './routing/create-primitive.ts';
import type { MemberOptions } from './routing/member.ts';
import type { SharedOptions } from './routing/options.ts';
import { rankingOf, type NamedOrder, type OrderFunction } from './routing/ranking.ts';
import type { ModelReference, RoutingModel } from './sdk/model.ts';

/** A step of a cascade. Without any size it is eligible for every request. */
export interface CascadeStep extends MemberOptions {}

/** Options of `cascade`. */
export interface CascadeOptions extends SharedOptions {
  /** Models in the order in which to try them: at least one. */
  readonly steps: readonly (ModelReference | CascadeStep)[];
  /** Whether a step that can't hold the request becomes a call warning of the AI SDK. @default true */
  readonly warnOnSkip?: boolean;
  /**
   * The order in which to try the steps that can hold the request: as they stand, by price (each step needs one), by how
   * long their answers took in this process, or what a function returns. @default 'declared'
   */
  readonly order?: 'declared' | NamedOrder | OrderFunction;
}

/**
 * A model that tries its steps in declared order until one answers. A step that can't hold the request is
 * skipped, visibly; one that fails before its first content is followed by the next. After the first
 * content, errors pass through and nothing is switched, unless answers are held back (`afterContent: 'buffer'`).
 *
 * @param options.steps at least one model; sizes in tokens
 * @param options.id @default `cascade(a, b)`
 * @param options.warnOnSkip @default true
 * @param options.order `'declared'`, `'cheapest-first'`, `'fastest-first'`, or a function. @default 'declared'
 * @param options.… those that all primitives have: SharedOptions
 * @throws InvalidConfigurationError at construction, for a wrong option
 * @throws ContextWindowExceededError from a call that fits no step
 * @throws AllAttemptsFailedError from a call that failed on several attempts; the error of the one, if it was one
 * @throws AttemptTimeoutError from a call whose one attempt did not keep a deadline
 *
 * @example
 * ```ts
 * import { anthropic } from '@ai-sdk/anthropic';
 * import { openai } from '@ai-sdk/openai';
 * import { cascade } from 'ai-alloy';
 *
 * export const model = cascade({
 *   steps: [
 *     { model: anthropic('claude-sonnet-4-5'), contextWindow: 200_000 },
 *     { model: openai('gpt-5'), contextWindow: 400_000 },
 *   ],
 * });
 * ```
 */
export function cascade(options: CascadeOptions): RoutingModel {
  return createCascade(options, throwing)!;
}

/** The same, undefined once something wrong was reported. */
export function createCascade(options: CascadeOptions, making: Making): RoutingModel | undefined {
  const spec: PrimitiveSpec<CascadeOptions> = {
    kind: 'cascade',
    options,
    list: 'steps',
    minimum: 1,
    ownOptions,
    plan(members, { where, report }) {
      const { warnOnSkip = true, order = 'declared' } = options;
      return {
        reason: 'declared-order',
        needs: 'some',
        order: (fitting) => fitting,
        fallback: true,
        warnOnSkip,
        ...rankingOf(at(where, 'order'), order, members, members.length, report),
      };
    },
  };
  return createPrimitive(spec, making);
}
