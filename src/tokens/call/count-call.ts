import type { Demand } from '../../decision.ts';
import type { Call } from '../../spec/model.ts';
import type { TokenEstimator } from '../estimator.ts';
import { roundUp } from '../estimators/ratio.ts';
import { anchorFor } from './anchor.ts';
import { boundOf, type Uncounted } from './bound-of.ts';
import { countsBy } from './conversations.ts';
import { checked, type Counter, type InputCount } from './counter.ts';
import { mediumTokens } from './media.ts';
import { conversationFor, recall, schemasOf, type Remembered } from './recall.ts';
import { knownSchemaTokens, rememberSchemaTokens } from './schema-tokens.ts';
import { textOf } from './text-of.ts';
import type { CallContent } from './walk-call.ts';

// OpenAI rewrites tool definitions to something shorter than their JSON (at most 1.08 of its tokens, on 407 real
// tools, 2026); others put more around each.
const schemaWeight = 1.1;

/**
 * Input tokens of `call`, by the cheapest means that settles whether they are within `limit`: what a provider
 * reported of the conversation so far, and what is new; an upper bound; the estimator's count.
 */
export function countCall(
  call: Call,
  counter: Counter,
  limit: number,
  remembered: Remembered = recall(call),
): InputCount | Promise<InputCount> {
  if (counter.estimator.estimateCall) return countWhole(call, counter, limit, remembered);
  return countTexts(counter, limit, remembered, false);
}

/** What `estimateCall` says; of a call, it is asked once for a limit. */
function countWhole(
  call: Call,
  counter: Counter,
  limit: number,
  { wholes }: Remembered,
): InputCount | Promise<InputCount> {
  const { estimator } = counter;
  const factor = factorOf(counter);
  const own = limit / factor;
  const countOf = (tokens: number): InputCount => ({
    tokens: roundUp(tokens, 1, factor),
    basis: basisOf(counter),
    ...(tokens > own && { atLeast: true }),
  });
  // A count above its own limit may have stopped early: it only says "more than that limit".
  const known = wholes.find(
    (each) => each.estimator === estimator && (each.tokens <= each.limit || own <= each.limit),
  );
  if (known) return countOf(known.tokens);
  const keep = (counted: number): InputCount => {
    const tokens = checked(counted, estimator);
    wholes.push({ estimator, tokens, limit: own });
    return countOf(tokens);
  };
  const counted = estimator.estimateCall!(call, own);
  return typeof counted === 'object' ? Promise.resolve(counted).then(keep) : keep(counted);
}

function countTexts(
  counter: Counter,
  limit: number,
  remembered: Remembered,
  isLoaded: boolean,
): InputCount | Promise<InputCount> {
  const { estimator } = counter;
  const { content } = remembered;
  const factor = factorOf(counter);
  const conversation = conversationFor(remembered, false);
  const anchor = counter.anchor ? anchorFor(counter, conversation, remembered) : undefined;
  const from = anchor?.length ?? 0;
  const fixed = content.framing + mediaFrom(from, counter, remembered);
  const base = fixed + (anchor ? anchor.tokens - anchor.framing : 0);
  const result = (tokens: number, basis: Demand['basis']): InputCount => ({
    tokens: base + roundUp(tokens, 1, factor),
    basis: anchor ? 'anchored' : basis,
  });
  const room = (limit - base) / factor;
  const counts = conversation && countsBy(estimator, conversation);
  const schemas = anchor ? '' : schemasOf(remembered);
  const { tokens: known, uncounted } = textsFrom(from, content, counts, schemas, estimator);
  const bound = boundOf(uncounted, estimator, room - known);
  if (bound !== undefined) return result(known + bound, uncounted.length > 0 ? 'bound' : basisOf(counter));

  const loading = isLoaded ? undefined : estimator.load?.();
  if (loading) return loading.then(() => countTexts(counter, limit, remembered, true));
  const { tokens, atLeast } = estimateOf(uncounted, estimator, room - known, remembered);
  return { ...result(known + tokens, basisOf(counter)), ...(atLeast && { atLeast }) };
}

/** Of the leaves from `from` on, and the schemas: tokens known from earlier calls, and the texts that are new. */
function textsFrom(
  from: number,
  { leaves, media }: CallContent,
  counts: readonly number[] | undefined,
  schemas: string,
  estimator: TokenEstimator,
): { readonly tokens: number; readonly uncounted: readonly Uncounted[] } {
  const uncounted: Uncounted[] = [];
  let tokens = 0;
  for (let index = from; index < leaves.length; index++) {
    if (media.has(index)) continue;
    const known = counts?.[index] ?? Number.NaN;
    if (known >= 0) tokens += known;
    else uncounted.push({ index, text: textOf(leaves[index]), weight: 1 });
  }
  if (schemas === '') return { tokens, uncounted };
  const known = knownSchemaTokens(estimator, schemas);
  if (known === undefined) uncounted.push({ index: -1, text: schemas, weight: schemaWeight });
  return { tokens: tokens + (known ?? 0), uncounted };
}

/** The estimator's count of the texts, which the conversation remembers. May stop above `room`. */
function estimateOf(
  uncounted: readonly Uncounted[],
  estimator: TokenEstimator,
  room: number,
  remembered: Remembered,
): { readonly tokens: number; readonly atLeast?: true } {
  const counts = countsBy(estimator, conversationFor(remembered, true)!);
  let tokens = 0;
  for (const { index, text, weight } of uncounted) {
    const left = Math.max(0, (room - tokens) / weight);
    const counted = checked(
      estimator.estimateUpTo ? estimator.estimateUpTo(text, left) : estimator.estimateText(text),
      estimator,
    );
    const charged = roundUp(counted, 1, weight);
    tokens += charged;
    // It may have stopped early, so it says no more than this, and isn't remembered.
    if (estimator.estimateUpTo && counted > left) return { tokens, atLeast: true };
    if (index < 0) rememberSchemaTokens(estimator, text, charged);
    else counts[index] = charged;
  }
  return { tokens };
}

/** Tokens of the media from the leaf `from` on, which the conversation remembers as well. */
function mediaFrom(from: number, { tokenizer, mediaTokens }: Counter, remembered: Remembered): number {
  const { media } = remembered.content;
  if (media.size === 0) return 0;
  const counts = countsBy(tokenizer, conversationFor(remembered, true)!);
  let tokens = 0;
  for (const [index, medium] of media) {
    if (!medium || index < from) continue;
    if (!(counts[index]! >= 0)) {
      const own = mediaTokens?.(medium, tokenizer);
      counts[index] = own === undefined ? mediumTokens(medium, tokenizer) : Math.ceil(checked(own));
    }
    tokens += counts[index]!;
  }
  return tokens;
}

const factorOf = ({ estimator, tokenizer }: Counter): number =>
  estimator.ignoresVendor ? 1 : tokenizer.factor;

const basisOf = ({ isExact }: Counter): Demand['basis'] => (isExact ? 'exact' : 'estimate');
