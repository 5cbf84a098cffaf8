import { at } from './errors/place.ts';
import { cascade as ownOptions } from './options/cascade.ts';
import { throwing, createPrimitive, type Making, type PrimitiveSpec } from './routing/create-primitive.ts';
import type { MemberOptions } from './routing/member.ts';
import type { SharedOptions } from './routing/options.ts';
import { rankingOf, type NamedOrder, type OrderFunction } from './routing/ranking.ts';
import type { ModelReference, RoutingModel } from './sdk/model.ts';

/** A step of a cascade. A step without any size takes every request. */
export interface CascadeStep extends MemberOptions {}

/** Options of `cascade`. */
export interface CascadeOptions extends SharedOptions {
  /** Models in the order in which to try them: at least one. */
  readonly steps: readonly (ModelReference | CascadeStep)[];
  /** Whether skipping a step that can't hold the request adds a call warning of the AI SDK. @default true */
  readonly warnOnSkip?: boolean | undefined;
  /**
   * The order in which to try the steps that can hold the request: as declared, by price (each step needs a `price`),
   * by how fast their answers were in this process, or as a function returns.
   * @default 'declared'
   */
  readonly order?: 'declared' | NamedOrder | OrderFunction | undefined;
}

/**
 * Fallback: a model that tries its steps in declared order until one answers. A step that can't hold the request is
 * skipped, with a call warning; when a step fails before its first content, the next one is tried. After the first
 * content, an error is passed on and no other step is tried, unless answers are buffered (`afterContent: 'buffer'`).
 *
 * @param options.steps at least one model; sizes in tokens
 * @param options.id @default `cascade(a, b)`
 * @param options.warnOnSkip @default true
 * @param options.order `'declared'`, `'cheapest-first'`, `'fastest-first'`, or a function. @default 'declared'
 * @param options.… the options that all primitives share: SharedOptions
 * @throws InvalidConfigurationError at construction, for a wrong option
 * @throws ContextWindowExceededError from a call that fits no step
 * @throws AllAttemptsFailedError from a call in which several attempts failed; if there was only one, its own error is
 *   thrown
 * @throws AttemptTimeoutError from a call whose only attempt timed out
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

/** Like `cascade`, but errors go to `making.report`; returns undefined if there were any. */
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
