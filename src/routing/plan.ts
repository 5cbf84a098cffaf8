import type { Decision } from '../decision.ts';
import type { Path } from '../sdk/stamp.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import type { SentCall } from './check-size.ts';
import type { Named } from './named.ts';
import type { Choice, Member, Router } from './router.ts';

/** Which members can hold a call. A nested primitive's plan is part of it. */
export interface Plan {
  readonly router: Router;
  /** Whether the primitive can hold the call. */
  readonly fits: boolean;
  /** The members that can hold it, in declared order. */
  readonly fitting: readonly Member[];
  /** Whether no rule matched, and there are no targets for requests without a matching rule. */
  readonly isUnmatched: boolean;
  /** Whether the primitive refuses the call for what members lack: it would refuse a shorter one as well. */
  readonly isUnsupported: boolean;
  /** The member that a rule, or the conversation so far, chose. */
  readonly first: Member | undefined;
  /** Members that are too small only by a learned limit: they are tried last. */
  readonly lastResort: readonly Member[];
  /** Whether a larger member may be tried if the chosen one's provider rejects the request as too long. */
  readonly mayEscalate: boolean;
  /** The path that the conversation stays on, also if this call goes elsewhere. */
  readonly kept: Path | undefined;
  /** The path to keep to inside a member. */
  readonly inside: Inside | undefined;
  /** The members that the call names to use or to leave out; undefined if it names none. */
  readonly named: Named | undefined;
  /** See `Choice`. */
  readonly escalations: Choice['escalations'];
  /** The plans of nested primitives. */
  readonly nested: ReadonlyMap<Member, Plan> | undefined;
  /** How many input tokens nested primitives plan for at least: the chosen one, and the others. */
  readonly assumedForFirst: number;
  readonly assumedForOthers: number;
  /** What was remembered of the call when it was planned. */
  readonly recalled: Remembered;
  /** The calls that members with settings or a transform are sent. */
  readonly prepared: ReadonlyMap<Member, SentCall> | undefined;
  /** The decision so far, without an order and attempts. */
  readonly decision: Decision;
}

/** The path to keep to inside a member. */
export interface Inside {
  readonly member: Member;
  readonly path: Path;
}

/** What is slow while a call is planned, such as an estimator, is awaited until the call is aborted or its time is over. */
export interface InTime {
  /** Aborts when the call is aborted or its time is over. */
  readonly signal: AbortSignal | undefined;
  /** Awaits a promise, and returns everything else at once. */
  wait<Value>(value: Value | Promise<Value>): Value | Promise<Value>;
}

/** What a plan is made for. */
export interface Planning {
  readonly inTime?: InTime;
  /** Input tokens that the primitives around this one plan for at least. @default 0 */
  readonly assumedInput?: number;
  /** What is remembered of the call; undefined for the outermost primitive. */
  readonly recalled?: Remembered;
  /** An earlier plan of the same call, if it is planned again: no transform is called twice. */
  readonly previous?: Plan | undefined;
  /** What holds here of the members that the call names; undefined for the outermost primitive. */
  readonly named?: Named | undefined;
  /** The path that the primitives around this one keep to, from here on. */
  readonly kept?: Path | undefined;
  /** Makes the decision of a nested primitive from its plan: a dry run needs more in it than a call does. */
  readonly nestedDecision?: (router: Router, plan: Plan) => Promise<Decision>;
}
