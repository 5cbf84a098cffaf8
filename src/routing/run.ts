import type { Attempt, Decision } from '../decision.ts';
import { rememberDecision } from '../decision-of.ts';
import type { Deadlines, Watch } from '../faults/watch.ts';
import { mergedDeadlines } from './merged-deadlines.ts';
import { observing, type AttemptObserver, type CallObserver } from '../observer.ts';
import { notifyListeners } from '../on-decision.ts';
import type { Call } from '../sdk/model.ts';
import { forget } from '../tokens/call/recall.ts';
import { bounded } from './bounded.ts';
import { candidatesOf, truncationIn, type Truncated } from './decision-draft.ts';
import type { InTime, Plan, Planning } from './plan.ts';
import type { Trail } from './path.ts';
import { outgrown } from './plan-of.ts';
import type { Queue } from './queue.ts';
import type { Member, Router } from './router.ts';
import { spentIn } from './spent.ts';
import type { Failed } from './tries/try.ts';
import { watchCall } from './watch-call.ts';

/** What `generate` and `stream` are given for a call on a primitive. */
export interface RoutedCall extends Pick<Planning, 'assumedInput' | 'previous' | 'named' | 'kept'> {
  readonly router: Router;
  readonly call: Call;
  /** Whether the application called this primitive, and not an outer primitive. */
  readonly outermost: boolean;
  /** Whether the call is a stream, to which `firstContentMs` and `idleMs` apply. */
  readonly streams: boolean;
  /** The timeouts of outer primitives, for attempts without their own. */
  readonly deadlines: Deadlines;
  /**
   * What the wall clock was ahead of the monotonic clock when the outermost call began, in milliseconds. Left out of the
   * outermost call.
   */
  readonly epoch?: number;
  /** The plan that the outer primitive has made for this one. */
  readonly plan?: Plan | undefined;
  /** Of a call on a nested primitive: the observer of the outer primitive's attempt, which observes this call as well. */
  readonly observedBy?: AttemptObserver | undefined;
  /** Where to say which path was chosen, for outer primitives that keep to it. */
  readonly trail?: Trail | undefined;
}

type DecisionInMaking = { -readonly [Name in keyof Decision]: Decision[Name] };

/** All that one call on a primitive knows, from its plan to its decision. */
export class Run implements InTime {
  /** What it was made with. Its `call` is the caller's own, which has the metadata for listeners. */
  readonly routed: RoutedCall;
  readonly router: Router;
  /** The caller's, or what `shorten` returned in its place. */
  call: Call;
  readonly outermost: boolean;
  /** The timeouts for attempts without their own: those of this primitive, else those of outer primitives. */
  readonly deadlines: Deadlines;
  readonly epoch: number;
  /** What the nested primitive that was called last says of its path; undefined if nobody keeps to it. */
  innerTrail: Trail | undefined;
  /** Set once the call is planned. */
  plan!: Plan;
  queue!: Queue;
  /** The member that the planner chose, cooldowns aside; if the order is drawn, the one that comes first. */
  pick: Member | undefined;
  /** The decision, once it is made. */
  decision: Decision | undefined;
  /** The decision so far, from the plan; undefined before that. */
  planned: Decision | undefined;
  readonly attempts: Attempt[] = [];
  readonly failures: Failed[] = [];
  /**
   * Members that were passed over when their turn came, if any. `rejected`: ruled out because a provider rejected the
   * request as too long, that member and those no larger than it. `resting`: found on cooldown.
   */
  passedOver: Map<Member, 'rejected' | 'resting'> | undefined;
  /**
   * The first failure, if its message doesn't say what is wrong but it may be an overflow: one larger member is tried.
   */
  possibleOverflow: Failed | undefined;
  /** Whether the call's time was over after waiting for a retry. */
  deadlinePassedWaiting = false;
  /** Whether `deadlineMs` was found to have passed. */
  isOver = false;
  /** When the last attempt ended, on this process' monotonic clock. */
  endedAt = 0;
  /** Is told of this call, if anything observes calls. */
  readonly observer: CallObserver | undefined;
  readonly #beganAt: number;
  readonly #endsAt: number;
  /** Watches what is awaited while the call is planned; made only when something is slow. */
  #watch: Watch | undefined;

  constructor(routed: RoutedCall) {
    const { router, call, outermost, deadlines, epoch } = routed;
    this.routed = routed;
    this.router = router;
    this.call = call;
    this.outermost = outermost;
    this.deadlines = mergedDeadlines(deadlines, router.deadlines);
    this.observer = (routed.observedBy ?? observing.observer)?.callStarted(routed);
    this.#beganAt = performance.now();
    this.epoch = epoch ?? Date.now() - this.#beganAt;
    this.innerTrail = undefined;
    const { deadlineMs } = router;
    this.#endsAt = deadlineMs === undefined ? Infinity : this.#beganAt + deadlineMs;
  }

