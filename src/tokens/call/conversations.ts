import type { CallContent } from './walk-call.ts';

// A conversation grows turn by turn, and the AI SDK passes its strings on as they are: what was counted once
// holds as long as leaf and leaf are the same. Kept for the process, within these bounds:
const mostConversations = 512;
const mostChars = 8_000_000;
/** Conversations that open with the same words. */
const mostAlike = 32;
/** What counts one conversation, and members that report its usage. */
const mostCounters = 16;

/** What the usage of an answer said about a conversation, as one member counts it. */
export interface Anchor {
  /** Input tokens that the provider reported. */
  readonly tokens: number;
  /** How many leaves they cover. */
  readonly length: number;
  /** Tool definitions and response schema of that call, as text. */
  readonly schemas: string;
  readonly framing: number;
}

/** What is remembered of a conversation: counts, and the leaves that they are of. */
export interface Conversation {
  /** What its messages held when it was seen last. */
  readonly leaves: unknown[];
  /** Index of the first leaf that no system message holds. */
  readonly opening: number;
  /** Tokens per leaf, by what counted them; NaN or missing where nothing was counted yet. */
  readonly counts: Map<object, number[]>;
  /** The latest usage, by the limits of the member that reported it. */
  readonly anchors: Map<object, Anchor>;
  /** Characters, or bytes, that each leaf keeps alive; an object's show when it is counted. */
  readonly sizes: number[];
  chars: number;
  /** Undefined once it is forgotten. */
  bucket: Conversation[] | undefined;
}

// By a fingerprint of the opening, the least recently used first.
const buckets = new Map<number, Conversation[]>();
let conversations = 0;
let chars = 0;

/**
 * The conversation that `content` belongs to, which then begins with all of `content`: the one remembered, or
 * a branch of it. One that shares nothing with any is begun only if `begin` says so.
 */
export function conversationOf(content: CallContent, begin: boolean): Conversation | undefined {
  const key = fingerprintOf(content);
  const bucket = buckets.get(key) ?? [];
  const known = closest(bucket, content);
  if (!known && !begin) return undefined;
  buckets.delete(key);
  buckets.set(key, bucket); // now the most recently used
  if (known?.isWhole) return known.conversation;
  const conversation = goesOn(content, known) ? known!.conversation : branchOf(known, content, bucket);
  follow(conversation, content);
  if (bucket.length > mostAlike) forget(bucket[0]!);
  if (conversation.chars > mostChars) forget(conversation);
  while (isFull()) forgetOldest();
  return conversation;
}

/** Tokens per leaf of a conversation by one counter: an estimator for texts, a member's tokenizer for media. */
export function countsBy(counter: object, { counts }: Conversation): number[] {
  const known = counts.get(counter);
  if (known) return known;
  const tokens: number[] = [];
  setBounded(counts, counter, tokens);
  return tokens;
}

/** Adds to a map that is kept small: members are made once, so it only fills up where they aren't. */
export function setBounded<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  if (map.size >= mostCounters) map.clear();
  map.set(key, value);
}

/** Notes how much a leaf keeps alive. */
export function weigh(conversation: Conversation, index: number, size: number): void {
  const more = size - (conversation.sizes[index] ?? 0);
  conversation.sizes[index] = size;
  conversation.chars += more;
  if (conversation.bucket) chars += more;
}

/** What a remembered conversation has in common with a call. */
interface Match {
  readonly conversation: Conversation;
  /** The index up to which they are the same from the opening on. */
  readonly shared: number;
  /** Whether that is all of the call, its system message included. */
  readonly isWhole: boolean;
}

/** Of conversations with one opening, the one that shares most with `content`; of equals, one with its system message. */
function closest(bucket: readonly Conversation[], content: CallContent): Match | undefined {
  const { leaves, opening } = content;
  let best: Match | undefined;
  let most = opening + 0.5;
  for (const conversation of bucket) {
    if (conversation.opening !== opening) continue;
    const fromStart = sharedLength(conversation, content, 0);
    if (fromStart === leaves.length) return { conversation, shared: fromStart, isWhole: true };
    const isSameSystem = fromStart >= opening;
    const shared = isSameSystem ? fromStart : sharedLength(conversation, content, opening);
    const rank = shared + (isSameSystem ? 0.5 : 0);
    if (rank > most) [best, most] = [{ conversation, shared, isWhole: false }, rank];
  }
  return best;
}

/** Whether `content` is the conversation and more; its system message may then tell another time. */
function goesOn({ leaves }: CallContent, match: Match | undefined): boolean {
  const length = match?.conversation.leaves.length ?? Infinity;
  return match?.shared === length && leaves.length > length;
}

/** The index up to which, from `from` on, leaf and leaf are the same. */
function sharedLength({ leaves: known }: Conversation, { leaves }: CallContent, from: number): number {
  let index = from;
  while (index < leaves.length && index < known.length && known[index] === leaves[index]) index++;
  return index;
}

/** A conversation of its own that takes over what another counted up to where they part. */
function branchOf(match: Match | undefined, { opening }: CallContent, bucket: Conversation[]): Conversation {
  const { conversation: known, shared = 0 } = match ?? {};
  const conversation: Conversation = {
    leaves: known?.leaves.slice(0, shared) ?? [],
    opening,
    counts: new Map(),
    anchors: new Map(),
    sizes: [],
    chars: 0,
    bucket,
  };
  known?.counts.forEach((tokens, counter) => conversation.counts.set(counter, tokens.slice(0, shared)));
  known?.anchors.forEach((anchor, limits) => {
    if (anchor.length <= shared) conversation.anchors.set(limits, anchor);
  });
  known?.sizes.slice(0, shared).forEach((size, index) => weigh(conversation, index, size));
  bucket.push(conversation);
  conversations++;
  return conversation;
}

/** Takes over what is new in `content`. */
function follow(conversation: Conversation, { leaves }: CallContent): void {
  const known = conversation.leaves;
  for (let index = 0; index < leaves.length; index++) {
    if (index < known.length && known[index] === leaves[index]) continue;
    if (index < known.length) conversation.anchors.clear();
    known[index] = leaves[index];
    weigh(conversation, index, sizeOf(leaves[index]));
    for (const tokens of conversation.counts.values()) tokens[index] = Number.NaN;
  }
}

const isFull = (): boolean => conversations > mostConversations || chars > mostChars;

function forgetOldest(): void {
  for (const [key, bucket] of buckets) {
    if (bucket.length > 0) return forget(bucket[0]!);
    buckets.delete(key);
  }
}

function forget(conversation: Conversation): void {
  const { bucket } = conversation;
  if (!bucket) return;
  bucket.splice(bucket.indexOf(conversation), 1);
  conversations--;
  chars -= conversation.chars;
  conversation.bucket = undefined;
}

function sizeOf(leaf: unknown): number {
  if (typeof leaf === 'string') return leaf.length;
  return leaf instanceof Uint8Array ? leaf.byteLength : 0;
}

/** A number from a few characters of the opening: a Map's own hash of a long string is its length alone. */
function fingerprintOf({ leaves, opening }: CallContent): number {
  const leaf = leaves[opening];
  let hash = sizeOf(leaf) + opening;
  if (typeof leaf !== 'string') return hash;
  const step = Math.max(1, leaf.length >> 4);
  for (let index = 0; index < leaf.length; index += step) {
    hash = Math.imul(hash ^ leaf.charCodeAt(index), 0x01000193);
  }
  return hash;
}
