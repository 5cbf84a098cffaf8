import type { Candidate, Decision } from '../decision.ts';
import type { AttemptSettings } from '../faults/attempt-options.ts';
import type { Cooldown } from '../stores/cooldown.ts';
import type { LearnedCeiling } from '../faults/learned-ceiling.ts';
import type { Call, SpecModel } from '../sdk/model.ts';
import type { Endings } from '../sdk/ending.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import type { Limits } from '../tokens/fit.ts';
import type { Place } from '../errors/place.ts';
import type { Price } from '../price.ts';
import type { Measured } from './measured.ts';
import type { SharedOptions } from './options.ts';
import type { Plan } from './plan.ts';
import type { Try } from './tries/try.ts';

/** What a member's reference stands for. */
export interface Resolved {
  /** The model in the native specification; behind its fit check, if the member has sizes. */
  readonly model: SpecModel;
  /** Of a nested primitive with a size beside it: refuses, as a sized model's middleware does, what does not fit that. */
  readonly fitCheck?: ((call: Call) => Promise<unknown>) | undefined;
  /** How much the model's finish reasons say. */
  readonly endings: Endings;
  /** Set if the model is a primitive: then the engine calls this, and asks it about its members. */
  readonly router?: Router | undefined;
}

/**
 * A member of a primitive as the engine sees it. Deadlines and retries are those declared beside it; of a nested
 * primitive, such deadlines bound all that happens in it.
 */
export interface Member extends AttemptSettings {
  readonly id: string;
  /** `provider/modelId`, a string id, or the id of a nested primitive. */
  readonly model: string;
  readonly limits: Limits;
  readonly learned: LearnedCeiling;
  readonly weight: number;
  readonly price: Price | undefined;
  /** Where it stands in the options. */
  readonly place: Place;
  readonly measured: Measured;
  /** The model as it was passed, which other primitives may have as well; undefined for a string id. */
  readonly modelObject: object | undefined;
  /** The provider's name; undefined for a string id, which isn't resolved just to be asked. */
  readonly provider: string | undefined;
  /** What `resolve` found, once it did. */
  readonly resolved: Resolved | undefined;
  /** Resolves a string id, once; throws what the provider throws, and if `holder` would contain itself. */
  resolve(holder: Router): Resolved;
}

/** Whether a member, by its index, can hold the call as it is. */
export type FitsNow = (index: number) => Promise<boolean>;

/** What a planner makes of a call. */
export interface Choice extends Partial<Pick<Decision, 'reason' | 'rule' | 'unmatched'>> {
  /** The member that comes first, by its index; the call fits if it does. */
  readonly first?: number;
  /** Members that only the size of the call keeps from being chosen, and the most input that they may have. */
  readonly tooLarge?: ReadonlyMap<number, number>;
  /** Whether the own "too long" of that member may lead on to a larger one. @default true */
  readonly mayEscalate?: boolean;
}

/** What tells the primitives apart. */
export interface Planner {
  readonly kind: 'alloy' | 'cascade' | 'dispatcher';
  readonly reason: Decision['reason'];
  /** Whether a request needs to fit every member, or one of them. */
  readonly needs: 'every' | 'some';
  /** Whether the order is drawn, so that only a real call may ask for it. */
  readonly draws?: boolean;
  /** Chooses by what the call is, before the order; asks those members whose answer it needs. */
  choose?(call: Call, recalled: Remembered, fits: FitsNow): Promise<Choice | undefined> | Choice | undefined;
  /**
   * Puts the members that fit into an order that depends on what the call needs of them; what it leaves out is not tried.
   * Instead of `order`, where there is one.
   */
  readonly rank?: ((plan: Plan) => readonly Member[] | Promise<readonly Member[]>) | undefined;
  /** Puts the members that fit into the order in which to try them; the place for a draw or a turn, but
   * not where one is `kept` in front of them. */
  order(fitting: readonly Member[], kept?: Member): readonly Member[];
  /**
   * Which answers carry the id of who gave them, so that it comes back with the conversation: `picks`, those that the
   * planner's own choice gave, not a rule's and not those of a member that stood in for one that was out of order.
   */
  readonly stamps?: 'answers' | 'picks' | undefined;
  /** What picks are kept in, if not in the conversation. */
  readonly store?: object | undefined;
  /** Hears of a pick that answered a call. */
  answered?(call: Call, member: Member): void;
  /** Input tokens that a conversation is taken to come to: the least to plan for. */
  readonly assumedInput?: number | undefined;
  /** How many of the members, from the first, there are to choose from, if no choice is made before. @default all */
  readonly eligible?: number | undefined;
  /** Whether failures other than an overflow go on to the next member. */
  readonly fallback: boolean;
  /** How many members of the order to try at most. @default all */
  readonly most?: number | undefined;
  /** A ceiling of the primitive's own, below its members'. */
  readonly ceiling?: number | undefined;
  /** Whether a member that is passed over becomes a call warning. */
  readonly warnOnSkip?: boolean;
  /** What the primitive's kind adds to a candidate in the decision. */
  describe?(member: Member): Pick<Candidate, 'share' | 'catchAll'>;
}

