import type { Candidate, Decision, Demand } from '../decision.ts';
import { InvalidConfigurationError } from '../errors.ts';
import type { Call } from '../spec/model.ts';
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

export function askMember(asking: Asking, member: Member, assumedInput: number): Asked | Promise<Asked> {
  const declared = Math.min(
    member.limits.declared.ceiling ?? Infinity,
    asking.router.planner.ceiling ?? Infinity,
  );
  const learned = member.learned.current();
  const lowest = Math.min(learned, declared);
  return whenKnown(askBelow(asking, member, lowest, assumedInput), (asked) => {
    if (learned >= declared) return asked;
    Object.assign(asked.candidate, { learnedCeiling: learned });
    if (asked.candidate.fits) return asked;
    return whenKnown(askBelow(asking, member, declared, assumedInput), ({ candidate }) =>
      candidate.fits
        ? { ...asked, ignoringLearnedLimit: Object.assign(candidate, { learnedCeiling: learned }) }
        : asked,
    );
  });
}

/** Asks the member with that ceiling, Infinity for none. */
function askBelow(
  asking: Asking,
  member: Member,
  lowest: number,
  assumedInput: number,
): Asked | Promise<Asked> {
  const ceiling = lowest === Infinity ? null : lowest;
  const question = { asking, member, ceiling, assumedInput };
  const nested = resolvedRouter(asking.router, member);
  if (nested) return askNested(question, nested);
  return whenKnown(askPlain(question), ({ fits, demand }) => ({
    candidate: candidateOf(question, fits, demand),
  }));
}

interface Question {
  readonly asking: Asking;
  readonly member: Member;
  readonly ceiling: number | null;
  readonly assumedInput: number;
}

function candidateOf({ asking, member, ceiling }: Question, fits: boolean, demand: Demand): Candidate {
  const candidate: { -readonly [Name in keyof Candidate]: Candidate[Name] } = {
    id: member.id,
    model: member.model,
    ceiling,
    fits,
    demand,
  };
  const { maxInputTokens, maxOutputTokens } = member.limits.declared;
  if (maxInputTokens !== undefined) candidate.maxInputTokens = maxInputTokens;
  if (maxOutputTokens !== undefined) candidate.maxOutputTokens = maxOutputTokens;
  if (!fits) candidate.skipped = 'too-large';
  const { describe } = asking.router.planner;
  return describe ? Object.assign(candidate, describe(member)) : candidate;
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
function askNested(question: Question, nested: Router): Asked | Promise<Asked> {
  const { asking, member, ceiling, assumedInput } = question;
  return whenKnown(asking.planNested(nested, assumedInput), (plan) => {
    const isSizedHere = ceiling !== null || isSized(member.limits);
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
  const own = Math.min(ceiling ?? Infinity, isChosen ? plan.sizes.sizeOf(first) : sizeOf(member));
  const shown = { ...question, ceiling: own === Infinity ? null : own };
  const candidate = candidateOf(shown, beside?.fits ?? fits, beside?.demand ?? demand);
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
