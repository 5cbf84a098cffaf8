import type { PrimitiveKind } from '../primitive-kinds.ts';
import type { Candidate, Decision, FailureKind } from '../decision.ts';
import type { Failure } from '../faults/failure.ts';
import type { AttemptSettings } from '../faults/attempt-options.ts';
import type { Cooldown } from '../stores/cooldown.ts';
import type { LearnedCeiling } from '../faults/learned-ceiling.ts';
import type { Call, SpecModel } from '../sdk/model.ts';
import type { Path } from '../sdk/stamp.ts';
import type { Endings } from '../sdk/ending.ts';
import type { Capability } from '../tokens/call/carried.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import type { Limits } from '../tokens/fit.ts';
import type { Place } from '../errors/place.ts';
import type { Price } from '../price.ts';
import type { Measured } from './measured.ts';
import type { SharedOptions } from './options.ts';
import type { InTime, Plan } from './plan.ts';
import type { Prepare } from './prepare.ts';
import type { Try } from './tries/try.ts';

/** What a member's `model` option resolves to. */
export interface Resolved {
  /** The model in the specification of the installed `ai`; wrapped in its fit check, if the member has sizes. */
  readonly model: SpecModel;
  /**
   * For a nested primitive with a size declared on the member: rejects a call that does not fit that size, as the
   * middleware of a plain model does.
   */
  readonly fitCheck?: ((call: Call) => Promise<unknown>) | undefined;
  /** How far the model's finish reasons can be trusted. */
  readonly endings: Endings;
  /** The router, if the model is a primitive: the engine calls and plans with it directly. */
  readonly router?: Router | undefined;
}

/**
 * A member of a primitive as the engine sees it. Timeouts and retries are those declared on the member; on a nested
 * primitive, such timeouts apply to everything that happens inside it.
 */
export interface Member extends AttemptSettings {
  readonly id: string;
  /** `provider/modelId`, a string id, or the id of a nested primitive. */
  readonly model: string;
  readonly limits: Limits;
  readonly learned: LearnedCeiling;
  readonly weight: number;
  readonly price: Price | undefined;
  /** What `settings` and `transform` do to its calls; undefined without them. */
  readonly prepare: Prepare | undefined;
  /** Whether it has a `transform`. */
  readonly transforms: boolean;
  /** What it lacks, by its `supports`; undefined if nothing. */
  readonly lacks: readonly Capability[] | undefined;
  /** The place of the member in the options. */
  readonly place: Place;
  readonly measured: Measured;
  /** The model object as it was passed, which other primitives may use as well; undefined for a string id. */
  readonly modelObject: object | undefined;
  /** The provider's name; undefined for a string id, which is not resolved only for its name. */
  readonly provider: string | undefined;
  /** The result of `resolve`, once it was called. */
  readonly resolved: Resolved | undefined;
  /** Resolves a string id, once. Throws what the provider throws, and an error if `holder` would contain itself. */
  resolve(holder: Router): Resolved;
}

/** What a planner may ask about members, by their indices, before it chooses one for a call. */
export interface MembersNow {
  /**
   * Whether a member can take the call as it is, and if not, why.
   *
   * @param inside the path to keep to inside that member
   */
  fits(index: number, inside?: Path): Promise<Pick<Candidate, 'fits' | 'skipped'>>;
  /** Whether the call leaves a member out. */
  isLeftOut(index: number): boolean;
}

/** What a planner chose for a call. */
export interface Choice extends Partial<Pick<Decision, 'reason' | 'rule' | 'unmatched'>> {
  /** The member that comes first, by its index; the call fits if it does. */
  readonly first?: number;
  /**
   * Members that are not chosen only because the call is too large, and how many input tokens they may have at most.
   */
  readonly tooLarge?: ReadonlyMap<number, number>;
  /** Whether a larger member may be tried if that member's provider rejects the request as too long. @default true */
  readonly mayEscalate?: boolean;
  /** How often the conversation has gone on to a larger member, and how often it may. */
  readonly escalations?: Pick<NonNullable<Decision['outgrown']>, 'escalations' | 'limit'>;
  /** The path to keep to inside the chosen member. */
  readonly inside?: Path;
  /** The path that the conversation stays on, also if this call is answered by another member. */
  readonly kept?: Path;
}

