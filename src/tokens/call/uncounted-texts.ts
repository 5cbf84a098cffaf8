import type { TokenEstimator } from '../estimator.ts';
import { estimateShared } from '../estimators/per-encoding.ts';
import { roundUp } from '../estimators/ratio.ts';
import type { Anchored } from './anchor.ts';
import type { Uncounted } from './bound-of.ts';
import { checked } from './counter.ts';
import { tokensBy } from './memory.ts';
import { fingerprintFor, schemasHashOf, schemasOf, type Remembered } from './recall.ts';
import { knownSum, RunningSum, type Sum } from './sums.ts';
import { textOf } from './text-of.ts';

/** The texts of a call: what is cached of them, and what is left to count. */
export interface Texts {
  /** Tokens of the texts that earlier calls have counted. */
  readonly known: number;
  readonly uncounted: readonly Uncounted[];
  /** The cached sum of the conversation before the uncounted texts; undefined if new sums can't be cached. */
  readonly before: Sum | undefined;
  /** Whether the uncounted texts include the system messages. */
  readonly isNewSystem: boolean;
}

/** Collects the texts to count: all of the call, or those after the part that the anchor covers. */
export function textsFrom(
  anchor: Anchored | undefined,
  estimator: TokenEstimator,
  remembered: Remembered,
  schemaWeight: number,
): Texts {
  const { leaves, media, opening } = remembered.content;
  const memory = tokensBy(estimator);
  const uncounted: Uncounted[] = [];
  const add = (from: number, to: number): void => {
    for (let index = from; index < to; index++) {
      if (!media.has(index)) uncounted.push({ index, text: textOf(leaves[index]), weight: 1 });
    }
  };
  const before = knownSum(estimator, remembered);
  if (anchor) {
    const ofAnchor = memory.get(anchor.hash);
    if (ofAnchor === undefined) {
      add(anchor.end, leaves.length);
      return { known: 0, uncounted, before: undefined, isNewSystem: false };
    }
    add(before.end, leaves.length);
    return { known: before.tokens - ofAnchor, uncounted, before, isNewSystem: false };
  }
  const ofSystem = opening === 0 ? 0 : memory.get(fingerprintFor(remembered).system);
  if (ofSystem === undefined) add(0, opening);
  add(before.end, leaves.length);
  const schemas = schemasOf(remembered);
  const ofSchemas = schemas === '' ? 0 : memory.get(schemasHashOf(remembered));
  if (ofSchemas === undefined) uncounted.push({ index: -1, text: schemas, weight: schemaWeight });
  const known = before.tokens + (ofSystem ?? 0) + roundUp((ofSchemas ?? 0) * schemaWeight);
  return { known, uncounted, before, isNewSystem: ofSystem === undefined };
}

interface Estimate {
  readonly tokens: number;
  readonly atLeast?: true;
}

/** Counts the uncounted texts and caches the counts. May stop early once the count is above `room`. */
export function* estimate(
  { uncounted, before, isNewSystem }: Texts,
  estimator: TokenEstimator,
  room: number,
  remembered: Remembered,
): Generator<unknown, Estimate> {
  const { opening } = remembered.content;
  const memory = tokensBy(estimator);
  const conversation = before && new RunningSum(estimator, remembered, before);
  let ofSystem = 0;
  let tokens = 0;
  let units = 0;
  for (const { index, text, weight } of uncounted) {
    const left = Math.max(0, (room - tokens) / weight);
    const ofShared = estimateShared(estimator, text, index, remembered);
    const counted = checked(ofShared ?? (yield* countText(estimator, text, left)), estimator);
    const charged = roundUp(counted * weight);
    tokens += charged;
    // The estimator may have stopped early, so this is only a lower bound and isn't cached.
    const mayStop = estimator.estimateInSteps ?? estimator.estimateUpTo;
    if (mayStop && counted > left) return { tokens, atLeast: true };
    if (index < 0) memory.set(schemasHashOf(remembered), counted);
    else if (index < opening) ofSystem += charged;
    else conversation?.add(index, charged);
    units += text.length;
    if (units < unitsPerStep(estimator)) continue;
    units = 0;
    yield;
  }
  if (isNewSystem) memory.set(fingerprintFor(remembered).system, ofSystem);
  conversation?.close();
  return { tokens };
}

/** UTF-16 units to count in one step of a few milliseconds; fewer for slow estimators, which have `estimateInSteps`. */
const unitsPerStep = ({ estimateInSteps }: TokenEstimator): number => (estimateInSteps ? 2 ** 12 : 2 ** 20);

function* countText(estimator: TokenEstimator, text: string, limit: number): Generator<unknown, number> {
  if (estimator.estimateInSteps && text.length >= unitsPerStep(estimator)) {
    return yield* estimator.estimateInSteps(text, limit);
  }
  return estimator.estimateUpTo ? estimator.estimateUpTo(text, limit) : estimator.estimateText(text);
}
