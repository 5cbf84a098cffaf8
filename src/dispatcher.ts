import { check, foundInstead, foundName } from './errors/errors.ts';
import { at, type Place } from './errors/place.ts';
import { dispatcher as ownOptions, dispatcherNeeds } from './options/dispatcher.ts';
import { recommended } from './options/recommended.ts';
import { throwing, createPrimitive, type Making, type PrimitiveSpec } from './routing/create-primitive.ts';
import type { MemberOptions } from './routing/member.ts';
import type { SharedOptions } from './routing/options.ts';
import { rankingOf, type NamedOrder, type OrderFunction } from './routing/ranking.ts';
import { sizeOf } from './routing/member-size.ts';
import type { Member } from './routing/router.ts';
import { parseReevaluate } from './sticky/reevaluate.ts';
import type { SessionOptions } from './stores/sessions.ts';
import { stampsOf } from './sdk/stamp.ts';
import { stickyChoice } from './sticky/sticky.ts';
import type { TokenSize } from './tokens/size.ts';
import { matchingRule } from './rules/choose.ts';
import { parseRules } from './rules/parse-rules.ts';
import { ruleTargets } from './rules/rule-targets.ts';
import type { DispatcherRule } from './rules/rule.ts';
import { unsupportedTargets } from './rules/unsupported-targets.ts';
import type { ModelReference, RoutingModel } from './sdk/model.ts';
import { warn } from './warn.ts';

/**
 * A target of a dispatcher. Without a context window it is a catch-all: it takes every request, and is considered
 * last.
 */
export interface DispatcherTarget extends MemberOptions {}

/** Options of `dispatcher`. */
export interface DispatcherOptions extends SharedOptions {
  /** Models to choose from: at least one, unless there are rules. */
  readonly targets?: readonly (ModelReference | DispatcherTarget)[] | undefined;
  /**
   * Rules are read before the targets: the first rule that matches a request sends it to its target. If none matches,
   * the first of `targets` that can hold the request is chosen.
   */
  readonly rules?: readonly DispatcherRule[] | undefined;
  /**
   * Which of the targets that can hold a request is chosen: the first as declared, the smallest by ceiling, the cheapest
   * (each target needs a price), the one whose answers came fastest in this process, or the first that a function returns.
   * @default 'declared'
   */
  readonly order?: 'declared' | 'smallest-first' | NamedOrder | OrderFunction | undefined;
  /**
   * When to choose a target. `'per-turn'`: on every call. `'sticky'`: a conversation stays on its first target, and a
   * request that is too large for it is refused. `'sticky-escalate'`: such a request goes on to a larger target, at
   * most `escalations` times per conversation. `'worst-case'`: on every call, as if the input were
   * `assumeSessionMaxTokens` long. A rule that matches overrides all of these.
   *
   * The chosen target is recorded in the conversation itself (from ai 5 on): pass back the messages that the AI SDK
   * made of an answer.
   * @default 'per-turn'
   */
  readonly reevaluate?: 'per-turn' | 'sticky' | 'sticky-escalate' | 'worst-case' | undefined;
  /** With `'sticky-escalate'`: how often a conversation may go on to a larger target. @default 1 */
  readonly escalations?: number | undefined;
  /** With `'worst-case'`, where it is required: how many input tokens a conversation may reach. */
  readonly assumeSessionMaxTokens?: TokenSize | undefined;
  /**
   * Keeps a conversation's target in a store instead, under a session id that the application passes as
   * `providerOptions['ai-alloy'].session` (ai 4: `providerMetadata`).
   */
  readonly session?: SessionOptions | undefined;
  /**
   * Whether the next target that fits is tried when the chosen one fails, as in a cascade. If not, its errors are
   * thrown; only when its provider rejects the request as too long is the next larger target tried.
   * @default false
   */
  readonly fallback?: boolean | undefined;
}

