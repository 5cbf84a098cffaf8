import { createPrimitive } from './routing/create-primitive.ts';
import type { MemberOptions } from './routing/member.ts';
import type { SharedOptions } from './routing/options.ts';
import { assertOneOf } from './routing/options.ts';
import { assertOrder, rankingOf, type NamedOrder, type OrderFunction } from './routing/ranking.ts';
import type { ModelReference, RoutingModel } from './spec/model.ts';

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
 * @param options.fallThroughOn failure kinds, or a predicate. @default defaultFallThroughOn
 * @param options.warnOnSkip @default true
 * @param options.order `'declared'`, `'cheapest-first'`, `'fastest-first'`, or a function. @default 'declared'
 * @param options.estimator @default 3.5 characters per token, with a guard for denser text
 * @param options.mediaTokens counts images and files. @default one upper number of tokens per kind
 * @param options.anchor whether reported usage stands for the conversation so far. @default true
 * @param options.defaultOutputTokens tokens reserved for the answer when the call doesn't say. @default what the provider
 *   package sends by itself, else 4096
 * @param options.onTruncation what to do about a prompt that somebody cut off. @default 'warn'
 * @param options.firstContentMs milliseconds until a stream's first content. @default no limit
 * @param options.idleMs milliseconds that a stream may be silent. @default no limit
 * @param options.totalMs milliseconds that an attempt may take. @default no limit
 * @param options.deadlineMs milliseconds that the call may take. @default no limit
 * @param options.retries further tries of the same member. @default 0
 * @param options.maxRetryAfterMs the longest Retry-After to wait for while another is ready. @default 500
 * @param options.afterContent what to do about a stream that fails half-way. @default 'error'
 * @param options.maxBufferedParts how much of a stream `afterContent: 'buffer'` holds back. @default 100_000
 * @param options.cooldown when members rest that fail repeatedly. @default they don't
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
  return createPrimitive({
    kind: 'cascade',
    options,
    list: 'steps',
    minimum: 1,
    ownOptions: ['warnOnSkip', 'order'],
    plan(members, { where }) {
      const { warnOnSkip = true, order = 'declared' } = options;
      assertOrder(`${where}: order`, order, ['declared']);
      assertOneOf(`${where}: warnOnSkip`, warnOnSkip, [true, false]);
      return {
        reason: 'declared-order',
        needs: 'some',
        order: (fitting) => fitting,
        fallback: true,
        warnOnSkip,
        ...rankingOf(where, order, 'steps', members),
      };
    },
  });
}
