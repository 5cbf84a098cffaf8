import type { Decision } from '../decision.ts';
import type { Call } from '../sdk/model.ts';
import { recall, type Remembered } from '../tokens/call/recall.ts';
import { askMember, type Asked, type Asking } from './ask-member.ts';
import type { CallSizes } from './call-sizes.ts';
import type { Choice, Member, Router } from './router.ts';
import { planOf } from './plan-of.ts';
import { whenKnown } from '../tokens/when-known.ts';

/** Who can serve a call. A nested primitive's plan is part of it. */
export interface Plan {
  /** Whether the primitive can hold it. */
  readonly fits: boolean;
  /** The members that can, as declared. */
  readonly fitting: readonly Member[];
  /** Whether no rule matched, and there are no members for what none matches. */
  readonly isUnmatched: boolean;
  /** The one that a rule, or the conversation so far, chose. */
  readonly first: Member | undefined;
  /** Members that only a learned limit stands in the way of: they are tried last. */
  readonly lastResort: readonly Member[];
  /** Whether the own "too long" of the one that was chosen may lead on to a larger member. */
  readonly mayEscalate: boolean;
  /** The plans of nested primitives. */
  readonly nested: ReadonlyMap<Member, Plan> | undefined;
  /** Input tokens that nested primitives are to plan for at least: the chosen one, and the others. */
  readonly assumedForFirst: number;
  readonly assumedForOthers: number;
  readonly sizes: CallSizes;
  /** What is known of the call as it was then. */
  readonly recalled: Remembered;
  /** The decision as far as it goes without an order and without calls. */
  readonly decision: Decision;
}

/** Awaits an estimator that takes its time, as long as there is time. */
export type InTime = <Value>(promise: Promise<Value>) => PromiseLike<Value>;

/** What a plan is made for. */
export interface Planning {
  readonly inTime?: InTime;
  /** Input tokens that the primitives around this one plan for at least. @default 0 */
  readonly assumedInput?: number;
  /** What is known of the call; left out by whoever plans first. */
  readonly recalled?: Remembered;
  /** Makes what a nested primitive's plan says of it: for a dry run, more than a call has to know. */
  readonly tell?: (router: Router, plan: Plan) => Promise<Decision>;
}

const noChoice: Choice = {};
const atOnce: InTime = (promise) => promise;

/** Asks every member, once, whether it can hold the call. No draw, and no I/O but a session's store, where there is one. */
export function planCall(router: Router, call: Call, planning: Planning = {}): Plan | Promise<Plan> {
  const { planner } = router;
  const asking = new AskingAll(router, call, planning);
  if (!planner.choose) return askAll(asking, noChoice);
  // What is assumed of conversations is no concern of a choice for this one, such as a rule's.
  const fitsNow = async (index: number): Promise<boolean> =>
    (await asking.ask(index, asking.around)).candidate.fits;
  const choosing = planner.choose(call, asking.recalled, fitsNow);
  const settled = choosing instanceof Promise ? Promise.resolve(asking.inTime(choosing)) : choosing;
  return whenKnown(settled, (choice = noChoice) => askAll(asking, choice));
}

/** Asks members for one call, each once. */
class AskingAll implements Asking {
  readonly router: Router;
  readonly call: Call;
  readonly recalled: Remembered;
  readonly inTime: InTime;
  readonly tell: Planning['tell'];
  /** Input tokens that the primitives around this one plan for at least. */
  readonly around: number;
  readonly asked: (Asked | Promise<Asked> | undefined)[] = [];

  constructor(router: Router, call: Call, { inTime = atOnce, assumedInput = 0, recalled, tell }: Planning) {
    this.router = router;
    this.call = call;
    this.recalled = recalled ?? recall(call);
    this.inTime = inTime;
    this.tell = tell;
    this.around = assumedInput;
  }

  ask(index: number, assumedInput: number): Asked | Promise<Asked> {
    return (this.asked[index] ??= askMember(this, this.router.members[index]!, assumedInput));
  }

  planNested(nested: Router, assumedInput: number): Plan | Promise<Plan> {
    const { call, inTime, recalled, tell } = this;
    return planCall(nested, call, { inTime, assumedInput, recalled, ...(tell && { tell }) });
  }
}

function askAll(asking: AskingAll, choice: Choice): Plan | Promise<Plan> {
  const { router, around } = asking;
  const { planner, members } = router;
  const assumed = Math.max(around, planner.assumedInput ?? 0);
  const answers: Asked[] = [];
  for (let index = 0; index < members.length; index++) {
    const answer = askAt(asking, choice, assumed, index);
    // One after another: what an estimator that takes its time found out, the next member's need not count again.
    if (answer instanceof Promise) {
      return askOn(answers, answer, (at) => askAt(asking, choice, assumed, at), members.length).then((all) =>
        planOf(asking, all, choice, assumed),
      );
    }
    answers.push(answer);
  }
  return planOf(asking, answers, choice, assumed);
}

function askAt(asking: AskingAll, { first }: Choice, assumed: number, index: number): Asked | Promise<Asked> {
  const { router, around, asked } = asking;
  const { eligible = router.members.length } = router.planner;
  const assumedHere = index === first || index >= eligible ? around : assumed;
  const early = asked[index];
  if (assumedHere === around || early === undefined) return asking.ask(index, assumedHere);
  // A learned limit that was in the way then does not count for what is assumed.
  return whenKnown(early, (known) => {
    if (known.ignoringLearnedLimit) delete asked[index];
    return asking.ask(index, assumedHere);
  });
}

async function askOn(
  answers: Asked[],
  pending: Promise<Asked>,
  askNext: (index: number) => Asked | Promise<Asked>,
  count: number,
): Promise<readonly Asked[]> {
  answers.push(await pending);
  while (answers.length < count) answers.push(await askNext(answers.length));
  return answers;
}
