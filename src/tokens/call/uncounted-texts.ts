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

/** The texts to count, of which some may be known. */
export interface Texts {
  /** Tokens known from earlier calls. */
  readonly known: number;
  readonly uncounted: readonly Uncounted[];
  /** What is known of the conversation before them; undefined where nothing is. */
  readonly before: Sum | undefined;
  /** Whether the system messages are among them. */
  readonly isNewSystem: boolean;
}

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
  const schemas = schemasOf(remembered);
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
  const ofSchemas = schemas === '' ? 0 : memory.get(schemasHashOf(remembered));
  if (ofSchemas === undefined) uncounted.push({ index: -1, text: schemas, weight: schemaWeight });
  const known = before.tokens + (ofSystem ?? 0) + roundUp(ofSchemas ?? 0, 1, schemaWeight);
  return { known, uncounted, before, isNewSystem: ofSystem === undefined };
}

interface Estimate {
  readonly tokens: number;
  readonly atLeast?: true;
}

/** The estimator's count of the texts, which is remembered. May stop above `room`. */
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
    const charged = roundUp(counted, 1, weight);
    tokens += charged;
    // It may have stopped early, so it says no more than this, and isn't remembered.
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

/** UTF-16 units that are counted within a few milliseconds, also by an estimator that takes seconds for a million. */
const unitsPerStep = ({ estimateInSteps }: TokenEstimator): number => (estimateInSteps ? 2 ** 12 : 2 ** 20);

function* countText(estimator: TokenEstimator, text: string, limit: number): Generator<unknown, number> {
  if (estimator.estimateInSteps && text.length >= unitsPerStep(estimator)) {
    return yield* estimator.estimateInSteps(text, limit);
  }
  return estimator.estimateUpTo ? estimator.estimateUpTo(text, limit) : estimator.estimateText(text);
}
