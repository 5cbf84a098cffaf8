import type { Candidate, Decision, Demand } from '../decision.ts';
import { InvalidConfigurationError } from '../errors/errors.ts';
import type { Call } from '../sdk/model.ts';
import { checkFit, isSized, type Verdict } from '../tokens/fit.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import type { InTime, Plan, Planning } from './plan.ts';
import { sizeOf, type Member, type Router } from './router.ts';
import { assuming, deciding, leadsNowhere } from './verdict.ts';
import { whenKnown } from '../tokens/when-known.ts';

/** What a member says of a call. */
export interface Asked {
  readonly candidate: Candidate;
  /** That of a nested primitive. */
  readonly plan?: Plan | undefined;
  /** The candidate as it is without the learned limit, if that alone stands in its way. */
  readonly ignoringLearnedLimit?: Candidate;
}

export interface Asking {
  readonly router: Router;
  readonly call: Call;
  readonly recalled: Remembered;
  readonly inTime: InTime;
  readonly tell: Planning['tell'];
  planNested(nested: Router, assumedInput: number): Plan | Promise<Plan>;
}

/** @param assumedInput input tokens to plan for at least */
export function askMember(asking: Asking, member: Member, assumedInput: number): Asked | Promise<Asked> {
  const { ceiling } = member.limits.declared;
  const declared = Math.min(ceiling ?? Infinity, asking.router.planner.ceiling ?? Infinity);
  const learned = member.learned.current();
  if (learned >= declared) return askBelow({ asking, member, ceiling: declared, assumedInput });
  return whenKnown(askBelow({ asking, member, ceiling: learned, assumedInput }), (asked) => {
    Object.assign(asked.candidate, { learnedCeiling: learned });
    if (asked.candidate.fits) return asked;
    return whenKnown(askBelow({ asking, member, ceiling: declared, assumedInput }), ({ candidate }) =>
      candidate.fits
        ? { ...asked, ignoringLearnedLimit: Object.assign(candidate, { learnedCeiling: learned }) }
        : asked,
    );
  });
}

interface Question {
  readonly asking: Asking;
  readonly member: Member;
  /** Infinity for none. */
  readonly ceiling: number;
  readonly assumedInput: number;
}

function askBelow(question: Question): Asked | Promise<Asked> {
  const nested = resolvedRouter(question.asking.router, question.member);
  if (nested) return askNested(question, nested);
  const verdict = askPlain(question);
  return verdict instanceof Promise
    ? verdict.then((known) => plainAsked(question, known))
    : plainAsked(question, verdict);
}

const plainAsked = (question: Question, { fits, demand }: Verdict): Asked => {
  return { candidate: candidateOf(question, fits, demand), plan: undefined };
};

function candidateOf({ asking, member, ceiling }: Question, fits: boolean, demand: Demand): Candidate {
  const candidate: { -readonly [Name in keyof Candidate]: Candidate[Name] } = {
    id: member.id,
    model: member.model,
    ceiling: orNull(ceiling),
    fits,
    demand,
  };
  const { maxInputTokens, maxOutputTokens } = member.limits.declared;
  if (maxInputTokens !== undefined) candidate.maxInputTokens = maxInputTokens;
  if (maxOutputTokens !== undefined) candidate.maxOutputTokens = maxOutputTokens;
  if (!fits) candidate.skipped = 'too-large';
  const { planner } = asking.router;
  return planner.describe ? Object.assign(candidate, planner.describe(member)) : candidate;
}

const orNull = (ceiling: number): number | null => (ceiling === Infinity ? null : ceiling);

function askPlain({ asking, member, ceiling, assumedInput }: Question): Verdict | Promise<Verdict> {
  const { call, recalled, inTime } = asking;
  const verdict = checkFit(member.limits, call, orNull(ceiling), recalled);
  if (!(verdict instanceof Promise)) return assumed(verdict, member, ceiling, assumedInput);
  return Promise.resolve(inTime(verdict)).then((known) => assumed(known, member, ceiling, assumedInput));
}

function assumed(verdict: Verdict, { limits }: Member, ceiling: number, assumedInput: number): Verdict {
  if (verdict.demand.input >= assumedInput) return verdict;
  const { maxInputTokens } = limits.declared;
  return assuming(verdict, assumedInput, { ceiling: orNull(ceiling), maxInputTokens });
}

/** A nested primitive is asked, not measured; a window declared beside it is checked as well. */
function askNested(question: Question, nested: Router): Asked | Promise<Asked> {
  const { asking, member, ceiling, assumedInput } = question;
  return whenKnown(asking.planNested(nested, assumedInput), (plan) => {
    const isSizedHere = ceiling < Infinity || isSized(member.limits);
    const beside = plan.fits && isSizedHere ? askPlain(question) : undefined;
    const decision = asking.tell ? asking.tell(nested, plan) : plan.decision;
    return whenKnown(decision, (told) =>
      whenKnown(beside, (verdict) => nestedAsked(question, nested, plan, told, verdict)),
    );
  });
}

function nestedAsked(
  question: Question,
  nested: Router,
  plan: Plan,
  decision: Decision,
  beside: Verdict | undefined,
): Asked {
  const { ceiling, member } = question;
  const { fits, first } = plan;
  const { needs } = nested.planner;
  const { candidates } = plan.decision;
  const isChosen = first !== undefined && needs === 'some';
  const { demand } = isChosen
    ? candidates[nested.members.indexOf(first)]!
    : deciding(needs, candidates, fits);
  const own = Math.min(ceiling, isChosen ? plan.sizes.sizeOf(first) : sizeOf(member));
  const candidate = candidateOf(
    { ...question, ceiling: own },
    beside?.fits ?? fits,
    beside?.demand ?? demand,
  );
  if (leadsNowhere(needs, candidates)) Object.assign(candidate, { skipped: 'not-chosen' });
  return { plan, candidate: Object.assign(candidate, { decision }) };
}

/** An id that doesn't resolve fails when its member is tried; only a wrong composition ends the call here. */
function resolvedRouter(holder: Router, member: Member): Router | undefined {
  if (member.resolved) return member.resolved.router;
  try {
    return member.resolve(holder).router;
  } catch (error) {
    if (InvalidConfigurationError.isInstance(error)) throw error;
    return undefined;
  }
}
