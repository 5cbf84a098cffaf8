import { InvalidConfigurationError } from '../errors/errors.ts';
import { carriedBy } from '../tokens/call/carried.ts';
import type { Verdict } from '../tokens/fit.ts';
import { whenKnown } from '../tokens/when-known.ts';
import { checkNested } from './check-nested.ts';
import {
  candidateOf,
  checkPlain,
  type CheckContext,
  type MemberCheck,
  type MemberVerdict,
} from './check-size.ts';
import { isLeftOut } from './named.ts';
import { sizeOf } from './member-size.ts';
import type { Member, Router } from './router.ts';

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
  const ceiling = Math.min(member.limits.declared.ceiling ?? Infinity, router.planner.ceiling ?? Infinity);
  const check = { context, sent: context, member, ceiling, assumedInput };
  if (named && isLeftOut(named, router, member)) return leftOut(check);
  if (isOut || !member.prepare) return checkSent(check);
  return whenKnown(context.sentTo(member), (sent) => checkSent({ ...check, sent }));
}

/** A primitive that is left out is not asked: its rules and stores have no say in the call. */
function leftOut(declared: MemberCheck): MemberVerdict | Promise<MemberVerdict> {
  const check = { ...declared, ceiling: Math.min(declared.ceiling, sizeOf(declared.member)) };
  return whenKnown(checkPlain(check), ({ demand }) => {
    const { share: _, ...candidate } = candidateOf(check, { fits: false, demand });
    return { candidate: { ...candidate, skipped: 'excluded' } };
  });
}

function checkSent(check: MemberCheck): MemberVerdict | Promise<MemberVerdict> {
  const { member, sent } = check;
  const checking = checkSizes(check);
  if (!member.lacks) return checking;
  const carried = (sent.carried ??= carriedBy(sent.call));
  const lacks = member.lacks.filter((name) => carried[name]);
  if (lacks.length === 0) return checking;
  return whenKnown(checking, ({ candidate, plan }) => {
    return { plan, candidate: Object.assign(candidate, { fits: false, skipped: 'unsupported', lacks }) };
  });
}

function checkSizes(check: MemberCheck): MemberVerdict | Promise<MemberVerdict> {
  const learnedCeiling = check.member.learned.current();
  if (learnedCeiling >= check.ceiling) return checkBelow(check);
  return whenKnown(checkBelow({ ...check, ceiling: learnedCeiling }), (verdict) => {
    Object.assign(verdict.candidate, { learnedCeiling });
    if (verdict.candidate.fits) return verdict;
    return whenKnown(checkBelow(check), ({ candidate }) =>
      candidate.fits
        ? { ...verdict, ignoringLearnedLimit: Object.assign(candidate, { learnedCeiling }) }
        : verdict,
    );
  });
}

function checkBelow(check: MemberCheck): MemberVerdict | Promise<MemberVerdict> {
  const nested = resolvedRouter(check.context.router, check.member);
  if (nested) return checkNested(check, nested);
  const verdict = checkPlain(check);
  return verdict instanceof Promise
    ? verdict.then((known) => plainVerdict(check, known))
    : plainVerdict(check, verdict);
}

const plainVerdict = (check: MemberCheck, verdict: Verdict): MemberVerdict => {
  return { candidate: candidateOf(check, verdict), plan: undefined }; // each verdict has the same fields: that is faster
};

/**
 * A string id that can't be resolved fails later, when its member is tried; only an invalid configuration ends the
 * call here.
 */
function resolvedRouter(holder: Router, member: Member): Router | undefined {
  try {
    return member.resolve(holder).router;
  } catch (error) {
    if (InvalidConfigurationError.isInstance(error)) throw error;
    return undefined;
  }
}