/** What differs between the kinds of primitives. */
export interface Planner {
  readonly kind: PrimitiveKind;
  readonly reason: Decision['reason'];
  /** Whether a request needs to fit every member, or one of them. */
  readonly needs: 'every' | 'some';
  /** Whether the order is drawn, so that only a real call may ask for it. */
  readonly draws?: boolean;
  /** Chooses by the call itself, before the order is made; checks only the members that it needs to. */
  choose?(
    call: Call,
    recalled: Remembered,
    now: MembersNow,
    inTime: InTime,
  ): Promise<Choice | undefined> | Choice | undefined;
  /** Whether it remembers for each conversation which members it chose. */
  readonly keeps?: boolean;
  /**
   * Ranks the members that fit by how many tokens the call needs of each; a member that it leaves out is not tried. If
   * there is a rank, `order` is not used.
   */
  readonly rank?: ((plan: Plan) => readonly Member[] | Promise<readonly Member[]>) | undefined;
  /**
   * Puts the members that fit into the order in which to try them. May draw, or advance a round-robin turn, but does
   * not advance the turn if another member is `kept` in front of them.
   */
  order(fitting: readonly Member[], kept?: Member): readonly Member[];
  /**
   * Which answers are stamped with the path to who gave them, so that it comes back with the conversation. `picks`:
   * only those of a member that the planner itself chose, not a rule's and not those of a fallback. `both`: of all
   * answers, with the path that was chosen told apart from the path to who answered.
   */
  readonly stamps?: 'answers' | 'picks' | 'both' | undefined;
  /** The store for sticky choices, if they are not kept in the conversation. */
  readonly store?: object | undefined;
  /** Called when the chosen member has answered. */
  answered?(call: Call, path: Path): void;
  /** How many input tokens a conversation may reach: plan for at least so many. */
  readonly assumedInput?: number | undefined;
  /** How many of the members, from the first, can be chosen without a rule. @default all */
  readonly eligible?: number | undefined;
  /** Whether failures other than an overflow go on to the next member. */
  readonly fallback: boolean;
  /** How many members of the order are tried at most. @default all */
  readonly maxMembers?: number | undefined;
  /** The primitive's own ceiling, below its members'. */
  readonly ceiling?: number | undefined;
  /** Whether skipping a member adds a call warning. */
  readonly warnOnSkip?: boolean;
  /** What the primitive's kind adds to a candidate in the decision. */
  describe?(member: Member): Pick<Candidate, 'share' | 'catchAll'>;
}

/**
 * A primitive: its members, and how it plans. Keeps no state of any request. Its timeouts and retries apply to members
 * without their own.
 */
export interface Router
  extends AttemptSettings, Pick<SharedOptions, 'acceptAnswer' | 'onDecision' | 'deadlineMs' | 'shorten'> {
  readonly id: string;
  readonly fallThroughOn: readonly FailureKind[] | ((failure: Failure) => boolean);
  readonly onTruncation: NonNullable<SharedOptions['onTruncation']>;
  readonly maxRetryAfterMs: number;
  /** How many parts of a stream to hold back until it is complete; 0: none. */
  readonly bufferedParts: number;
  readonly cooldown: Cooldown | undefined;
  /** Tries a member, with this primitive's retries and cooldown. */
  readonly tryMember: Try;
  readonly members: readonly Member[];
  readonly planner: Planner;
  /** Whether it stands for one model of a gateway: as a member, it is retried like a plain model. */
  readonly isModel: boolean;
}

/** The primitive that a member is; undefined for a model, also for one of a gateway. */
export function primitiveIn(resolved: Pick<Resolved, 'router'> | undefined): Router | undefined {
  const router = resolved?.router;
  // The provider of a gateway may have given a primitive, or a model of another gateway.
  return router?.isModel ? primitiveIn(router.members[0]!.resolved) : router;
}

/** The retries that a gateway declares for the model that a member is. */
export function declaredRetries(resolved: Pick<Resolved, 'router'> | undefined): number | undefined {
  if (!resolved?.router?.isModel) return undefined;
  const [model] = resolved.router.members;
  return declaredRetries(model!.resolved) ?? model!.retries;
}

/** The primitives inside one, as far as they are known: string ids that aren't resolved yet are left out. */
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

/** Whether any member, at any depth, has retries. */
export function retriesInside({ members, retries: inherited = 0 }: Router): boolean {
  return members.some((member) => {
    const inner = primitiveIn(member.resolved);
    return inner
      ? retriesInside(inner)
      : (declaredRetries(member.resolved) ?? member.retries ?? inherited) > 0;
  });
}
