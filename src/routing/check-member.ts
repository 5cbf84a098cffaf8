import type { Candidate, Decision, Demand } from '../decision.ts';
import { InvalidConfigurationError } from '../errors/errors.ts';
import type { Call } from '../sdk/model.ts';
import { outputLimitOf } from '../sdk/call.ts';
import { checkFit, isSized, type Verdict } from '../tokens/fit.ts';
import { carriedBy, type Carried } from '../tokens/call/carried.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import type { InTime, Plan, Planning } from './plan.ts';
import { isLeftOut, type Named } from './named.ts';
import { declaredSize, sizeOf, type Member, type Router } from './router.ts';
import { withAssumedInput, decidingCandidate, lackedBy, noRuleReaches } from './verdict.ts';
import { whenKnown } from '../tokens/when-known.ts';

/** Whether a member can hold a call. */
export interface MemberVerdict {
  readonly candidate: Candidate;
  /** The plan of a nested primitive. */
  readonly plan?: Plan | undefined;
  /** The candidate without the learned limit, if the call fits except for that limit. */
  readonly ignoringLearnedLimit?: Candidate;
}

/** The call that a member is sent: the primitive's own, or what the member's settings and transform make of it. */
export interface SentCall {
  readonly call: Call;
  readonly recalled: Remembered;
  /** What it carries, once that was needed. */
  carried?: Carried | undefined;
}

export interface CheckContext extends SentCall {
  readonly router: Router;
  readonly inTime: InTime;
  readonly nestedDecision: Planning['nestedDecision'];
  /** The call that a member with settings or a transform is sent. */
  sentTo(member: Member): SentCall | Promise<SentCall>;
  readonly named: Named | undefined;
  planNested(nested: Router, check: MemberCheck): Plan | Promise<Plan>;
}

/**
 * Checks whether a member can take a call: whether it can hold it, and supports what it carries.
 *
 * @param assumedInput plan for at least so many input tokens
 * @param isOut whether the member can't be chosen, so that only the numbers are of interest
 */
export function checkMember(
  context: CheckContext,
  member: Member,
  assumedInput: number,
  isOut: boolean,
): MemberVerdict | Promise<MemberVerdict> {
  const { router, named } = context;
  if (named && isLeftOut(named, router, member)) {
    const ceiling = Math.min(declaredCeiling(context, member), sizeOf(member));
    const check = { context, sent: context, member, ceiling, assumedInput };
    return whenKnown(checkPlain(check), ({ demand }) => leftOut(check, demand));
  }
  if (isOut || !member.prepare) return checkSent(context, context, member, assumedInput);
  return whenKnown(context.sentTo(member), (sent) => checkSent(context, sent, member, assumedInput));
}

const declaredCeiling = ({ router }: CheckContext, { limits }: Member): number =>
  Math.min(orInfinity(limits.declared.ceiling ?? null), router.planner.ceiling ?? Infinity);

function checkSent(
  context: CheckContext,
  sent: SentCall,
  member: Member,
  assumedInput: number,
): MemberVerdict | Promise<MemberVerdict> {
  const checking = checkSizes(context, sent, member, assumedInput);
  if (!member.lacks) return checking;
  const carried = (sent.carried ??= carriedBy(sent.call));
  const lacks = member.lacks.filter((name) => carried[name]);
  if (lacks.length === 0) return checking;
  return whenKnown(checking, ({ candidate, plan }) => {
    return { plan, candidate: Object.assign(candidate, { fits: false, skipped: 'unsupported', lacks }) };
  });
}

function checkSizes(
  context: CheckContext,
  sent: SentCall,
  member: Member,
  assumedInput: number,
): MemberVerdict | Promise<MemberVerdict> {
  const declared = declaredCeiling(context, member);
  const learned = member.learned.current();
  if (learned >= declared) return checkBelow({ context, sent, member, ceiling: declared, assumedInput });
  return whenKnown(checkBelow({ context, sent, member, ceiling: learned, assumedInput }), (verdict) => {
    Object.assign(verdict.candidate, { learnedCeiling: learned });
    if (verdict.candidate.fits) return verdict;
    return whenKnown(
      checkBelow({ context, sent, member, ceiling: declared, assumedInput }),
      ({ candidate }) =>
        candidate.fits
          ? { ...verdict, ignoringLearnedLimit: Object.assign(candidate, { learnedCeiling: learned }) }
          : verdict,
    );
  });
}

