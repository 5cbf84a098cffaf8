import type { Candidate, Decision } from '../decision.ts';
import { InvalidConfigurationError } from '../errors.ts';
import type { Call } from '../spec/model.ts';
import { checkFit, isSized, type Verdict } from '../tokens/fit.ts';
import { recall, type Remembered } from '../tokens/call/recall.ts';
import { sizeOf, type Member, type Router } from './router.ts';

/** Who can serve a request. */
export interface Plan {
  /** Whether the primitive can hold it. */
  readonly fits: boolean;
  /** The members that can, as declared. */
  readonly fitting: readonly Member[];
  /** Whether no rule matched, and there is nobody for what none matches. */
  readonly isUnmatched: boolean;
  /** The one of them that a rule chose. */
  readonly first?: Member | undefined;
  /** Those beside them that only a learned ceiling stands in the way of. */
  readonly held: readonly Member[];
  /** Whether a provider's own "too long" may lead on to a larger member. */
  readonly grows: boolean;
  /** Input tokens that nested primitives are to plan for at least. */
  readonly assumedInput: number;
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

/** Asks every member whether it can hold the call. No draw, and no I/O but a session's store, where there is one. */
export async function planCall(router: Router, call: Call, planning: Planning = {}): Promise<Plan> {
  const { id, members, planner } = router;
  const { kind, reason, needs, choose, eligible = members.length } = planner;
  const { inTime = (promise) => promise, assumedInput: around = 0, tell } = planning;
  const recalled = recall(call);
  const assumed = Math.max(around, planner.assumedInput ?? 0);
  // What is assumed of a conversation is no concern of a choice for this one call, such as a rule's.
  let assumedInput = choose ? around : assumed;
  let asked = await askMembers({ router, call, recalled, inTime, assumedInput, tell });
  const { first, grows, ...chosen } =
    (choose && (await inTime(Promise.resolve(choose(call, asked.candidates, recalled))))) ?? {};
  if (first === undefined && assumed > assumedInput) {
    assumedInput = assumed;
    asked = await askMembers({ router, call, recalled, inTime, assumedInput, tell });
  }
  const { candidates, held } = asked;
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
    if (index !== first) Object.assign(candidates[index]!, { skipped: 'not-chosen' });
  }
  const of = (indices: readonly number[]): Member[] => indices.map((index) => members[index]!);
  const fitting = of(among.filter((index) => candidates[index]!.fits));
  const behind = of(among.filter((index) => !candidates[index]!.fits && held?.has(index)));
  return {
    fits,
    isUnmatched: among.length === 0,
    fitting,
    first: first === undefined ? undefined : members[first],
    held: behind,
    recalled,
    grows: grows !== false,
    assumedInput,
    decision: { id, kind, candidates, reason, ...chosen },
  };
}

interface Asked {
  readonly candidates: Candidate[];
  /** Candidates that only a learned ceiling stands in the way of, as they are without it. */
  readonly held: ReadonlyMap<number, Candidate> | undefined;
}

interface Asking {
  readonly router: Router;
  readonly call: Call;
  readonly recalled: Remembered;
  readonly inTime: InTime;
  readonly assumedInput: number;
  readonly tell: Planning['tell'];
}

async function askMembers(asking: Asking): Promise<Asked> {
  const { router } = asking;
  const { members, planner } = router;
  const { ceiling: cap = Infinity } = planner;
  const candidates: Candidate[] = [];
  let held: Map<number, Candidate> | undefined;
  for (const member of members) {
    const declared = Math.min(member.limits.declared.ceiling ?? Infinity, cap);
    const learned = member.learned.current();
    const candidateBelow = (lowest: number): Candidate | Promise<Candidate> => {
      const ceiling = lowest === Infinity ? null : lowest;
      const complete = (verdict: Answer): Candidate => ({
        id: member.id,
        model: member.model,
        ...member.limits.declared,
        ceiling,
        ...verdict,
        ...(learned < declared && { learnedCeiling: learned }),
        ...(!verdict.fits && { skipped: 'too-large' }),
        ...planner.describe?.(member),
      });
      const verdict = ask({ asking, member, ceiling });
      // Awaiting only what is a promise keeps the usual, synchronous count off the microtask queue.
      return verdict instanceof Promise ? verdict.then(complete) : complete(verdict);
    };
    const found = candidateBelow(Math.min(learned, declared));
    const candidate = found instanceof Promise ? await found : found;
    candidates.push(candidate);
    if (candidate.fits || learned >= declared) continue;
    const without = await candidateBelow(declared);
    if (without.fits) (held ??= new Map()).set(candidates.length - 1, without);
  }
  return { candidates, held };
}

type Answer = Verdict & Partial<Candidate>;

interface Question {
  readonly asking: Asking;
  readonly member: Member;
  readonly ceiling: number | null;
}

function ask(question: Question): Answer | Promise<Answer> {
  const { asking, member, ceiling } = question;
  const { router, call, recalled, inTime } = asking;
  const nested = resolvedRouter(router, member);
  if (nested) return askNested(question, nested);
  const verdict = checkFit(member.limits, call, ceiling, recalled);
  if (verdict instanceof Promise) {
    return Promise.resolve(inTime(verdict)).then((settled) => assuming(question, settled));
  }
  return assuming(question, verdict);
}

/** The verdict on a conversation that comes to what is assumed of it. */
function assuming({ asking, member, ceiling }: Question, verdict: Verdict): Verdict {
  const { fits, demand } = verdict;
  const { assumedInput } = asking;
  if (demand.input >= assumedInput) return verdict;
  const { maxInputTokens = Infinity } = member.limits.declared;
  const room = Math.min((ceiling ?? Infinity) - demand.output, maxInputTokens);
  const { output, estimator } = demand;
  return {
    fits: fits && assumedInput <= room,
    demand: { input: assumedInput, output, estimator, basis: 'assumed' },
  };
}

/** A nested primitive is asked, not measured; a window declared beside it is checked as well. */
async function askNested(question: Question, nested: Router): Promise<Answer> {
  const { asking, member, ceiling } = question;
  const { call, recalled, inTime, assumedInput, tell } = asking;
  const plan = await planCall(nested, call, { inTime, assumedInput, ...(tell && { tell }) });
  const { fits } = plan;
  const size = sizeOf(member);
  const { demand } = deciding(nested, plan);
  const own = ceiling ?? (size === Infinity ? null : size);
  const decision = tell ? await tell(nested, plan) : plan.decision;
  const declared =
    fits &&
    (ceiling !== null || isSized(member.limits)) &&
    assuming(question, await checkFit(member.limits, call, ceiling, recalled));
  return { fits, demand, ceiling: own, decision, ...declared };
}

const room = ({ ceiling, demand }: Candidate): number => (ceiling ?? Infinity) - demand.input - demand.output;

/**
 * Whose demand stands for the whole: that of the one that was chosen; an alloy's tightest constituent's; else the
 * first one's that fits, or the roomiest's.
 */
function deciding({ members, planner }: Router, { fits, first, decision }: Plan): Candidate {
  const { candidates } = decision;
  if (first && planner.needs === 'some') return candidates[members.indexOf(first)]!;
  const able = candidates.filter(({ skipped }) => skipped !== 'not-chosen');
  const tightestFirst = (able.length > 0 ? able : candidates).toSorted((a, b) => room(a) - room(b));
  if (planner.needs === 'every') return tightestFirst[0]!;
  return fits ? able.find((candidate) => candidate.fits)! : tightestFirst.at(-1)!;
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
