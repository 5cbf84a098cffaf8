import type { Call } from '../../spec/model.ts';
import { conversationOf, type Conversation } from './conversations.ts';
import type { TokenEstimator } from '../estimator.ts';
import { textOf } from './text-of.ts';
import { walkCall, type CallContent, type CallTexts } from './walk-call.ts';

/** What is known of a call while it is under way. */
export interface Remembered {
  readonly content: CallContent;
  /** Of JSON values and files, which are taken not to change while the call is under way, unlike all else. */
  readonly texts: CallTexts;
  /** Counts of whole calls; those of texts are the conversation's. */
  readonly wholes: WholeCount[];
  /** Tool definitions and response schema as text, once it was needed. */
  schemas?: string;
  conversation?: Conversation | undefined;
  /** How many tries of members by string ids are under way for the call, one inside another; see `planInTime`. */
  tries: number;
}

/** What `estimateCall` said, and up to which limit it may have counted. */
export interface WholeCount {
  readonly estimator: TokenEstimator;
  readonly tokens: number;
  readonly limit: number;
}

// By prompt array, weakly, so that a request is walked once however deep primitives nest.
const remembered = new WeakMap<object, Remembered>();

/** What is remembered of this call, if its content is still what it was. */
export function recall(call: Call): Remembered {
  const known = remembered.get(call.prompt);
  const texts: CallTexts = known?.texts ?? new Map();
  const content = walkCall(call, texts);
  if (
    known?.content.framing === content.framing &&
    isSameList(known.content.leaves, content.leaves) &&
    isSameList(known.content.schemas, content.schemas)
  ) {
    return known;
  }
  const entry: Remembered = { content, texts, wholes: [], tries: known?.tries ?? 0 };
  remembered.set(call.prompt, entry);
  return entry;
}

/** Drops what is remembered of a call that is over: the garbage collector would take a microsecond for it. */
export function forget({ prompt }: Call): void {
  remembered.delete(prompt);
}

/** Tool definitions and response schema as the text that they are sent as. */
export function schemasOf(entry: Remembered): string {
  const { schemas } = entry.content;
  return (entry.schemas ??= schemas.length === 0 ? '' : textOf(schemas));
}

/** The conversation that the call belongs to, which may have gone on elsewhere since it was looked up. */
export function conversationFor(entry: Remembered, begin: boolean): Conversation | undefined {
  const { content, conversation } = entry;
  const isCurrent =
    conversation && content.leaves.every((leaf, index) => leaf === conversation.leaves[index]);
  return isCurrent ? conversation : (entry.conversation = conversationOf(content, begin));
}

function isSameList(known: readonly unknown[], list: readonly unknown[]): boolean {
  return known.length === list.length && known.every((each, index) => each === list[index]);
}
