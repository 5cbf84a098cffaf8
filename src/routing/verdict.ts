import type { Candidate } from '../decision.ts';
import type { Planner } from './router.ts';

/**
 * The candidate whose demand is shown for a whole primitive. Of an alloy, the one with the least room left; of others,
 * the first that fits, or else the one with the most room.
 */
export function decidingCandidate(
  needs: Planner['needs'],
  candidates: readonly Candidate[],
  fits: boolean,
): Candidate {
  const reachable = candidates.filter(({ skipped }) => !isOut(skipped));
  const supporting = reachable.filter(({ skipped }) => skipped !== 'unsupported');
  const able = needs === 'some' && supporting.length > 0 ? supporting : reachable;
  const tightestFirst = (able.length > 0 ? able : candidates).toSorted((a, b) => roomIn(a) - roomIn(b));
  if (needs === 'every') return tightestFirst[0]!;
  return fits ? able.find((candidate) => candidate.fits)! : tightestFirst.at(-1)!;
}

const roomIn = ({ ceiling, demand }: Candidate): number =>
  (ceiling ?? Infinity) - demand.input - demand.output;

/**
 * Whether members refuse a request for what they lack, so that a shorter one would be refused as well.
 *
 * @param first the index of the member that was chosen
 */
export function isUnsupportedBy(
  needs: Planner['needs'],
  candidates: readonly Candidate[],
  first: number | undefined,
): boolean {
  const asked = first === undefined || needs === 'every' ? candidates : [candidates[first]!];
  const isSkipped = (reason: Candidate['skipped']): boolean =>
    asked.some(({ skipped }) => skipped === reason);
  return isSkipped('unsupported') && (needs === 'every' || !isSkipped('too-large'));
}

/** What the members of a primitive that refuses a request lack: all of them, if they all lack the same. */
export function lackedBy(
  { fits, isUnsupported }: { readonly fits: boolean; readonly isUnsupported: boolean },
  needs: Planner['needs'],
  candidates: readonly Candidate[],
): Candidate['lacks'] {
  if (fits) return undefined;
  const all = candidates.flatMap(({ skipped, lacks }) => (!isOut(skipped) && lacks ? [lacks] : []));
  const any = [...new Set(all.flat())];
  const common = any.filter((name) => all.every((lacks) => lacks.includes(name)));
  const lacked = isUnsupported && needs === 'some' && common.length > 0 ? common : any;
  return lacked.length > 0 ? lacked : undefined;
}

/** Candidates whose shares are those among the candidates that have one: the others can't be drawn. */
export function sharedOut(candidates: readonly Candidate[]): readonly Candidate[] {
  const total = candidates.reduce((sum, { share = 0 }) => sum + share, 0);
  return candidates.map((candidate) =>
    candidate.share === undefined ? candidate : { ...candidate, share: candidate.share / total },
  );
}

/** Whether a member is out of the question, whatever its size. */
export const isOut = (skipped: Candidate['skipped']): boolean =>
  skipped === 'not-chosen' || skipped === 'excluded';

/** Whether the members can be reached only by rules, and none of them matched. */
export function noRuleReaches(needs: Planner['needs'], candidates: readonly Candidate[]): boolean {
  return needs === 'every'
    ? candidates.some(({ skipped }) => skipped === 'not-chosen')
    : candidates.every(({ skipped }) => isOut(skipped));
}

/**
 * How the decision describes a member that only rules lead to when none matched; `maxInput` is the most input that
 * those rules allow.
 */
export function notChosen(
  { maxInputTokens = Infinity, skipped }: Candidate,
  maxInput: number | undefined,
): Partial<Candidate> {
  if (maxInput === undefined) return { skipped: 'not-chosen' };
  const limit = Math.min(maxInput, maxInputTokens);
  const isUnsupported = skipped === 'unsupported';
  return {
    fits: false,
    skipped: isUnsupported ? skipped : 'too-large',
    ...(limit < Infinity && { maxInputTokens: limit }),
  };
}
