import type { Demand } from '../../decision.ts';
import { isObject } from '../../errors/errors.ts';
import type { Call } from '../../sdk/model.ts';
import type { TokenEstimator } from '../estimator.ts';
import { readsScripts } from '../estimators/per-encoding.ts';
import { roundUp } from '../estimators/ratio.ts';
import { inTurns } from '../in-turns.ts';
import { anchorFor, type Anchored } from './anchor.ts';
import { boundOf } from './bound-of.ts';
import { checked, factorOf, type Counter, type InputCount } from './counter.ts';
import { framingOf, schemaWeightOf } from './framing.ts';
import { tokensBy } from './memory.ts';
import { recall, schemasHashOf, schemasOf, type KnownCount, type Remembered } from './recall.ts';
import { mediaOf } from './sums.ts';
import { textOf } from './text-of.ts';
import { estimate, textsFrom } from './uncounted-texts.ts';
import { whenKnown } from '../when-known.ts';

type Counted = InputCount | Promise<InputCount>;

/**
 * Input tokens of `call`, counted in the cheapest way that tells whether they are within `limit`: the tokens that a
 * provider reported for the conversation so far, plus the new messages; or an upper bound; or the estimator's count.
 */
export function countCall(
  call: Call,
  counter: Counter,
  limit: number,
  remembered: Remembered = recall(call),
): Counted {
  for (const each of remembered.inputs)
    if (each.counter === counter && each.limit === limit) return each.count;
  const counted = counter.estimator.estimateCall
    ? whenKnown(
        countWhole(call, counter, limit, remembered),
        (whole) => whole ?? countLeaves(call, counter, limit, remembered),
      )
    : countLeaves(call, counter, limit, remembered);
  return whenKnown(counted, (count) => {
    remembered.inputs.push({ counter, limit, count });
    return count;
  });
}

/** Counts a call string by string. */
function countLeaves(call: Call, counter: Counter, limit: number, remembered: Remembered): Counted {
  const anchor = counter.anchor ? anchorFor(counter, remembered) : undefined;
  if (!anchor && remembered.isShort && readsScripts(counter.estimator))
    return countShort(counter, remembered);
  const counting = { counter, limit, remembered, signal: call.abortSignal };
  if (!anchor) return countTexts(counting, undefined);
  // A count based on a provider's report must not refuse a call that fits by the estimate alone.
  const isWithin = ({ tokens, atLeast }: InputCount): boolean => !atLeast && tokens <= limit;
  return whenKnown(countTexts(counting, anchor), (anchored) =>
    isWithin(anchored)
      ? anchored
      : whenKnown(countTexts(counting, undefined), (whole) => (isWithin(whole) ? whole : anchored)),
  );
}

/** Counts a short call without media, where counting a text takes less time than looking up its earlier count. */
function countShort(counter: Counter, remembered: Remembered): InputCount {
  const { estimator, tokenizer } = counter;
  const schemaWeight = schemaWeightOf(tokenizer.vendor);
  let tokens = knownCount(remembered, estimator, 0, schemaWeight, Infinity)?.tokens;
  if (tokens === undefined) {
    tokens = 0;
    for (const leaf of remembered.content.leaves) tokens += estimator.estimateText(textOf(leaf));
    const schemas = schemasOf(remembered);
    if (schemas !== '') {
      const known = tokensBy(estimator).get(schemasHashOf(remembered));
      const ofSchemas = known ?? estimator.estimateText(schemas);
      if (known === undefined) tokensBy(estimator).set(schemasHashOf(remembered), ofSchemas);
      tokens += roundUp(ofSchemas * schemaWeight);
    }
    remembered.counts.push({ estimator, from: 0, schemaWeight, tokens, limit: Infinity });
  }
  const framing = framingOf(remembered.content, tokenizer.vendor);
  return { tokens: framing + roundUp(tokens * factorOf(counter)), basis: basisOf(counter) };
}

