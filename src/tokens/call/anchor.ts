import type { Decision } from '../../decision.ts';
import type { TokenEstimator } from '../estimator.ts';
import { lowerBound } from '../estimators/lower-bound.ts';
import { Recent } from '../recent.ts';
import { factorOf, type Counter } from './counter.ts';
import { framingOf } from './framing.ts';
import { fingerprintFor, schemasOf, contextHashOf, type Remembered } from './recall.ts';
import { mediaOf, sumOf } from './sums.ts';
import { textOf } from './text-of.ts';
import type { CallContent } from './walk-call.ts';

/** The input tokens that a provider reported for a conversation so far, and our counts of the parts that aren't text. */
interface Anchor {
  readonly tokens: number;
  readonly framing: number;
  readonly media: number;
}

/** An anchor, and which part of the conversation it covers. */
export interface Anchored extends Anchor {
  /** Index of the first leaf that the anchor doesn't cover. */
  readonly end: number;
  /** Hash of the messages that it covers. */
  readonly hash: number;
}

// Anchors of each member, by the hash of the conversation's messages, system messages, schemas and options. An entry
// holds four numbers.
const maxAnchors = 1024;
const anchors = new WeakMap<Counter, Recent<Anchor>>();

/** The longest part of this conversation for which this member's provider has reported tokens, for the same tools and options. */
export function anchorFor(counter: Counter, remembered: Remembered): Anchored | undefined {
  const known = anchors.get(counter);
  if (!known) return undefined;
  const { beginnings } = fingerprintFor(remembered);
  const contextHash = contextHashOf(remembered);
  for (let index = beginnings.length - 1; index >= 0; index--) {
    const { end, hash } = beginnings[index]!;
    const anchor = known.get(hash - contextHash);
    if (!anchor) continue;
    const { tokens, framing, media } = anchor; // on Node 20, a spread with more fields takes microseconds
    return { tokens, framing, media, end, hash };
  }
  return undefined;
}

/** No server has a smaller context window, in tokens: a usage that is off by less comes from a mock, not from truncation. */
const minTruncated = 256;

/**
 * Compares the input tokens that an answer reports with what was sent. If they are fewer than any tokenizer needs for
 * what was sent, the server has truncated the prompt: returns both numbers. Otherwise, if the report is credible and
 * `remember` is set, keeps it as an anchor for the next call of the conversation.
 */
export function checkReportedInput(
  reported: number,
  sent: Remembered,
  counter: Counter,
  remember: boolean,
): Decision['truncated'] {
  const min = textTokens(lowerBound, lowerBound, sent, isSure);
  if (reported < min) return min < minTruncated ? undefined : { reported, sent: min };
  if (!counter.anchor || !remember) return undefined;
  const framing = framingOf(sent.content, counter.tokenizer.vendor);
  const anchor: Anchor = { tokens: reported, framing, media: mediaOf(counter, sent) };
  if (!isCredible(anchor, sent, counter)) return undefined;
  const known = anchors.get(counter) ?? new Recent<Anchor>(maxAnchors);
  anchors.set(counter, known);
  const { hash } = fingerprintFor(sent).beginnings.at(-1)!;
  known.set(hash - contextHashOf(sent), anchor);
  return undefined;
}

/** The most tokens that a provider may add to a call, such as a product's own instructions. */
const maxAdded = 20_000;
/** Shares of our estimate. A report outside of them does not count the whole prompt exactly once. */
const minCredible = 0.5;
const maxCredible = 3;
/** The most tokens that a file may cost, as a multiple of our estimate for it. */
const maxMediaFactor = 4;

/**
 * Whether a provider that has read the whole prompt can have reported that many tokens.
 * `bench/vocabularies/credible.mjs` prints real token counts of real texts.
 */
function isCredible(
  { tokens: reported, framing, media }: Anchor,
  sent: Remembered,
  counter: Counter,
): boolean {
  const { optional } = sent.content;
  // Where members count with the built-in estimator, its count of this call is known already.
  const { builtIn: estimator, tokenizer } = counter;
  const factor = factorOf({ estimator, tokenizer });
  const all = factor * (shortCountOf(estimator, sent) ?? textTokens(estimator, estimator, sent, isText));
  const sure = optional.size > 0 ? factor * textTokens(sureTextsOf(estimator), estimator, sent, isSure) : all;
  if (reported < minCredible * sure) return false;
  if (reported < sure && isShapedLikeWindow(reported)) return false;
  if (mayTruncate(sent.options)) return false;
  // The conversation has grown since the last report, so it can't have fewer tokens now.
  if (reported < (anchorFor(counter, sent)?.tokens ?? 0)) return false;
  const schemas = factor * schemasOf(sent).length; // at most one token per character
  return reported <= maxCredible * (all + schemas + framing) + maxMediaFactor * media + maxAdded;
}

/** A server that truncates prompts reports its context window, or half of it, give or take a few tokens. */
function isShapedLikeWindow(reported: number): boolean {
  const fromWindow = (reported + 512) % 1024;
  return reported >= 1000 && Math.abs(fromWindow - 512) <= 8;
}

/** Whether the call allows the provider to truncate the prompt (OpenAI's `truncation`, OpenRouter's `transforms`). */
function mayTruncate(options: unknown): boolean {
  if (options === undefined) return false;
  return /"(truncat\w*|transforms)":(?!"disabled"|false|null|0|\[\])/i.test(textOf(options));
}

/** For each estimator, the key under which `tokensBy` keeps its counts of the texts that certainly cost tokens. */
const sureTexts = new WeakMap<TokenEstimator, object>();

function sureTextsOf(estimator: TokenEstimator): object {
  const known = sureTexts.get(estimator) ?? {};
  sureTexts.set(estimator, known);
  return known;
}

/** The estimator's count of a short call without schemas, if it has counted it. */
function shortCountOf(
  estimator: TokenEstimator,
  { isShort, schemas, counts }: Remembered,
): number | undefined {
  if (!isShort || schemas !== '') return undefined;
  for (const each of counts)
    if (each.estimator === estimator && each.from === 0 && each.limit === Infinity) return each.tokens;
  return undefined;
}

/** Tokens of the leaves that `counts` chooses. The sums are cached under `counter`. */
function textTokens(counter: object, estimator: TokenEstimator, sent: Remembered, counts: Counts): number {
  const { content } = sent;
  return sumOf(counter, sent, (index) =>
    counts(content, index) ? estimator.estimateText(textOf(content.leaves[index])) : 0,
  );
}

/** Decides which leaves to count. */
type Counts = (content: CallContent, index: number) => boolean;
const isText: Counts = ({ media }, index) => !media.has(index);
/** Tools, media and reasoning may cost nothing. */
const isSure: Counts = ({ media, optional }, index) => !media.has(index) && !optional.has(index);
