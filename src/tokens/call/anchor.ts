import type { Decision } from '../../decision.ts';
import type { Call } from '../../spec/model.ts';
import { countsBy, setBounded, weigh, type Anchor, type Conversation } from './conversations.ts';
import type { Counter } from './counter.ts';
import { lowerBound } from '../estimators/lower-bound.ts';
import { conversationFor, recall, schemasOf, type Remembered } from './recall.ts';
import { textOf } from './text-of.ts';

/** What this member's provider reported of the conversation so far, if the call goes on with exactly that. */
export function anchorFor(
  counter: Counter,
  conversation: Conversation | undefined,
  remembered: Remembered,
): Anchor | undefined {
  const anchor = conversation?.anchors.get(counter);
  if (!anchor || anchor.length > remembered.content.leaves.length) return undefined;
  return anchor.schemas === schemasOf(remembered) ? anchor : undefined;
}

/** No server's window is smaller, in tokens: fewer than that are a mock's usage, not a prompt that was cut off. */
const leastCutOff = 256;

/**
 * Holds the input tokens that an answer reports against what was sent. Fewer than that can possibly have been:
 * somebody cut the prompt off, and both numbers are returned. Otherwise the next call of the conversation
 * builds on them, with `remember`.
 */
export function holdAgainst(
  reported: number,
  call: Call,
  counter: Counter,
  remember: boolean,
): Decision['truncated'] {
  const remembered = recall(call);
  const sent = lowerBoundOf(remembered);
  if (reported < sent) return sent < leastCutOff ? undefined : { reported, sent };
  if (!counter.anchor || !remember) return undefined;
  const { leaves, framing } = remembered.content;
  const { anchors } = conversationFor(remembered, true)!;
  const schemas = schemasOf(remembered);
  setBounded(anchors, counter, { tokens: reported, length: leaves.length, schemas, framing });
  return undefined;
}

/** The fewest tokens that the call's texts can have been. Tools, media and reasoning may cost nothing. */
function lowerBoundOf(remembered: Remembered): number {
  const { leaves, media, optional } = remembered.content;
  const conversation = conversationFor(remembered, true)!;
  const counts = countsBy(lowerBound, conversation);
  let tokens = 0;
  for (let index = 0; index < leaves.length; index++) {
    if (media.has(index) || optional.has(index)) continue;
    if (!(counts[index]! >= 0)) {
      const text = textOf(leaves[index]);
      counts[index] = lowerBound.estimateText(text);
      weigh(conversation, index, text.length);
    }
    tokens += counts[index]!;
  }
  return tokens;
}
