import type { Candidate } from '../decision.ts';
import type { Call } from '../sdk/model.ts';
import type { Path } from '../sdk/stamp.ts';
import type { Carried } from '../tokens/call/carried.ts';
import { recall, recallMade, type Remembered } from '../tokens/call/recall.ts';
import { whenKnown } from '../tokens/when-known.ts';
import type { CheckContext, MemberCheck, MemberVerdict, SentCall } from './check-size.ts';
import { checkMember } from './check-member.ts';
import { isLeftOut, namedBy, namedInside, type Named } from './named.ts';
import type { Inside, InTime, Plan, Planning } from './plan.ts';
import { planOf } from './plan-of.ts';
import type { Choice, Member, MembersNow, Router } from './router.ts';

const noChoice: Choice = {};
const untimed = ({ abortSignal: signal }: Call): InTime => ({ signal, wait: (value) => value });

/** Plans a call: checks every member once. Draws nothing, and does no I/O except reading a session's store. */
export function planCall(router: Router, call: Call, planning: Planning = {}): Plan | Promise<Plan> {
  const checks = new MemberChecks(router, call, planning);
  const { inTime, recalled } = checks;
  const { planner } = router;
  if (!planner.choose) return planChosen(checks, noChoice);
  const choosing = planner.choose(call, recalled, checks, inTime);
  return whenKnown(inTime.wait(choosing), (choice = noChoice) => planChosen(checks, choice));
}

const planChosen = (checks: MemberChecks, choice: Choice): Plan | Promise<Plan> =>
  checks.kept ? withKept(checks, choice, checks.kept) : checkAll(checks, choice);

/** Goes on with the member that a primitive around this one keeps to, unless this one has chosen by itself. */
async function withKept(checks: MemberChecks, choice: Choice, kept: Path): Promise<Plan> {
  const { members, planner } = checks.router;
  const index = members.slice(0, planner.eligible).findIndex(({ id }) => id === kept[0]);
  if (index < 0) return checkAll(checks, choice);
  checks.keepInside(index, kept.slice(1));
  if (choice.first !== undefined || checks.isLeftOut(index)) return checkAll(checks, { ...choice, kept });
  // Of an alloy, all members fit or none does. One that the conversation has outgrown is not kept.
  const isOpen = planner.needs === 'every' || (await checks.inTime.wait(checks.fits(index))).fits;
  return checkAll(checks, isOpen ? { ...choice, kept, first: index, reason: 'sticky' } : choice);
}

/** Checks members for one call, each once. */
class MemberChecks implements CheckContext, MembersNow {
  readonly router: Router;
  readonly call: Call;
  readonly recalled: Remembered;
  readonly inTime: InTime;
  readonly nestedDecision: Planning['nestedDecision'];
  /** Input tokens that the primitives around this one plan for at least. */
  readonly outerAssumedInput: number;
  readonly verdicts: (MemberVerdict | Promise<MemberVerdict> | undefined)[] = [];
  readonly previous: Plan | undefined;
  prepared: Map<Member, SentCall> | undefined;
  carried: Carried | undefined;
  readonly named: Named | undefined;
  /** What a primitive around this one keeps to; one that keeps its own choices goes by those. */
  readonly kept: Path | undefined;
  inside: Inside | undefined;
  /** Plans of nested primitives that the planner asked for, should they be planned again. */
  asked: Map<Member, Plan> | undefined;

  constructor(
    router: Router,
    call: Call,
    { inTime = untimed(call), assumedInput = 0, recalled, previous, named, kept, nestedDecision }: Planning,
  ) {
    this.router = router;
    this.call = call;
    const known = recalled ?? previous?.recalled;
    this.recalled = known ?? recall(call);
    this.inTime = inTime;
    this.nestedDecision = nestedDecision;
    this.previous = previous;
    this.outerAssumedInput = assumedInput;
    this.named = named ?? (known ? undefined : namedBy(call, router));
    this.kept = router.planner.keeps ? undefined : kept;
  }

