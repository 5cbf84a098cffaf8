import type { Demand } from '../decision.ts';
import { InvalidConfigurationError } from '../errors/errors.ts';
import { carriedBy } from '../tokens/call/carried.ts';
import { whenKnown } from '../tokens/when-known.ts';
import { checkNested } from './check-nested.ts';
import {
  candidateOf,
  checkPlain,
  orInfinity,
  plainVerdict,
  type CheckContext,
  type MemberCheck,
  type MemberVerdict,
  type SentCall,
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
