import type { Candidate } from '../decision.ts';
import type { Verdict } from '../tokens/fit.ts';
import type { Planner } from './router.ts';

/** The verdict on a conversation for which more input is assumed than it has now: by the assumed size. */
export function withAssumedInput(
  verdict: Verdict,
  assumedInput: number,
  { ceiling, maxInputTokens = Infinity }: Pick<Candidate, 'ceiling'> & { maxInputTokens: number | undefined },
): Verdict {
  const { output, outputFrom, estimator } = verdict.demand;
  const room = Math.min((ceiling ?? Infinity) - output, maxInputTokens);
  return {
    fits: verdict.fits && assumedInput <= room,
    demand: { input: assumedInput, output, outputFrom, estimator, basis: 'assumed' },
  };
}

/**
 * The candidate whose demand is shown for a whole primitive. Of an alloy, the one with the least room left; of others,
 * the first that fits, or else the one with the most room.
 */
export function decidingCandidate(
  needs: Planner['needs'],
  candidates: readonly Candidate[],
  fits: boolean,
): Candidate {
  const able = candidates.filter(({ skipped }) => skipped !== 'not-chosen');
  const tightestFirst = (able.length > 0 ? able : candidates).toSorted((a, b) => roomIn(a) - roomIn(b));
  if (needs === 'every') return tightestFirst[0]!;
  return fits ? able.find((candidate) => candidate.fits)! : tightestFirst.at(-1)!;
}

const roomIn = ({ ceiling, demand }: Candidate): number =>
  (ceiling ?? Infinity) - demand.input - demand.output;

/** Whether the members can be reached only by rules, and none of them matched. */
export function noRuleReaches(needs: Planner['needs'], candidates: readonly Candidate[]): boolean {
  const isOut = ({ skipped }: Candidate): boolean => skipped === 'not-chosen';
  return needs === 'every' ? candidates.some(isOut) : candidates.every(isOut);
}

/**
 * How the decision describes a member that only rules lead to when none matched; `maxInput` is the most input that
 * those rules allow.
 */
export function notChosen(
  { maxInputTokens = Infinity }: Candidate,
  maxInput: number | undefined,
): Partial<Candidate> {
  if (maxInput === undefined) return { skipped: 'not-chosen' };
  const limit = Math.min(maxInput, maxInputTokens);
  return { fits: false, skipped: 'too-large', ...(limit < Infinity && { maxInputTokens: limit }) };
}