  isLeftOut(index: number): boolean {
    return this.named !== undefined && isLeftOut(this.named, this.router, this.router.members[index]!);
  }

  // A choice for this call, such as a rule's, goes by its real size, not by the size that is assumed of conversations.
  async fits(index: number, inside: Path = []): Promise<Pick<Candidate, 'fits' | 'skipped'>> {
    this.keepInside(index, inside);
    const { candidate, plan } = await this.verdictOf(index, this.outerAssumedInput, false);
    if (plan) (this.asked ??= new Map()).set(this.router.members[index]!, plan);
    return candidate;
  }

  keepInside(index: number, path: Path): void {
    if (path.length === 0 || this.inside?.path === path) return;
    this.inside = { member: this.router.members[index]!, path };
    delete this.verdicts[index]; // a rule may have asked about it without the path
  }

  verdictOf(index: number, assumedInput: number, isOut: boolean): MemberVerdict | Promise<MemberVerdict> {
    return (this.verdicts[index] ??= checkMember(this, this.router.members[index]!, assumedInput, isOut));
  }

  sentTo(member: Member): SentCall | Promise<SentCall> {
    const known = this.prepared?.get(member) ?? this.previous?.prepared?.get(member);
    const making = known ? known.call : member.prepare!(this.call);
    return whenKnown(this.inTime.wait(making), (call) => {
      const sent = known ?? { call, recalled: recallMade(call, this.recalled) };
      (this.prepared ??= new Map()).set(member, sent);
      return sent;
    });
  }

  planNested(nested: Router, { sent, member, assumedInput }: MemberCheck): Plan | Promise<Plan> {
    const { inTime, nestedDecision, named, inside } = this;
    const previous = this.asked?.get(member) ?? this.previous?.nested?.get(member);
    // A call stays with the primitive that it was planned for, also if a stand-in stands for another one by now.
    return planCall(previous?.router ?? nested, sent.call, {
      inTime,
      assumedInput,
      recalled: sent.recalled,
      previous,
      named: named && namedInside(named, member),
      kept: inside?.member === member ? inside.path : undefined,
      ...(nestedDecision && { nestedDecision }),
    });
  }
}

function checkAll(checks: MemberChecks, choice: Choice): Plan | Promise<Plan> {
  const { router, outerAssumedInput } = checks;
  if (choice.inside) checks.keepInside(choice.first!, choice.inside);
  const assumed = Math.max(outerAssumedInput, router.planner.assumedInput ?? 0);
  return checkRemaining(checks, choice, assumed, []);
}

/** Checks the members that have no verdict yet, and makes the plan. */
function checkRemaining(
  checks: MemberChecks,
  choice: Choice,
  assumed: number,
  verdicts: MemberVerdict[],
): Plan | Promise<Plan> {
  const { length } = checks.router.members;
  while (verdicts.length < length) {
    const verdict = checkAt(checks, choice, assumed, verdicts.length);
    // One after another: what a slow estimator has counted, the next member need not count again.
    if (verdict instanceof Promise)
      return verdict.then((known) => checkRemaining(checks, choice, assumed, [...verdicts, known]));
    verdicts.push(verdict);
  }
  return planOf(checks, verdicts, choice, assumed);
}

function checkAt(
  checks: MemberChecks,
  { first, tooLarge }: Choice,
  assumed: number,
  index: number,
): MemberVerdict | Promise<MemberVerdict> {
  const { router, outerAssumedInput, verdicts } = checks;
  const { eligible = router.members.length } = router.planner;
  const isByRule = index >= eligible;
  const isOut = isByRule && index !== first && !tooLarge?.has(index);
  const assumedHere = index === first || isByRule ? outerAssumedInput : assumed;
  const early = verdicts[index];
  if (assumedHere === outerAssumedInput || early === undefined)
    return checks.verdictOf(index, assumedHere, isOut);
  // If that verdict was about a learned limit, check again with the assumed size.
  return whenKnown(early, (known) => {
    if (known.ignoringLearnedLimit) delete verdicts[index];
    return checks.verdictOf(index, assumedHere, isOut);
  });
}
