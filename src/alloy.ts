import { check, foundName } from './errors/errors.ts';
import { reporting } from './options/check-options.ts';
import { at } from './errors/place.ts';
import { alloy as ownOptions, alloyNeeds, constituent } from './options/alloy.ts';
import { throwing, createPrimitive, type Making, type PrimitiveSpec } from './routing/create-primitive.ts';
import { drawOrder } from './routing/draw-order.ts';
import type { MemberOptions } from './routing/member.ts';
import type { SharedOptions } from './routing/options.ts';
import { innerSize } from './routing/member-size.ts';
import type { Member } from './routing/router.ts';
import type { RoutingModel } from './sdk/model.ts';
import { assertStampable } from './sdk/stamp.ts';
import { keeping } from './sticky/redraw.ts';
import { createSessions, type SessionOptions } from './stores/sessions.ts';
import { parseSize, type TokenSize } from './tokens/size.ts';

/** A constituent of an alloy. */
export interface AlloyConstituent extends MemberOptions {
  /** Tokens the model holds, input and output together. */
  readonly contextWindow: TokenSize;
  /** How often the constituent is drawn, relative to the others. @default 1 */
  readonly weight?: number | undefined;
}

/**
 * A constituent that is itself an alloy, a cascade or a dispatcher: it knows its own size, so `contextWindow` is
 * optional.
 */
export interface NestedConstituent extends Omit<AlloyConstituent, 'model' | 'contextWindow'> {
  readonly model: RoutingModel;
  readonly contextWindow?: TokenSize | undefined;
}

/** Options of `alloy`. */
export interface AlloyOptions extends SharedOptions {
  /** Equivalent models, at least two. */
  readonly constituents: readonly (AlloyConstituent | NestedConstituent | RoutingModel)[];
  /**
   * `'weighted'` draws an order at random, without replacement; `'round-robin'` rotates the list by one per call.
   * @default 'weighted'
   */
  readonly strategy?: 'weighted' | 'round-robin' | undefined;
  /**
   * The alloy's own context limit in tokens. Every constituent must hold at least that much.
   * @default the smallest constituent's ceiling
   */
  readonly minContextWindow?: TokenSize | undefined;
  /**
   * Whether another constituent is tried, in drawn order, when the drawn one fails, on the same errors as in a
   * cascade.
   * @default true
   */
  readonly fallback?: boolean | undefined;
  /**
   * `'call'` draws for each call. `'turn'` stays with the constituent whose tool call is pending, so that reasoning
   * signatures and stored items go back to the model that made them. From ai 5 on. `'conversation'` does so too, and
   * keeps the constituent that was drawn first for the whole conversation, as a sticky dispatcher keeps its target: it
   * is recorded in the conversation itself (from ai 5 on), or in the store of `session`.
   * @default 'call'
   */
  readonly redraw?: 'call' | 'turn' | 'conversation' | undefined;
  /**
   * With `redraw: 'conversation'`: keeps a conversation's constituent in a store instead, under a session id that the
   * application passes as `providerOptions['ai-alloy'].session` (ai 4: `providerMetadata`).
   */
  readonly session?: SessionOptions | undefined;
  /**
   * With `'weighted'`: a source of numbers from 0 to below 1; `seededRandom(42)` makes a run reproducible.
   * @default Math.random
   */
  readonly random?: (() => number) | undefined;
}

/**
 * Load balancing between equivalent models: each call is served by one constituent, drawn by weight; the others are
 * its fallbacks, in drawn order. A request that is too large for at least one constituent is refused before a model is
 * called, so that the size of a request never changes which of them may serve it.
 *
 * @param options.constituents at least two models with a context window, in tokens
 * @param options.id @default `alloy(a, b)`
 * @param options.strategy `'weighted'` or `'round-robin'`. @default 'weighted'
 * @param options.minContextWindow the alloy's own context limit, in tokens. @default the smallest constituent's
 * @param options.fallback whether another constituent is tried after a failure. @default true
 * @param options.random @default Math.random
 * @param options.redraw `'call'`, `'turn'` (stays on one constituent within a tool loop) or `'conversation'`.
 *   @default 'call'
 * @param options.session a store for the constituents of conversations. @default they are recorded in the conversation
 * @param options.… the options that all primitives share: SharedOptions
 * @throws InvalidConfigurationError at construction, for a wrong option
 * @throws ContextWindowExceededError from a call that is too large for at least one constituent
 * @throws AllAttemptsFailedError from a call that failed on several constituents
 *
 * @example
 * ```ts
 * import { anthropic } from '@ai-sdk/anthropic';
 * import { google } from '@ai-sdk/google';
 * import { alloy } from 'ai-alloy';
 *
 * export const model = alloy({
 *   constituents: [
 *     { model: google('gemini-2.5-flash'), contextWindow: '1M', weight: 80 },
 *     { model: anthropic('claude-haiku-4-5'), contextWindow: 200_000, weight: 20 },
 *   ],
 * });
 * ```
 */
