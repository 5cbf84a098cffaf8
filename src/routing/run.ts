import type { Attempt, Candidate, Decision } from '../decision.ts';
import { rememberDecision } from '../decision-of.ts';
import type { Deadlines } from '../faults/watch.ts';
import { notifyListeners } from '../on-decision.ts';
import type { Call } from '../sdk/model.ts';
import { forget } from '../tokens/call/recall.ts';
import { bounded } from './bounded.ts';
import { candidatesOf, costIn, truncationIn, type Truncated } from './decision-draft.ts';
import type { Plan } from './plan.ts';
import type { Queue } from './queue.ts';
import type { Member, Router } from './router.ts';
import type { Failed } from './tries/try.ts';

/** What `generate` and `stream` are given for a call on a primitive. */
export interface RoutedCall {
  readonly router: Router;
  readonly call: Call;
  /** Whether the application called this primitive, and not an outer primitive. */
  readonly outermost: boolean;
  /** Whether the call is a stream, to which `firstContentMs` and `idleMs` apply. */
  readonly streams: boolean;
  /** The timeouts of outer primitives, for attempts without their own. */
  readonly deadlines: Deadlines;
  /** Input tokens that the primitives around this one plan for at least. */
  readonly assumedInput: number;
  /** The plan that the outer primitive has made for this one. */
  readonly plan?: Plan | undefined;
}

/** All that one call on a primitive knows, from its plan to its decision. */
export class Run implements RoutedCall {
  readonly router: Router;
  readonly call: Call;
  readonly outermost: boolean;
  readonly streams: boolean;
  readonly deadlines: Deadlines;
  readonly assumedInput: number;
  /** Set once the call is planned. */
  plan!: Plan;
  queue!: Queue;
  /** The member that the planner chose, cooldowns aside; undefined if the order is drawn. */
  pick: Member | undefined;
  /** The decision, once it is made. */
  decision: Decision | undefined;
  /** The decision so far, from the plan; undefined before that. */
  planned: Decision | undefined;
  readonly attempts: Attempt[] = [];
  readonly failures: Failed[] = [];
  /**
   * Members ruled out because a provider rejected the request as too long: that member, and those no larger than it.
   */
  rejected: Set<Member> | undefined;
  /** Members that were found to be on cooldown when their turn came. */
  foundOnCooldown: Set<Member> | undefined;
  /**
   * The first failure, if its message doesn't say what is wrong but it may be an overflow: one larger member is tried.
   */
  possibleOverflow: Failed | undefined;
  /** Whether the call's time was over after waiting for a retry. */
  deadlinePassedWaiting = false;
  /** Whether `deadlineMs` was found to have passed. */
  isOver = false;
  readonly #endsAt: number;

  constructor({ router, call, outermost, streams, deadlines, assumedInput }: RoutedCall) {
    this.router = router;
    this.call = call;
    this.outermost = outermost;
    this.streams = streams;
    this.deadlines = deadlines;
    this.assumedInput = assumedInput;
    const { deadlineMs } = router;
    this.#endsAt = deadlineMs === undefined ? Infinity : performance.now() + deadlineMs;
  }

  /** Milliseconds left until `deadlineMs`. */
  left(): number {
    return this.#endsAt === Infinity ? Infinity : this.#endsAt - performance.now();
  }

  /** Whether `deadlineMs` has passed; true also if the process was blocked and no timer has fired. */
  isTimeUp(): boolean {
    return (this.isOver ||= this.left() <= 0);
  }

  /** The candidates as they stand now. */
  candidates(): readonly Candidate[] {
    return candidatesOf(this);
  }

  /** Makes the decision, gives it to the listeners, and records it as the one behind `error`. */
  conclude(error?: unknown, answeredBy?: string, truncated: Truncated = truncationIn(error)): Decision {
    const { router, call, outermost, queue, attempts, plan } = this;
    const planned = this.planned!;
    let decision: Decision = planned;
    if (queue) {
      const made: { -readonly [Name in keyof Decision]: Decision[Name] } = {
        id: planned.id,
        kind: planned.kind,
        candidates: this.candidates(),
        reason: planned.reason,
        order: queue.order.map((member) => member.id),
        attempts,
      };
      if (plan.decision.rule !== undefined) made.rule = plan.decision.rule;
      if (plan.decision.unmatched) made.unmatched = plan.decision.unmatched;
      const cost = costIn(attempts);
      if (cost !== undefined) made.cost = cost;
      if (answeredBy !== undefined) made.answeredBy = answeredBy;
      if (truncated) made.truncated = truncated;
      decision = made;
    }
    this.decision = decision = bounded(decision);
    if (outermost) forget(call);
    notifyListeners(decision, router.onDecision, outermost);
    return rememberDecision(error, decision);
  }

  /** Ends the call with an error, unchanged. */
  giveUp(reason: unknown): never {
    this.conclude(reason);
    throw reason;
  }
}
