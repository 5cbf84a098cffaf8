import type { Candidate, Decision } from '../decision.ts';
import { check, InvalidConfigurationError } from '../errors.ts';
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
  /** What is known of the call as it was then. */
  readonly recalled: Remembered;
  /** The decision as far as it goes without a draw and without calls. */
  readonly decision: Decision;
}

// A string id that leads back to its holder through a wrapped model is a plain model to whoever resolves it, and
// would go round for ever. An honest call is planned once per primitive in it, and again at each level.
const mostPlans = 20_000;
const loopRemedy = 'a string id in it leads back to it through a wrapped model: break the loop';

/** Awaits an estimator that takes its time, as long as there is time. */
export type InTime = <Value>(promise: Promise<Value>) => PromiseLike<Value>;

/** Asks every member whether it can hold the call. No draw, and no I/O but a session's store, where there is one. */
export async function planCall(
  router: Router,
  call: Call,
  inTime: InTime = (promise) => promise,
  assumedAround = 0,
): Promise<Plan> {
  const { id, members, planner } = router;
  const assumed = Math.max(assumedAround, planner.assumedInput ?? 0);
  const { kind, reason, ceiling: cap = Infinity, needs } = planner;
  const candidates: Candidate[] = [];
  /** Candidates that only a learned ceiling stands in the way of, as they are without it. */
  let held: Map<number, Candidate> | undefined;
  const recalled = recall(call);
  check(recalled.plans++ < mostPlans, `${kind} "${id}"`, 'in a loop', loopRemedy);
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
      const verdict = ask({ router, member, call, ceiling, recalled, inTime, assumed });
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
  const choice =
    planner.choose && (await inTime(Promise.resolve(planner.choose(call, candidates, recalled))));
  const { eligible = members.length } = planner;
  const { first, ...chosen } = choice ?? {};
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
    decision: { id, kind, candidates, reason, ...chosen },
  };
}

type Answer = Verdict & Partial<Candidate>;

interface Question {
  readonly router: Router;
  readonly member: Member;
  readonly call: Call;
  readonly ceiling: number | null;
  readonly recalled: Remembered;
  readonly inTime: InTime;
  readonly assumed: number;
}

function ask(question: Question): Answer | Promise<Answer> {
  const { router, member, call, ceiling, recalled, inTime } = question;
  const nested = resolvedRouter(router, member);
  if (nested) return askNested(question, nested);
  const verdict = checkFit(member.limits, call, ceiling, recalled);
  if (verdict instanceof Promise) {
    return Promise.resolve(inTime(verdict)).then((settled) => assuming(question, settled));
  }
  return assuming(question, verdict);
}

/** The verdict on a conversation that comes to what is assumed of it. */
function assuming({ member, ceiling, assumed }: Question, { fits, demand }: Verdict): Verdict {
  if (demand.input >= assumed) return { fits, demand };
  const { maxInputTokens = Infinity } = member.limits.declared;
  const room = Math.min((ceiling ?? Infinity) - demand.output, maxInputTokens);
  return { fits: fits && assumed <= room, demand: { ...demand, input: assumed } };
}

/** A nested primitive is asked, not measured; a window declared beside it is checked as well. */
async function askNested(question: Question, nested: Router): Promise<Answer> {
  const { member, call, ceiling, inTime, assumed } = question;
  const { fits, decision } = await planCall(nested, call, inTime, assumed);
  const size = sizeOf(member);
  const { demand } = deciding(nested, decision.candidates, fits);
  const own = ceiling ?? (size === Infinity ? null : size);
  const declared =
    fits && (ceiling !== null || isSized(member.limits)) && (await checkFit(member.limits, call, ceiling));
  return { fits, demand, ceiling: own, decision, ...declared };
}

const room = ({ ceiling, demand }: Candidate): number => (ceiling ?? Infinity) - demand.input - demand.output;

/** Whose demand stands for the whole: an alloy's tightest constituent's; else the first one's that fits, or the roomiest's. */
function deciding({ planner }: Router, candidates: readonly Candidate[], fits: boolean): Candidate {
  const tightestFirst = candidates.toSorted((a, b) => room(a) - room(b));
  if (planner.needs === 'every') return tightestFirst[0]!;
  return fits ? candidates.find((candidate) => candidate.fits)! : tightestFirst.at(-1)!;
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
