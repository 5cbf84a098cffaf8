import type { Decision } from '../../decision.ts';
import { anchorOf, countsBy, setAnchor, type Anchor, type Conversation } from './conversations.ts';
import type { Counter } from './counter.ts';
import { lowerBound } from '../estimators/lower-bound.ts';
import { bytesPerUnit } from '../estimators/utf8-bytes.ts';
import { textOf } from './text-of.ts';
import { conversationFor, schemasOf, type Remembered } from './recall.ts';

/** What this member's provider reported of the conversation so far, if the call goes on with exactly that. */
export function anchorFor(
  counter: Counter,
  conversation: Conversation | undefined,
  remembered: Remembered,
): Anchor | undefined {
  const anchor = conversation && anchorOf(counter, conversation);
  if (!anchor || anchor.length > remembered.content.leaves.length) return undefined;
  return conversation.schemas === schemasOf(remembered) ? anchor : undefined;
}

/** No server's window is smaller, in tokens: fewer than that are a mock's usage, not a prompt that was cut off. */
const leastCutOff = 256;
/** Tokens of what a provider may add to a call: a product's own instructions. */
const mostAdded = 20_000;

/**
 * Holds the input tokens that an answer reports against what was sent. Fewer than that can possibly have been:
 * somebody cut the prompt off, and both numbers are returned. Otherwise the next call of the conversation
 * builds on them, with `remember`; but not on more than can have been sent, which adds up several prompts.
 */
export function holdAgainst(
  reported: number,
  sent: Remembered,
  counter: Counter,
  remember: boolean,
): Decision['truncated'] {
  const least = lowerBoundOf(sent);
  if (reported < least) return least < leastCutOff ? undefined : { reported, sent: least };
  if (!counter.anchor || !remember || !canHaveBeen(reported, sent)) return undefined;
  const { leaves, framing } = sent.content;
  const anchor = { tokens: reported, length: leaves.length, framing };
  setAnchor(counter, conversationFor(sent, true)!, anchor, schemasOf(sent));
  return undefined;
}

/** The fewest tokens that the call's texts can have been. Tools, media and reasoning may cost nothing. */
function lowerBoundOf(sent: Remembered): number {
  const { leaves, media, optional } = sent.content;
  const counts = countsBy(lowerBound, conversationFor(sent, true)!);
  let tokens = 0;
  for (let index = 0; index < leaves.length; index++) {
    if (media.has(index) || optional.has(index)) continue;
    if (!(counts[index]! >= 0)) counts[index] = lowerBound.estimateText(textOf(leaves[index]));
    tokens += counts[index]!;
  }
  return tokens;
}

/** Whether that many tokens can have been sent: a token is a byte at least, and a UTF-16 unit three at most. */
function canHaveBeen(tokens: number, sent: Remembered): boolean {
  const { leaves, media, framing } = sent.content;
  if (media.size > 0) return true;
  let left = (tokens - framing - mostAdded) / bytesPerUnit - schemasOf(sent).length;
  for (const leaf of leaves) {
    if (left <= 0) break;
    left -= textOf(leaf).length;
  }
  return left <= 0;
}
