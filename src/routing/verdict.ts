import type { Candidate } from '../decision.ts';
import type { Verdict } from '../tokens/fit.ts';
import type { Planner } from './router.ts';

/** The verdict on a conversation that comes to more than it is: to what is assumed of it. */
export function assuming(
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

/** Whose demand stands for a whole primitive: an alloy's tightest constituent's; else the first one's that fits, or the roomiest's. */
export function deciding(
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

/** Whether only rules lead on, and none of them matched. */
export function leadsNowhere(needs: Planner['needs'], candidates: readonly Candidate[]): boolean {
  const isOut = ({ skipped }: Candidate): boolean => skipped === 'not-chosen';
  return needs === 'every' ? candidates.some(isOut) : candidates.every(isOut);
}

/** What is said of a member that only rules lead to, and none did; `most` is the input that they let it have at most. */
export function notChosen(
  { maxInputTokens = Infinity }: Candidate,
  most: number | undefined,
): Partial<Candidate> {
  if (most === undefined) return { skipped: 'not-chosen' };
  const limit = Math.min(most, maxInputTokens);
  return { fits: false, skipped: 'too-large', ...(limit < Infinity && { maxInputTokens: limit }) };
}
