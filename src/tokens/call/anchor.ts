import type { Decision } from '../../decision.ts';
import type { TokenEstimator } from '../estimator.ts';
import { lowerBound } from '../estimators/lower-bound.ts';
import { Recent } from '../recent.ts';
import { defaultEstimator } from '../resolve-estimator.ts';
import { factorOf, type Counter } from './counter.ts';
import { framingOf } from './framing.ts';
import { fingerprintFor, schemasOf, viewOf, type Remembered } from './recall.ts';
import { mediaOf, sumOf } from './sums.ts';
import { textOf } from './text-of.ts';
import { unitsIn, type CallContent } from './walk-call.ts';

/** The input tokens that a provider reported for the beginning of a conversation, and what of them is no text. */
interface Anchor {
  readonly tokens: number;
  readonly framing: number;
  readonly media: number;
}

/** An anchor, and the beginning that it is of. */
export interface Anchored extends Anchor {
  /** Index of the first leaf that isn't in it. */
  readonly end: number;
  readonly hash: number;
}

// By member, and there by the conversation's beginning and what was sent beside it: entries of four numbers.
const most = 1024;
const anchors = new WeakMap<Counter, Recent<Anchor>>();

/** What this member's provider reported of the conversation so far, sent with the same tools and options. */
export function anchorFor(counter: Counter, remembered: Remembered): Anchored | undefined {
  const known = anchors.get(counter);
  if (!known) return undefined;
  const { beginnings } = fingerprintFor(remembered);
  const view = viewOf(remembered);
  for (let index = beginnings.length - 1; index >= 0; index--) {
    const { end, hash } = beginnings[index]!;
    const anchor = known.get(hash - view);
    if (!anchor) continue;
    const { tokens, framing, media } = anchor; // on Node 20, a spread to add to takes microseconds
    return { tokens, framing, media, end, hash };
  }
  return undefined;
}

/** No server's window is smaller, in tokens: fewer than that are a mock's usage, not a prompt that was cut off. */
const leastCutOff = 256;

/**
 * Holds the input tokens that an answer reports against what was sent. Fewer than that can possibly have been:
 * somebody cut the prompt off, and both numbers are returned. Otherwise, and if they are credible, the next call of
 * the conversation builds on them, with `remember`.
 */
export function holdAgainst(
  reported: number,
  sent: Remembered,
  counter: Counter,
  remember: boolean,
): Decision['truncated'] {
  // There are no more tokens than UTF-16 units.
  if (!sent.isShort || unitsIn(sent.content) >= leastCutOff) {
    const least = leastOf(sent);
    if (reported < least) return least < leastCutOff ? undefined : { reported, sent: least };
  }
  if (!counter.anchor || !remember) return undefined;
  const media = mediaOf(counter, sent);
  if (!isCredible(reported, sent, counter, media) || reported < leastOf(sent)) return undefined;
  const known = anchors.get(counter) ?? new Recent<Anchor>(most);
  anchors.set(counter, known);
  const { hash } = fingerprintFor(sent).beginnings.at(-1)!;
  const framing = framingOf(sent.content, counter.tokenizer.vendor);
  known.set(hash - viewOf(sent), { tokens: reported, framing, media });
  return undefined;
}

const leastOf = (sent: Remembered): number =>
  sumOf(lowerBound, sent, (index) => countAt(sent, index, lowerBound, isSure));

/** Tokens of what a provider may add to a call: a product's own instructions. */
const mostAdded = 20_000;
/** Of the estimate, below and above which an answer reports other tokens than those of its prompt, all of it, once. */
const leastCredible = 0.5;
const mostCredible = 3;
/** The most that a medium costs, of what it is taken to cost. */
const mostOfMedia = 4;

/**
 * Whether a provider can have counted that many tokens of what was sent, and have read all of it.
 * `bench/vocabularies/credible.mjs` prints what real tokenizers make of real text.
 */
function isCredible(reported: number, sent: Remembered, counter: Counter, media: number): boolean {
  const { optional } = sent.content;
  const { tokenizer } = counter;
  // What the built-in estimator makes of a call is known already where members count by it.
  const estimator = defaultEstimator.forTokenizer?.(tokenizer) ?? defaultEstimator;
  const factor = factorOf({ estimator, tokenizer });
  const all = factor * estimateOf(estimator, estimator, sent, isText);
  const sure = optional.size > 0 ? factor * estimateOf(sureTextsOf(estimator), estimator, sent, isSure) : all;
  if (reported < leastCredible * sure) return false;
  if (reported < sure && isShapedLikeWindow(reported)) return false;
  if (mayCut(sent.options)) return false;
  // A prompt that goes on with what was counted before is no shorter.
  if (reported < (anchorFor(counter, sent)?.tokens ?? 0)) return false;
  const schemas = factor * schemasOf(sent).length; // a token for each character at most
  const framing = framingOf(sent.content, tokenizer.vendor);
  return reported <= mostCredible * (all + schemas + framing) + mostOfMedia * media + mostAdded;
}

/** A server that cuts prompts off reports its window, or a half of it, give or take a few tokens. */
function isShapedLikeWindow(reported: number): boolean {
  const fromWindow = (reported + 512) % 1024;
  return reported >= 1000 && Math.abs(fromWindow - 512) <= 8;
}

/** Whether the provider was asked to drop what is too much (OpenAI's `truncation`, OpenRouter's `transforms`). */
function mayCut(options: unknown): boolean {
  if (options === undefined) return false;
  return /"(truncat\w*|transforms)":(?!"disabled"|false|null|0|\[\])/i.test(textOf(options));
}

/** Whose memory has what an estimator makes of the texts that are sure to cost something. */
const sureTexts = new WeakMap<TokenEstimator, object>();

function sureTextsOf(estimator: TokenEstimator): object {
  const known = sureTexts.get(estimator) ?? {};
  sureTexts.set(estimator, known);
  return known;
}

function estimateOf(counter: object, estimator: TokenEstimator, sent: Remembered, counts: Counts): number {
  const { isShort, schemas, counts: known } = sent;
  if (isShort && schemas === '' && counts === isText) {
    const whole = known.find((each) => each.estimator === estimator && each.limit === Infinity);
    if (whole && whole.from === 0) return whole.tokens;
  }
  return sumOf(counter, sent, (index) => countAt(sent, index, estimator, counts));
}

function countAt(
  { content }: Remembered,
  index: number,
  { estimateText }: TokenEstimator,
  counts: Counts,
): number {
  return counts(content, index) ? estimateText(textOf(content.leaves[index])) : 0;
}

/** Which leaves count. */
type Counts = (content: CallContent, index: number) => boolean;
const isText: Counts = ({ media }, index) => !media.has(index);
/** Tools, media and reasoning may cost nothing. */
const isSure: Counts = ({ media, optional }, index) => !media.has(index) && !optional.has(index);
