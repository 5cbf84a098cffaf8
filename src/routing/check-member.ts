import type { Candidate, Decision, Demand } from '../decision.ts';
import { InvalidConfigurationError } from '../errors/errors.ts';
import type { Call } from '../sdk/model.ts';
import { checkFit, isSized, type Verdict } from '../tokens/fit.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import type { InTime, Plan, Planning } from './plan.ts';
import { sizeOf, type Member, type Router } from './router.ts';
import { withAssumedInput, decidingCandidate, noRuleReaches } from './verdict.ts';
import { whenKnown } from '../tokens/when-known.ts';

/** Whether a member can hold a call. */
export interface MemberVerdict {
  readonly candidate: Candidate;
  /** The plan of a nested primitive. */
  readonly plan?: Plan | undefined;
  /** The candidate without the learned limit, if the call fits except for that limit. */
  readonly ignoringLearnedLimit?: Candidate;
}

export interface CheckContext {
  readonly router: Router;
  readonly call: Call;
  readonly recalled: Remembered;
  readonly inTime: InTime;
  readonly nestedDecision: Planning['nestedDecision'];
  planNested(nested: Router, assumedInput: number): Plan | Promise<Plan>;
}

/**
 * Checks whether a member can hold a call.
 *
 * @param assumedInput plan for at least so many input tokens
 */
export function checkMember(
  context: CheckContext,
  member: Member,
  assumedInput: number,
): MemberVerdict | Promise<MemberVerdict> {
  const { ceiling } = member.limits.declared;
  const declared = Math.min(ceiling ?? Infinity, context.router.planner.ceiling ?? Infinity);
  const learned = member.learned.current();
  if (learned >= declared) return checkBelow({ context, member, ceiling: declared, assumedInput });
  return whenKnown(checkBelow({ context, member, ceiling: learned, assumedInput }), (verdict) => {
    Object.assign(verdict.candidate, { learnedCeiling: learned });
    if (verdict.candidate.fits) return verdict;
    return whenKnown(checkBelow({ context, member, ceiling: declared, assumedInput }), ({ candidate }) =>
      candidate.fits
        ? { ...verdict, ignoringLearnedLimit: Object.assign(candidate, { learnedCeiling: learned }) }
        : verdict,
    );
  });
}

interface MemberCheck {
  readonly context: CheckContext;
  readonly member: Member;
  /** The size to check against, in tokens; Infinity for no limit. */
  readonly ceiling: number;
  readonly assumedInput: number;
}

function checkBelow(check: MemberCheck): MemberVerdict | Promise<MemberVerdict> {
  const nested = resolvedRouter(check.context.router, check.member);
  if (nested) return checkNested(check, nested);
  const verdict = checkPlain(check);
  return verdict instanceof Promise
    ? verdict.then((known) => plainVerdict(check, known))
    : plainVerdict(check, verdict);
}

const plainVerdict = (check: MemberCheck, { fits, demand }: Verdict): MemberVerdict => {
  return { candidate: candidateOf(check, fits, demand), plan: undefined };
};

function candidateOf({ context, member, ceiling }: MemberCheck, fits: boolean, demand: Demand): Candidate {
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
  const { planner } = context.router;
  return planner.describe ? Object.assign(candidate, planner.describe(member)) : candidate;
}

const orNull = (ceiling: number): number | null => (ceiling === Infinity ? null : ceiling);

function checkPlain({ context, member, ceiling, assumedInput }: MemberCheck): Verdict | Promise<Verdict> {
  const { call, recalled, inTime } = context;
  const verdict = checkFit(member.limits, call, orNull(ceiling), recalled);
  if (!(verdict instanceof Promise)) return assumed(verdict, member, ceiling, assumedInput);
  return Promise.resolve(inTime(verdict)).then((known) => assumed(known, member, ceiling, assumedInput));
}

function assumed(verdict: Verdict, { limits }: Member, ceiling: number, assumedInput: number): Verdict {
  if (verdict.demand.input >= assumedInput) return verdict;
  const { maxInputTokens } = limits.declared;
  return withAssumedInput(verdict, assumedInput, { ceiling: orNull(ceiling), maxInputTokens });
}

/** A nested primitive plans the call itself; a context window declared on the member is checked as well. */
function checkNested(check: MemberCheck, nested: Router): MemberVerdict | Promise<MemberVerdict> {
  const { context, member, ceiling, assumedInput } = check;
  return whenKnown(context.planNested(nested, assumedInput), (plan) => {
    const isSizedHere = ceiling < Infinity || isSized(member.limits);
    const beside = plan.fits && isSizedHere ? checkPlain(check) : undefined;
    const decision = context.nestedDecision ? context.nestedDecision(nested, plan) : plan.decision;
    return whenKnown(decision, (knownDecision) =>
      whenKnown(beside, (verdict) => nestedVerdict(check, nested, plan, knownDecision, verdict)),
    );
  });
}

function nestedVerdict(
  check: MemberCheck,
  nested: Router,
  plan: Plan,
  decision: Decision,
  beside: Verdict | undefined,
): MemberVerdict {
  const { ceiling, member } = check;
  const { fits, first } = plan;
  const { needs } = nested.planner;
  const { candidates } = plan.decision;
  const isChosen = first !== undefined && needs === 'some';
  const { demand } = isChosen
    ? candidates[nested.members.indexOf(first)]!
    : decidingCandidate(needs, candidates, fits);
  const own = Math.min(ceiling, isChosen ? plan.sizes.sizeOf(first) : sizeOf(member));
  const candidate = candidateOf({ ...check, ceiling: own }, beside?.fits ?? fits, beside?.demand ?? demand);
  if (noRuleReaches(needs, candidates)) Object.assign(candidate, { skipped: 'not-chosen' });
  return { plan, candidate: Object.assign(candidate, { decision }) };
}

/**
 * A string id that can't be resolved fails later, when its member is tried; only an invalid configuration ends the
 * call here.
 */
function resolvedRouter(holder: Router, member: Member): Router | undefined {
  if (member.resolved) return member.resolved.router;
  try {
    return member.resolve(holder).router;
  } catch (error) {
    if (InvalidConfigurationError.isInstance(error)) throw error;
    return undefined;
  }
}
