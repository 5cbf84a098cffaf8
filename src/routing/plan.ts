import type { Candidate, Decision } from '../decision.ts';
import { InvalidConfigurationError } from '../errors.ts';
import type { Call } from '../spec/model.ts';
import { checkFit, isSized, type Verdict } from '../tokens/fit.ts';
import { recall, type Remembered } from '../tokens/call/recall.ts';
import { callSizes, type CallSizes } from './call-sizes.ts';
import { sizeOf, type Choice, type Member, type Router } from './router.ts';
import { assuming, deciding, leadsNowhere, notChosen } from './verdict.ts';
import { whenKnown } from '../tokens/when-known.ts';

/** Who can serve a request. */
export interface Plan {
  /** Whether the primitive can hold it. */
  readonly fits: boolean;
  /** The members that can, as declared. */
  readonly fitting: readonly Member[];
  /** Whether no rule matched, and there is nobody for what none matches. */
  readonly isUnmatched: boolean;
  /** The one that a rule, or the conversation so far, chose. */
  readonly first?: Member | undefined;
  /** Those beside them that only a learned ceiling stands in the way of. */
  readonly held: readonly Member[];
  /** Whether the own "too long" of the one that was chosen may lead on to a larger member. */
  readonly grows: boolean;
  /** Input tokens that a nested primitive is to plan for at least. */
  assumedFor(member: Member): number;
  readonly sizes: CallSizes;
  /** What is known of the call as it was then. */
  readonly recalled: Remembered;
  /** The decision as far as it goes without a draw and without calls. */
  readonly decision: Decision;
}

/** Awaits an estimator that takes its time, as long as there is time. */
export type InTime = <Value>(promise: Promise<Value>) => PromiseLike<Value>;

/** What a plan is made for. */
export interface Planning {
  readonly inTime?: InTime;
  /** Input tokens that the primitives around this one plan for at least. @default 0 */
  readonly assumedInput?: number;
  /** Makes what a nested primitive's plan says of it: for a dry run, more than a call has to know. */
  readonly tell?: (router: Router, plan: Plan) => Promise<Decision>;
}

/** Asks every member, once, whether it can hold the call. No draw, and no I/O but a session's store, where there is one. */
export async function planCall(router: Router, call: Call, planning: Planning = {}): Promise<Plan> {
  const { id, members, planner } = router;
  const { kind, reason, needs, choose, eligible = members.length } = planner;
  const { inTime = (promise) => promise, assumedInput: around = 0, tell } = planning;
  const recalled = recall(call);
  const assumed = Math.max(around, planner.assumedInput ?? 0);
  const asking = { router, call, recalled, inTime, tell };
  const asked: (Asked | Promise<Asked>)[] = [];
  const askAt = (index: number, assumedInput: number): Asked | Promise<Asked> =>
    (asked[index] ??= askMember(asking, members[index]!, assumedInput));
  // What is assumed of conversations is no concern of a choice for this one, such as a rule's.
  const fitsNow = async (index: number): Promise<boolean> => (await askAt(index, around)).candidate.fits;
  const choice = choose && (await inTime(Promise.resolve(choose(call, recalled, fitsNow))));
  const { first, grows, tooLarge, ...chosen } = choice ?? {};
  const candidates: Candidate[] = [];
  /** Candidates that only a learned ceiling stands in the way of, as they are without it. */
  let held: Map<number, Candidate> | undefined;
  let sizes: Map<Member, CallSizes> | undefined;
  for (const index of members.keys()) {
    const assumedHere = index === first || index >= eligible ? around : assumed;
    const early = asked[index];
    // A learned ceiling that was in the way then is no word on what is assumed.
    if (assumedHere > around && early && (await early).without) delete asked[index];
    const found = askAt(index, assumedHere);
    const { candidate, without, plan } = found instanceof Promise ? await found : found;
    candidates.push(candidate);
    if (without) (held ??= new Map()).set(index, without);
    if (plan) (sizes ??= new Map()).set(members[index]!, plan.sizes);
  }
  const mayHold = (index: number): boolean => candidates[index]!.fits || held?.has(index) === true;
  const among = [...members.keys()].filter((index) => index < eligible || index === first);
  const isOne = first !== undefined && needs === 'some';
  const fits = isOne ? mayHold(first) : among.length > 0 && among[needs](mayHold);
  // A provider's word from an earlier call may be wrong, or of another call's kind: it is no reason to refuse, nor
  // for an alloy to choose.
  const isNoReason = needs === 'every' || !among.some((index) => candidates[index]!.fits);
  held?.forEach((each, index) => {
    if (isNoReason || index === first) candidates[index] = each;
  });
  for (let index = eligible; index < members.length; index++) {
    // They are this plan's own; copying them to add a property takes longer than all the rest.
    if (index !== first)
      Object.assign(candidates[index]!, notChosen(candidates[index]!, tooLarge?.get(index)));
  }
  const of = (indices: readonly number[]): Member[] => indices.map((index) => members[index]!);
  const fitting = of(among.filter((index) => candidates[index]!.fits));
  const behind = of(among.filter((index) => !candidates[index]!.fits && held?.has(index)));
  const firstMember = first === undefined ? undefined : members[first];
  return {
    fits,
    isUnmatched: among.length === 0 && tooLarge === undefined,
    fitting,
    first: firstMember,
    held: behind,
    recalled,
    grows: grows !== false,
    assumedFor: (member) => (member === firstMember ? around : assumed),
    sizes: callSizes(router, sizes, choice ?? noChoice),
    decision: { id, kind, candidates, reason, ...chosen },
  };
}

