import type { Candidate, Demand } from '../decision.ts';
import { outputLimitOf } from '../sdk/call.ts';
import type { Call } from '../sdk/model.ts';
import type { Carried } from '../tokens/call/carried.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import { checkFit, type Verdict } from '../tokens/fit.ts';
import { whenKnown } from '../tokens/when-known.ts';
import type { Named } from './named.ts';
import type { InTime, Plan, Planning } from './plan.ts';
import type { Member, Router } from './router.ts';

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

/** A check of a member against a size. */
export interface MemberCheck {
  readonly context: CheckContext;
  readonly sent: SentCall;
  readonly member: Member;
  /** The size to check against, in tokens; Infinity for no limit. */
  readonly ceiling: number;
  readonly assumedInput: number;
}

/** How the decision describes a member that was checked. */
export function candidateOf(
  { context, sent, member, ceiling }: MemberCheck,
  { fits, demand }: Verdict,
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

const orNull = (ceiling: number): number | null => (ceiling === Infinity ? null : ceiling);

/** Checks a call against the size alone, also of a primitive. */
export function checkPlain(check: MemberCheck): Verdict | Promise<Verdict> {
  const { context, sent, member, ceiling, assumedInput } = check;
  const checking = checkFit(member.limits, sent.call, orNull(ceiling), sent.recalled);
  const verdict = context.inTime.wait(checking);
  return assumedInput === 0 ? verdict : whenKnown(verdict, (known) => byAssumedInput(check, known));
}

/** The verdict on a conversation for which more input is assumed than it has now: by the assumed size. */
function byAssumedInput({ member, ceiling, assumedInput }: MemberCheck, verdict: Verdict): Verdict {
  const { input, output, outputFrom, estimator } = verdict.demand;
  if (input >= assumedInput) return verdict;
  const { maxInputTokens = Infinity } = member.limits.declared;
  return {
    fits: verdict.fits && assumedInput <= Math.min(ceiling - output, maxInputTokens),
    demand: { input: assumedInput, output, outputFrom, estimator, basis: 'assumed' },
  };
}
