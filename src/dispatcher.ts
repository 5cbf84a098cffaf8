import { createPrimitive } from './routing/create-primitive.ts';
import type { MemberOptions } from './routing/member.ts';
import { assertOneOf, type SharedOptions } from './routing/options.ts';
import { sizeOf, type Member } from './routing/router.ts';
import type { ModelReference, RoutingModel } from './spec/model.ts';

/** A target of a dispatcher. Without a context window it is a catch-all: it matches last. */
export interface DispatcherTarget extends MemberOptions {}

/** Options of `dispatcher`. */
export interface DispatcherOptions extends SharedOptions {
  /** Models to choose from: at least one. */
  readonly targets: readonly (ModelReference | DispatcherTarget)[];
  /** `'smallest-first'` sorts by ceiling, equal ones as declared. @default 'declared' */
  readonly order?: 'declared' | 'smallest-first';
  /**
   * Whether a failure of the chosen target goes on to the next that fits, as in a cascade. Otherwise its
   * errors are thrown; only a provider's own "too long" moves on, to the next larger target.
   * @default false
   */
  readonly fallback?: boolean;
}

/**
 * A model that gives each request to the first target that can hold it. Targets without a context window
 * are catch-alls and match last.
 *
 * @param options.targets at least one model; sizes in tokens
 * @param options.id @default `dispatcher(a, b)`
 * @param options.order `'declared'` or `'smallest-first'`. @default 'declared'
 * @param options.fallback @default false
 * @param options.fallThroughOn with `fallback`: failure kinds, or a predicate. @default defaultFallThroughOn
 * @param options.estimator @default 3.5 characters per token, with a guard for denser text
 * @param options.mediaTokens counts images and files. @default one upper number of tokens per kind
 * @param options.anchor whether reported usage stands for the conversation so far. @default true
 * @param options.defaultOutputTokens tokens reserved for the answer when the call doesn't say. @default 4096
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
 * @throws ContextWindowExceededError from a call that fits no target
 *
 * @example
 * ```ts
 * import { anthropic } from '@ai-sdk/anthropic';
 * import { openai } from '@ai-sdk/openai';
 * import { dispatcher } from 'ai-alloy';
 *
 * export const model = dispatcher({
 *   targets: [
 *     { model: openai('gpt-5-mini'), contextWindow: '128K', capacityFraction: 0.75 },
 *     { model: anthropic('claude-sonnet-4-5'), contextWindow: 1_000_000 },
 *   ],
 * });
 * ```
 */
export function dispatcher(options: DispatcherOptions): RoutingModel {
  return createPrimitive({
    kind: 'dispatcher',
    options,
    list: 'targets',
    minimum: 1,
    ownOptions: ['order', 'fallback'],
    plan(_members, where) {
      const { order = 'declared', fallback = false } = options;
      assertOneOf(`${where}: order`, order, ['declared', 'smallest-first']);
      assertOneOf(`${where}: fallback`, fallback, [true, false]);
      return {
        reason: order === 'declared' ? 'first-fit' : 'smallest-first',
        needs: 'some',
        order: order === 'declared' ? catchAllsLast : smallestFirst,
        fallback,
        describe: (member) => (sizeOf(member) === Infinity ? { catchAll: true } : {}),
      };
    },
  });
}

// Stable sorts, so ties stay as declared.
const catchAllsLast = (fitting: readonly Member[]): Member[] =>
  sortBy(fitting, (member) => Number(sizeOf(member) === Infinity));

const smallestFirst = (fitting: readonly Member[]): Member[] =>
  sortBy(fitting, (member) => Math.min(sizeOf(member), Number.MAX_VALUE));

function sortBy(members: readonly Member[], rank: (member: Member) => number): Member[] {
  return members.toSorted((a, b) => rank(a) - rank(b));
}
