import type { Attempt, Candidate, Decision } from '../decision.ts';
import { rememberDecision } from '../decision-of.ts';
import type { Deadlines } from '../faults/watch.ts';
import { announce } from '../on-decision.ts';
import type { Call } from '../sdk/model.ts';
import { forget } from '../tokens/call/recall.ts';
import { bounded } from './bounded.ts';
import { candidatesOf, costIn, truncationIn, type Truncated } from './decision-draft.ts';
import type { Plan } from './plan.ts';
import type { Queue } from './queue.ts';
import type { Member, Router } from './router.ts';
import type { Failed } from './tries/try.ts';

/** What a call on a primitive begins with. */
export interface RoutedCall {
  readonly router: Router;
  readonly call: Call;
  /** Whether no other primitive passed it on. */
  readonly outermost: boolean;
  /** Whether the answer comes in parts, between which there is something to wait for. */
  readonly streams: boolean;
  /** Those of the primitives around this one, for attempts that nothing is said about here. */
  readonly deadlines: Deadlines;
  /** Input tokens that the primitives around this one plan for at least. */
  readonly assumedInput: number;
  /** What the primitive around this one planned for it. */
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
  /** Whom the planner chose to answer, cooldowns aside; not where it draws. */
  pick: Member | undefined;
  /** The decision, once it is made. */
  decision: Decision | undefined;
  /** The decision as far as the plan goes; undefined until there is one. */
  planned: Decision | undefined;
  readonly attempts: Attempt[] = [];
  readonly failures: Failed[] = [];
  /** Members that a provider's own "too long" ruled out: that one, and those no larger than it. */
  rejected: Set<Member> | undefined;
  /** Members that were found to be on cooldown when their turn came. */
  resting: Set<Member> | undefined;
  /** The first failure, where the provider did not say what is wrong: another, larger member is tried once. */
  suspect: Failed | undefined;
  /** Whether it was over when a member was to be tried again. */
  hasWaitedTooLong = false;
  /** Whether the time for the whole call was found to be over. */
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

  /** Milliseconds left of the call's own deadline. */
  left(): number {
    return this.#endsAt === Infinity ? Infinity : this.#endsAt - performance.now();
  }

  /** Whether the time for the whole call is over: also where something held the whole process up. */
  isTimeUp(): boolean {
    return (this.isOver ||= this.left() <= 0);
  }

  /** The candidates as they stand now. */
  candidates(): readonly Candidate[] {
    return candidatesOf(this);
  }

  /** The decision is made: announces it, and makes it known as the one behind `error`. */
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
    announce(decision, router.onDecision, outermost);
    return rememberDecision(error, decision);
  }

  /** Ends the call with an error, as it is. */
  giveUp(reason: unknown): never {
    this.conclude(reason);
    throw reason;
  }
}