/** An estimator's earlier count from the leaf `from` on, if it didn't stop below `limit` (Infinity: it counted everything). */
function knownCount(
  { counts }: Remembered,
  estimator: TokenEstimator,
  from: number,
  schemaWeight: number,
  limit: number,
): KnownCount | undefined {
  for (const each of counts) {
    const isOfThese = each.from === from && each.schemaWeight === schemaWeight;
    if (each.estimator === estimator && isOfThese && limit <= each.limit) return each;
  }
  return undefined;
}

/** What `countTexts` works on, also after it has waited. */
interface Counting {
  readonly counter: Counter;
  readonly limit: number;
  readonly remembered: Remembered;
  readonly signal: AbortSignal | undefined;
}

/** The count by the estimator's own `estimateCall`, if it returns one; asked at most once per call and limit. */
function countWhole(
  call: Call,
  counter: Counter,
  limit: number,
  remembered: Remembered,
): InputCount | undefined | Promise<InputCount | undefined> {
  const { estimator } = counter;
  const factor = factorOf(counter);
  const own = limit / factor;
  const countOf = (tokens: number): InputCount => ({
    tokens: roundUp(tokens * factor),
    basis: basisOf(counter),
    ...(tokens > own && { atLeast: true }),
  });
  const known = knownCount(remembered, estimator, -1, 1, own);
  if (known) return countOf(known.tokens);
  const counted = estimator.estimateCall!(call, own);
  return whenKnown(isObject(counted) && 'then' in counted ? Promise.resolve(counted) : counted, (value) => {
    if (value === undefined) return undefined;
    const tokens = checked(isObject(value) ? value.bound : value, estimator);
    if (isObject(value)) return { ...countOf(tokens), basis: 'bound' };
    // A count above its limit may have stopped early: it only says "more than that limit".
    const upTo = tokens > own ? own : Infinity;
    remembered.counts.push({ estimator, from: -1, schemaWeight: 1, tokens, limit: upTo });
    return countOf(tokens);
  });
}

/** Counts the whole call, or what comes after the part that the anchor covers. */
function countTexts(counting: Counting, anchor: Anchored | undefined, isLoaded = false): Counted {
  const { counter, limit, remembered, signal } = counting;
  const { estimator } = counter;
  const { vendor } = counter.tokenizer;
  const factor = factorOf(counter);
  const framing = framingOf(remembered.content, vendor);
  const media = mediaOf(counter, remembered);
  const base = anchor ? anchor.tokens + framing - anchor.framing + media - anchor.media : framing + media;
  const result = (tokens: number, basis: Demand['basis']): InputCount => ({
    tokens: base + roundUp(tokens * factor),
    basis: anchor ? 'anchored' : basis,
  });
  const room = (limit - base) / factor;
  const schemaWeight = schemaWeightOf(vendor);
  const from = anchor?.end ?? 0;
  const whole = knownCount(remembered, estimator, from, schemaWeight, Infinity);
  if (whole) return result(whole.tokens, basisOf(counter));
  const texts = textsFrom(anchor, estimator, remembered, schemaWeight);
  const { known, uncounted } = texts;
  const bound = boundOf(uncounted, estimator, room - known);
  if (bound !== undefined) return result(known + bound, uncounted.length > 0 ? 'bound' : basisOf(counter));

  const stopped = knownCount(remembered, estimator, from, schemaWeight, room);
  if (stopped) return { ...result(stopped.tokens, basisOf(counter)), atLeast: true };
  const loading = isLoaded ? undefined : estimator.load?.();
  if (loading) return loading.then(() => countTexts(counting, anchor, true));
  const counted = inTurns(estimate(texts, estimator, room - known, remembered), signal);
  return whenKnown(counted, ({ tokens, atLeast }) => {
    const upTo = atLeast ? room : Infinity;
    remembered.counts.push({ estimator, from, schemaWeight, tokens: known + tokens, limit: upTo });
    const count = result(known + tokens, basisOf(counter));
    return atLeast ? { ...count, atLeast } : count;
  });
}

const basisOf = ({ isExact }: Counter): Demand['basis'] => (isExact ? 'exact' : 'estimate');