/**
 * A primitive: who its members are and how it plans. Holds no state of any request. Deadlines and retries are for
 * its members that don't say.
 */
export interface Router
  extends AttemptSettings, Pick<SharedOptions, 'fallThroughOn' | 'onDecision' | 'deadlineMs'> {
  readonly id: string;
  readonly onTruncation: NonNullable<SharedOptions['onTruncation']>;
  readonly maxRetryAfterMs: number;
  /** How many parts of a stream to hold back until it is whole; 0: none. */
  readonly bufferedParts: number;
  readonly cooldown: Cooldown | undefined;
  /** Tries a member, with all that surrounds a try here. */
  readonly tryMember: Try;
  readonly members: readonly Member[];
  readonly planner: Planner;
}

/** The primitives inside one, as far as they are known: not behind string ids that aren't resolved. */
export function routersIn({ members }: Router, found: Set<Router> = new Set()): ReadonlySet<Router> {
  for (const { resolved } of members) {
    const inner = resolved?.router;
    if (inner && !found.has(inner)) routersIn(inner, found.add(inner));
  }
  return found;
}

/** The ids on the way from `router` down to `target`, if `target` is somewhere among its members. */
export function pathTo(router: Router, target: Router): string[] | undefined {
  if (router === target) return [router.id];
  for (const { resolved } of router.members) {
    const rest = resolved?.router && pathTo(resolved.router, target);
    if (rest) return [router.id, ...rest];
  }
  return undefined;
}

/**
 * A member's size for display, for sorting and for "larger than": its own ceiling, else its input limit; at
 * most that of the primitive it is. Infinity: unsized.
 */
export function sizeOf(member: Member): number {
  return Math.min(declaredSize(member), innerSize(member));
}

/** The size that is declared for a member. */
export function declaredSize({ limits }: Member): number {
  const { ceiling, maxInputTokens } = limits.declared;
  return ceiling ?? maxInputTokens ?? Infinity;
}

/**
 * The size of the primitive that a member is: an alloy's own ceiling; the largest member's of the others,
 * Infinity if any is unsized. Infinity for a plain model.
 */
export function innerSize({ resolved }: Member): number {
  if (!resolved?.router) return Infinity;
  const { members, planner } = resolved.router;
  // Those that only a rule leads to don't count beside those for everything else.
  return wholeSize(planner, members.slice(0, planner.eligible || undefined).map(sizeOf));
}

/** The size of a primitive whose members are so large. */
export function wholeSize({ needs, ceiling }: Planner, sizes: readonly number[]): number {
  return needs === 'every' ? (ceiling ?? Math.min(...sizes)) : Math.max(0, ...sizes);
}

/** Whether any member, at any depth, is tried more than once by itself. */
export function retriesInside({ members, retries: inherited = 0 }: Router): boolean {
  return members.some(({ retries: own = inherited, resolved }) =>
    resolved?.router ? retriesInside(resolved.router) : own > 0,
  );
}