const noChoice: Choice = {};

interface Asked {
  readonly candidate: Candidate;
  /** That of a nested primitive. */
  readonly plan?: Plan | undefined;
  /** As it is without the learned ceiling, if that alone stands in its way. */
  readonly without?: Candidate;
}

interface Asking {
  readonly router: Router;
  readonly call: Call;
  readonly recalled: Remembered;
  readonly inTime: InTime;
  readonly tell: Planning['tell'];
}

function askMember(asking: Asking, member: Member, assumedInput: number): Asked | Promise<Asked> {
  const { planner } = asking.router;
  const declared = Math.min(member.limits.declared.ceiling ?? Infinity, planner.ceiling ?? Infinity);
  const learned = member.learned.current();
  const askBelow = (lowest: number): Asked | Promise<Asked> => {
    const ceiling = lowest === Infinity ? null : lowest;
    return whenKnown(ask({ asking, member, ceiling, assumedInput }), ({ answer, plan }) => ({
      plan,
      candidate: {
        id: member.id,
        model: member.model,
        ...member.limits.declared,
        ceiling,
        ...(!answer.fits && { skipped: 'too-large' }),
        ...answer,
        ...(learned < declared && { learnedCeiling: learned }),
        ...planner.describe?.(member),
      },
    }));
  };
  return whenKnown(askBelow(Math.min(learned, declared)), (asked) => {
    if (asked.candidate.fits || learned >= declared) return asked;
    return whenKnown(askBelow(declared), ({ candidate: without }) =>
      without.fits ? { ...asked, without } : asked,
    );
  });
}

interface Question {
  readonly asking: Asking;
  readonly member: Member;
  readonly ceiling: number | null;
  readonly assumedInput: number;
}

interface Answered {
  readonly answer: Verdict & Partial<Candidate>;
  readonly plan?: Plan;
}

function ask(question: Question): Answered | Promise<Answered> {
  const nested = resolvedRouter(question.asking.router, question.member);
  if (nested) return askNested(question, nested);
  const answer = askPlain(question);
  return answer instanceof Promise ? answer.then((known) => ({ answer: known })) : { answer };
}

function askPlain({ asking, member, ceiling, assumedInput }: Question): Verdict | Promise<Verdict> {
  const { call, recalled, inTime } = asking;
  const verdict = checkFit(member.limits, call, ceiling, recalled);
  const settled = verdict instanceof Promise ? Promise.resolve(inTime(verdict)) : verdict;
  return whenKnown(settled, (known) => {
    if (known.demand.input >= assumedInput) return known;
    const { maxInputTokens } = member.limits.declared;
    return assuming(known, assumedInput, { ceiling, maxInputTokens });
  });
}

/** A nested primitive is asked, not measured; a window declared beside it is checked as well. */
async function askNested(question: Question, nested: Router): Promise<Answered> {
  const { asking, member, ceiling, assumedInput } = question;
  const { call, inTime, tell } = asking;
  const plan = await planCall(nested, call, { inTime, assumedInput, ...(tell && { tell }) });
  const decision = tell ? await tell(nested, plan) : plan.decision;
  const { fits, first } = plan;
  const { candidates } = plan.decision;
  const isChosen = first !== undefined && nested.planner.needs === 'some';
  const { demand } = isChosen
    ? candidates[nested.members.indexOf(first)]!
    : deciding(nested.planner.needs, candidates, fits);
  const own = Math.min(ceiling ?? Infinity, isChosen ? plan.sizes.sizeOf(first) : sizeOf(member));
  const declared = fits && (ceiling !== null || isSized(member.limits)) && (await askPlain(question));
  const answer = {
    fits,
    demand,
    ceiling: own === Infinity ? null : own,
    ...(leadsNowhere(nested.planner.needs, candidates) && { skipped: 'not-chosen' as const }),
    decision,
    ...declared,
  };
  return { answer, plan };
}

/** An id that doesn't resolve fails when its member is tried; only a wrong composition ends the call here. */
function resolvedRouter(holder: Router, member: Member): Router | undefined {
  try {
    return member.resolve(holder).router;
  } catch (error) {
    if (InvalidConfigurationError.isInstance(error)) throw error;
    return undefined;
  }
}