export function alloy(options: AlloyOptions): RoutingModel {
  return createAlloy(options, throwing)!;
}

/** Like `alloy`, but errors go to `making.report`; returns undefined if there were any. */
export function createAlloy(options: AlloyOptions, making: Making): RoutingModel | undefined {
  const spec: PrimitiveSpec<AlloyOptions> = {
    kind: 'alloy',
    options,
    list: 'constituents',
    minimum: 2,
    ownOptions,
    needs: alloyNeeds,
    ownMemberOptions: constituent,
    plan(members, { where, id, report }) {
      const { strategy = 'weighted', minContextWindow, fallback = true, random = Math.random } = options;
      const { redraw = 'call', session } = options;
      const sessions = session && createSessions(session, id);
      assertStampable(at(where, 'redraw'), redraw, redraw !== 'call' && !sessions, options.id);
      const drawn = "it has no effect with strategy: 'round-robin': remove one of the two";
      check(strategy === 'weighted' || !options.random, at(where, 'random'), random, drawn);
      const ceiling =
        minContextWindow === undefined
          ? undefined
          : parseSize(at(where, 'minContextWindow'), minContextWindow);
      for (const member of members) reporting(report, () => assertLargeEnough(member, ceiling));
      const total = members.reduce((sum, { weight }) => sum + weight, 0);
      const rotate = rotation(members);
      // When `redraw` keeps a constituent, the fallbacks behind it must not advance the round-robin turn.
      const draw = (fitting: readonly Member[], kept?: Member): readonly Member[] =>
        strategy === 'weighted' ? drawOrder(fitting, random) : kept ? fitting : rotate(fitting);
      return {
        reason: strategy,
        needs: 'every',
        draws: true,
        order: draw,
        maxMembers: fallback ? undefined : 1,
        fallback,
        ceiling,
        ...(redraw !== 'call' && keeping({ members, id, redraw, sessions })),
        store: session?.store,
        describe: ({ weight }) => ({ share: strategy === 'weighted' ? weight / total : 1 / members.length }),
      };
    },
  };
  return createPrimitive(spec, making);
}

function assertLargeEnough(member: Member, minimum = 0): void {
  const { id, limits, place } = member;
  const size = Math.min(limits.declared.ceiling ?? Infinity, innerSize(member));
  const window = at(place, 'contextWindow');
  const { shown } = foundName(id);
  check(
    size < Infinity,
    window,
    undefined,
    `an alloy has to know what ${shown} holds: declare it, in tokens`,
  );
  const remedy = `${shown} is below minContextWindow (${minimum}): lower that, raise the fraction or take a larger model`;
  check(size >= minimum, { ...window, label: `${window.label} × capacityFraction` }, size, remedy);
}

/**
 * Returns a function that takes turns: it puts first the member of a list that has not come first for the longest time,
 * and so on. If every list has all members, each call rotates it by one more place. These turns are the only state that
 * calls on an alloy share.
 */
function rotation(members: readonly Member[]): (list: readonly Member[]) => Member[] {
  const waiting = [...members];
  return (list) => {
    if (list.length === waiting.length) {
      const order = waiting.slice();
      waiting.push(waiting.shift()!);
      return order;
    }
    const order = waiting.filter((member) => list.includes(member));
    waiting.push(...waiting.splice(waiting.indexOf(order[0]!), 1));
    return order;
  };
}