  /**
   * A time on the monotonic clock as one of the wall clock, in whole milliseconds since 1970. It is right for the whole
   * call, also if the wall clock is set meanwhile.
   */
  instantOf(time: number): number {
    return Math.round(this.epoch + time);
  }

  get signal(): AbortSignal | undefined {
    return this.#watching().signal;
  }

  wait<Value>(value: Value | Promise<Value>): Value | Promise<Value> {
    return value instanceof Promise ? Promise.resolve(this.#watching().wait(value)) : value;
  }

  /** Ends the watch over what is awaited while the call is planned. */
  release(): void {
    this.#watch?.release();
  }

  #watching(): Watch {
    return (this.#watch ??= watchCall(this));
  }

  /** Milliseconds left until `deadlineMs`. */
  left(): number {
    return this.#endsAt === Infinity ? Infinity : this.#endsAt - performance.now();
  }

  /** Whether `deadlineMs` has passed; true also if the process was blocked and no timer has fired. */
  isTimeUp(): boolean {
    return (this.isOver ||= this.left() <= 0);
  }

  /**
   * Whether the provider of the chosen member said that the request is too long, and the call may not go on to a larger
   * one.
   */
  isOutgrown(): boolean {
    const { first, mayEscalate } = this.plan;
    return !mayEscalate && this.failures.some(({ kind, member }) => kind === 'overflow' && member === first);
  }

  /** Makes the decision, gives it to the listeners, and records it as the one behind `error`. */
  conclude(error?: unknown, answeredBy?: string, truncated: Truncated = truncationIn(error)): Decision {
    const made = this.#planned(answeredBy, error);
    if (this.queue) this.#addAttempts(made, answeredBy, truncated);
    const decision = bounded(made);
    this.decision = decision;
    this.observer?.ended(made, error);
    const { router, call, routed, outermost } = this;
    if (outermost) forget(call);
    notifyListeners(decision, routed.call, router.onDecision, outermost);
    return rememberDecision(error, decision);
  }

  passOver(member: Member, reason: 'rejected' | 'resting'): void {
    (this.passedOver ??= new Map()).set(member, reason);
  }

  /** The decision without what attempts add to it. */
  #planned(answeredBy: string | undefined, error: unknown): DecisionInMaking {
    const { planned = nothingPlanned(this.router) } = this;
    const { id, kind, candidates, reason, rule, unmatched, shortened, outgrown: larger } = planned;
    const hasAnswer = answeredBy !== undefined;
    const outcome = hasAnswer ? 'answered' : this.#outcome(error);
    const startedAt = this.instantOf(this.#beganAt);
    const durationMs = this.instantOf(hasAnswer ? this.endedAt : performance.now()) - startedAt;
    const made: DecisionInMaking = { id, kind, outcome, startedAt, durationMs, candidates, reason };
    if (rule !== undefined) made.rule = rule;
    if (unmatched) made.unmatched = unmatched;
    if (shortened) made.shortened = shortened;
    if (larger) made.outgrown = larger;
    return made;
  }

  #addAttempts(made: DecisionInMaking, answeredBy: string | undefined, truncated: Truncated): void {
    const { queue, attempts, plan } = this;
    made.candidates = candidatesOf(this);
    made.order = queue.order.map((member) => member.id);
    made.attempts = attempts;
    const { usage, cost } = spentIn(attempts);
    if (usage) made.usage = usage;
    if (cost !== undefined) made.cost = cost;
    if (answeredBy !== undefined) made.answeredBy = answeredBy;
    else if (plan.escalations && this.isOutgrown()) Object.assign(made, outgrown(plan));
    if (truncated) made.truncated = truncated;
  }

  /** How a call without an answer ended. */
  #outcome(error: unknown): Decision['outcome'] {
    // A consumer that stops reading a stream aborts the attempt, not the call.
    const isAborted = this.call.abortSignal?.aborted || this.attempts.at(-1)?.outcome === 'aborted';
    if (isAborted) return 'aborted';
    // A refusal is no error yet when its decision is made; what `shorten` throws is.
    return this.plan?.fits === false && error === undefined ? 'refused' : 'failed';
  }

  /** Ends the call with an error, unchanged. */
  giveUp(reason: unknown): never {
    this.conclude(reason);
    throw reason;
  }
}

const nothingPlanned = ({ id, planner }: Router): Decision => {
  return { id, kind: planner.kind, candidates: [], reason: planner.reason };
};
