import type { Candidate, Decision } from '../decision.ts';
import type { Call } from '../spec/model.ts';
import { recall, type Remembered } from '../tokens/call/recall.ts';
import { askMember, type Asked, type Asking } from './ask-member.ts';
import { callSizes, type CallSizes } from './call-sizes.ts';
import type { Choice, Member, Router } from './router.ts';
import { notChosen } from './verdict.ts';
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
  const { planner, members } = router;
  const { inTime = atOnce, assumedInput: around = 0, recalled = recall(call), tell } = planning;
  const asking: Asking = {
    router,
    call,
    recalled,
    inTime,
    tell,
    planNested: (nested, assumedInput) =>
      planCall(nested, call, { inTime, assumedInput, recalled, ...(tell && { tell }) }),
  };
  const asked: (Asked | Promise<Asked>)[] = [];
  const ask = (index: number, assumedInput: number): Asked | Promise<Asked> =>
    (asked[index] ??= askMember(asking, members[index]!, assumedInput));
  const all = { asking, around, asked, ask };
  if (!planner.choose) return askAll(all, noChoice);
  // What is assumed of conversations is no concern of a choice for this one, such as a rule's.
  const fitsNow = async (index: number): Promise<boolean> => (await ask(index, around)).candidate.fits;
  const choosing = planner.choose(call, asking.recalled, fitsNow);
  const settled = choosing instanceof Promise ? Promise.resolve(inTime(choosing)) : choosing;
  return whenKnown(settled, (choice = noChoice) => askAll(all, choice));
}

interface AskingAll {
  readonly asking: Asking;
  readonly around: number;
  readonly asked: (Asked | Promise<Asked>)[];
  ask(index: number, assumedInput: number): Asked | Promise<Asked>;
}

function askAll({ asking, around, asked, ask }: AskingAll, choice: Choice): Plan | Promise<Plan> {
  const { members, planner } = asking.router;
  const { eligible = members.length } = planner;
  const assumed = Math.max(around, planner.assumedInput ?? 0);
  const askAt = (index: number): Asked | Promise<Asked> => {
    const assumedHere = index === choice.first || index >= eligible ? around : assumed;
    const early = asked[index];
    if (assumedHere === around || early === undefined) return ask(index, assumedHere);
    // A learned limit that was in the way then does not count for what is assumed.
    return whenKnown(early, (known) => {
      if (known.ignoringLearnedLimit) delete asked[index];
      return ask(index, assumedHere);
    });
  };
  const planned = (answers: readonly Asked[]): Plan => planOf(asking, answers, choice, { around, assumed });
  const answers: Asked[] = [];
  for (let index = 0; index < members.length; index++) {
    const answer = askAt(index);
    // One after another: what an estimator that takes its time found out, the next member's need not count again.
    if (answer instanceof Promise) return askOn(answers, answer, askAt, members.length).then(planned);
    answers.push(answer);
  }
  return planned(answers);
}

async function askOn(
  answers: Asked[],
  pending: Promise<Asked>,
  askAt: (index: number) => Asked | Promise<Asked>,
  count: number,
): Promise<readonly Asked[]> {
  answers.push(await pending);
  while (answers.length < count) answers.push(await askAt(answers.length));
  return answers;
}

function planOf(
  { router, recalled }: Asking,
  asked: readonly Asked[],
  choice: Choice,
  { around, assumed }: { readonly around: number; readonly assumed: number },
): Plan {
  const { id, members, planner } = router;
  const { needs, eligible = members.length } = planner;
  const { first, mayEscalate = true, tooLarge, reason = planner.reason, ...chosen } = choice;
  const candidates = asked.map(({ candidate }) => candidate);
  const among = [...candidates.keys()].filter((index) => index < eligible || index === first);
  const nested = plansIn(members, asked);
  const mayHold = (index: number): boolean =>
    candidates[index]!.fits || asked[index]!.ignoringLearnedLimit !== undefined;
  const isChosen = first !== undefined && needs === 'some';
  const fits = isChosen ? mayHold(first) : among.length > 0 && among[needs](mayHold);
  setLearnedLimitsAside(asked, candidates, among, choice, needs);
  for (let index = eligible; index < members.length; index++) {
    // They are this plan's own; copying them to add a property takes longer than all the rest.
    if (index !== first)
      Object.assign(candidates[index]!, notChosen(candidates[index]!, tooLarge?.get(index)));
  }
  const fitting = among.filter((index) => candidates[index]!.fits);
  const lastResort = among.filter((index) => mayHold(index) && !candidates[index]!.fits);
  return {
    fits,
    isUnmatched: among.length === 0 && tooLarge === undefined,
    fitting: fitting.map((index) => members[index]!),
    first: first === undefined ? undefined : members[first],
    lastResort: lastResort.map((index) => members[index]!),
    mayEscalate,
    nested,
    assumedForFirst: around,
    assumedForOthers: assumed,
    sizes: callSizes(router, nested, choice),
    recalled,
    decision: { id, kind: planner.kind, candidates, reason, ...chosen },
  };
}

function plansIn(members: readonly Member[], asked: readonly Asked[]): ReadonlyMap<Member, Plan> | undefined {
  let plans: Map<Member, Plan> | undefined;
  asked.forEach(({ plan }, index) => {
    if (plan) (plans ??= new Map()).set(members[index]!, plan);
  });
  return plans;
}

/**
 * A provider's word from an earlier call may be wrong, or of another call's kind: it is no reason to refuse, nor for an
 * alloy to choose. Then the candidates are what they are without it.
 */
function setLearnedLimitsAside(
  asked: readonly Asked[],
  candidates: Candidate[],
  among: readonly number[],
  { first }: Choice,
  needs: 'every' | 'some',
): void {
  if (!asked.some(({ ignoringLearnedLimit }) => ignoringLearnedLimit)) return;
  const areIgnored = needs === 'every' || !among.some((index) => candidates[index]!.fits);
  asked.forEach(({ ignoringLearnedLimit }, index) => {
    if (ignoringLearnedLimit && (areIgnored || index === first)) candidates[index] = ignoringLearnedLimit;
  });
}