/**
 * Routing: a model that sends each request to the first target that can hold it. Targets without a context window are
 * catch-alls and are considered last.
 *
 * @param options.targets at least one model, unless there are rules; sizes in tokens
 * @param options.rules each has conditions and a target; the first rule that matches decides. A predicate may be
 *   asynchronous
 * @param options.id @default `dispatcher(a, b)`
 * @param options.order `'declared'`, `'smallest-first'`, `'cheapest-first'`, `'fastest-first'`, or a function.
 *   @default 'declared'
 * @param options.reevaluate `'per-turn'`, `'sticky'`, `'sticky-escalate'` or `'worst-case'`. @default 'per-turn'
 * @param options.escalations how often a conversation may go on to a larger target. @default 1
 * @param options.assumeSessionMaxTokens tokens; required with `'worst-case'`
 * @param options.session a store for the targets of sticky conversations. @default they are recorded in the
 *   conversation
 * @param options.fallback whether the next target that fits is tried after a failure. @default false
 * @param options.… the options that all primitives share: SharedOptions
 * @throws InvalidConfigurationError at construction, for a wrong option; from a call, for an invalid session id
 * @throws ContextWindowExceededError from a call that fits no target, or not the one that a rule chose; without
 *   targets, from a call that matches no rule only because it is too large
 * @throws NoRuleMatchedError from a call that no rule matches, if there are no targets
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
  return createDispatcher(options, { ...throwing, warn })!;
}

/** Like `dispatcher`, but errors go to `making.report`; returns undefined if there were any. */
export function createDispatcher(given: DispatcherOptions, making: Making): RoutingModel | undefined {
  const options = withoutIdleCooldown(given);
  const { targets = [], rules = [] } = Object(options) as Partial<DispatcherOptions>;
  check(
    Array.isArray(rules),
    at('dispatcher: ', 'rules'),
    foundInstead(rules),
    'pass a list of rules: [{ when, target }]',
  );
  const { others, indices } = ruleTargets(rules, Array.isArray(targets) ? targets : []);
  const spec: PrimitiveSpec<DispatcherOptions> = {
    kind: 'dispatcher',
    options: others.length > 0 && options.targets === undefined ? { ...options, targets } : options,
    list: 'targets',
    minimum: others.length > 0 || indices.length > 0 ? 0 : 1,
    ownOptions,
    needs: dispatcherNeeds,
    others,
    plan(members, { where, id, counter, listed, isValid, report }) {
      const { order = 'declared', fallback = false } = options;
      const parsed = parseRules(at(where, 'rules'), rules, indices, report);
      const { isSticky, assumedInput, escalations, sessions } = parseReevaluate(where, id, options);
      const eligible = members.slice(0, listed);
      if (isValid()) assertAnyHolds(where, assumedInput, eligible);
      if (targets.length === 0) assertNoChoice(where, options);
      const ranking = rankingOf(at(where, 'order'), order, members, listed, report);
      if (isValid()) {
        const ofTargets = order === 'smallest-first' ? [] : warningsOfCatchAll(eligible);
        for (const warning of [...ofTargets, ...unsupportedTargets(rules, indices, members)])
          making.warn?.(id, `${where.label}${warning}`);
      }
      const sort = order === 'smallest-first' ? smallestFirst : catchAllsLast;
      return {
        reason: order === 'smallest-first' ? order : 'first-fit',
        ...ranking,
        ...(assumedInput && { reason: 'worst-case' as const }),
        needs: 'some',
        order: sort,
        fallback,
        describe: (member) => (sizeOf(member) === Infinity ? { catchAll: true } : {}),
        eligible: listed,
        assumedInput,
        stamps: isSticky && !sessions ? 'picks' : undefined,
        store: options.session?.store,
        answered: sessions?.remember,
        keeps: isSticky,
        ...((parsed.length > 0 || isSticky) && {
          async choose(call, recalled, now, inTime) {
            const asked = { call, counter, recalled, now, inTime };
            const { matched, tooLarge, ...rest } = await matchingRule(parsed, asked);
            if (matched) return { reason: 'rule', rule: matched.name, ...rest, first: matched.target };
            if (eligible.every((_, index) => now.isLeftOut(index)))
              return { ...rest, ...(tooLarge && { tooLarge }) };
            if (!isSticky) return rest;
            const picks = sessions ? await sessions.picksOf(call) : stampsOf(call, id);
            const preferred = sort(eligible);
            return { ...rest, ...(await stickyChoice(members, now, picks, { escalations, preferred })) };
          },
        }),
      };
    },
  };
  return createPrimitive(spec, making);
}

/** `...recommended` is for every primitive: without a `fallback`, its cooldown is left out rather than an error. */
function withoutIdleCooldown(options: DispatcherOptions): DispatcherOptions {
  const { cooldown, ...others } = Object(options) as DispatcherOptions;
  return cooldown === recommended.cooldown && others.fallback !== true ? others : options;
}

function assertAnyHolds(where: Place, assumedInput = 0, targets: readonly Member[]): void {
  const maxInput = Math.max(0, ...targets.map(maxInputOf));
  const remedy = `no target holds that much input and an answer, but ${maxInput} at most: assume less, or add a larger one`;
  const isPossible = targets.length === 0 || assumedInput <= maxInput;
  check(isPossible, at(where, 'assumeSessionMaxTokens'), assumedInput, remedy);
}

/** Rejects options about choosing a target if there are only rules. */
function assertNoChoice(where: Place, { order, fallback, reevaluate = 'per-turn' }: DispatcherOptions): void {
  const remedy = 'it has no effect without targets: name some, or remove it';
  check(
    order === undefined || order === 'declared',
    at(where, 'order'),
    typeof order === 'function' ? foundInstead(order) : order,
    remedy,
  );
  check(fallback !== true, at(where, 'fallback'), fallback, remedy);
  check(reevaluate === 'per-turn', at(where, 'reevaluate'), reevaluate, remedy);
}

/** The warning for a catch-all that is declared before a target with a size: it is considered after that. */
function warningsOfCatchAll(targets: readonly Member[]): string[] {
  const first = targets.findIndex((target) => sizeOf(target) === Infinity);
  const sized = targets.findLast((target, index) => index > first && sizeOf(target) < Infinity);
  if (first < 0 || !sized) return [];
  const [unsized, last] = [targets[first]!, sized].map(({ id }) => foundName(id).shown);
  return [
    `target ${unsized} has no size and takes every request, so it is asked last, also after ${last}: declare its contextWindow, or put it last`,
  ];
}

/** The most input tokens that a target can hold together with an output of one token. */
const maxInputOf = (target: Member): number =>
  Math.min(sizeOf(target) - 1, target.limits.declared.maxInputTokens ?? Infinity);

// The sorts are stable: equal targets stay in declared order.
const catchAllsLast = (fitting: readonly Member[]): Member[] =>
  sortBy(fitting, (member) => Number(sizeOf(member) === Infinity));

const smallestFirst = (fitting: readonly Member[]): Member[] =>
  sortBy(fitting, (member) => Math.min(sizeOf(member), Number.MAX_VALUE));

function sortBy(members: readonly Member[], rank: (member: Member) => number): Member[] {
  return members.toSorted((a, b) => rank(a) - rank(b));
}