/** A check of a member against a size. */
export interface MemberCheck {
  readonly context: CheckContext;
  readonly sent: SentCall;
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

/** A primitive that is left out is not asked: its rules and stores have no say in the call. */
function leftOut(check: MemberCheck, demand: Demand): MemberVerdict {
  const { share: _, ...candidate } = candidateOf(check, false, demand);
  return { candidate: { ...candidate, skipped: 'excluded' } };
}

const plainVerdict = (check: MemberCheck, { fits, demand }: Verdict): MemberVerdict => {
  return { candidate: candidateOf(check, fits, demand), plan: undefined };
};

function candidateOf(
  { context, sent, member, ceiling }: MemberCheck,
  fits: boolean,
  demand: Demand,
): Candidate {
  const candidate: { -readonly [Name in keyof Candidate]: Candidate[Name] } = {
    id: member.id,
    model: member.model,
    ceiling: orNull(ceiling),
    fits,
    demand: sent === context ? demand : namingSettings(demand, context.call),
  };
  const { maxInputTokens, maxOutputTokens } = member.limits.declared;
  if (maxInputTokens !== undefined) candidate.maxInputTokens = maxInputTokens;
  if (maxOutputTokens !== undefined) candidate.maxOutputTokens = maxOutputTokens;
  if (!fits) candidate.skipped = 'too-large';
  const { planner } = context.router;
  return planner.describe ? Object.assign(candidate, planner.describe(member)) : candidate;
}

/** The demand of a call whose output limit may come from the member's settings or transform. */
const namingSettings = (demand: Demand, call: Call): Demand =>
  demand.outputFrom === 'call' && outputLimitOf(call) === undefined
    ? { ...demand, outputFrom: 'settings' }
    : demand;

const orInfinity = (ceiling: number | null): number => ceiling ?? Infinity;
const orNull = (ceiling: number): number | null => (ceiling === Infinity ? null : ceiling);

function checkPlain({
  context,
  sent,
  member,
  ceiling,
  assumedInput,
}: MemberCheck): Verdict | Promise<Verdict> {
  const { inTime } = context;
  const { call, recalled } = sent;
  const verdict = checkFit(member.limits, call, orNull(ceiling), recalled);
  if (!(verdict instanceof Promise)) return assumed(verdict, member, ceiling, assumedInput);
  return Promise.resolve(inTime.wait(verdict)).then((known) => assumed(known, member, ceiling, assumedInput));
}

function assumed(verdict: Verdict, { limits }: Member, ceiling: number, assumedInput: number): Verdict {
  if (verdict.demand.input >= assumedInput) return verdict;
  const { maxInputTokens } = limits.declared;
  return withAssumedInput(verdict, assumedInput, { ceiling: orNull(ceiling), maxInputTokens });
}

/** A nested primitive plans the call itself; a context window declared on the member is checked as well. */
function checkNested(check: MemberCheck, nested: Router): MemberVerdict | Promise<MemberVerdict> {
  const { context, member, ceiling } = check;
  return whenKnown(context.planNested(nested, check), (plan) => {
    const isSizedHere = ceiling < Infinity || isSized(member.limits);
    const beside = plan.fits && isSizedHere ? checkPlain(check) : undefined;
    const decision = context.nestedDecision ? context.nestedDecision(plan.router, plan) : plan.decision;
    return whenKnown(decision, (knownDecision) =>
      whenKnown(beside, (verdict) => nestedVerdict(check, plan, knownDecision, verdict)),
    );
  });
}

function nestedVerdict(
  check: MemberCheck,
  plan: Plan,
  decision: Decision,
  beside: Verdict | undefined,
): MemberVerdict {
  const { fits, first, isUnsupported, router } = plan;
  const { needs } = router.planner;
  const { candidates } = plan.decision;
  const chosen = first && needs === 'some' ? candidates[router.members.indexOf(first)]! : undefined;
  const deciding = chosen ?? decidingCandidate(needs, candidates, fits);
  const lacks = lackedBy(plan, needs, chosen ? [chosen] : candidates);
  // Where only a smaller member supports what the request carries, its ceiling is the one that counts.
  const supporting = lacks && !isUnsupported ? deciding.ceiling : null;
  const candidate = candidateOf(
    { ...check, ceiling: Math.min(check.ceiling, sizeInside(check, plan, chosen), orInfinity(supporting)) },
    beside?.fits ?? fits,
    beside?.demand ?? deciding.demand,
  );
  if (lacks) Object.assign(candidate, { lacks }, isUnsupported && { skipped: 'unsupported' });
  if (noRuleReaches(needs, candidates)) Object.assign(candidate, { skipped: 'not-chosen' });
  return { plan, candidate: Object.assign(candidate, { decision }) };
}

/** How much a nested primitive holds of this call: as much as the member that it chose, else of those that may be used. */
function sizeInside(
  { member }: MemberCheck,
  { first, named, sizes }: Plan,
  chosen: Candidate | undefined,
): number {
  if (chosen) return sizes.sizeOf(first!);
  return named ? Math.min(declaredSize(member), sizes.size()) : sizeOf(member);
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
