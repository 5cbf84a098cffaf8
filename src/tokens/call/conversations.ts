import { isObject } from '../../errors.ts';
import { textOf } from './text-of.ts';
import type { CallContent } from './walk-call.ts';

// A conversation grows turn by turn, and says the same again each time: what was counted once holds as long as
// leaf and leaf are the same. Kept for the process, within these bounds:
const mostConversations = 2000;
const mostChars = 8_000_000;
/** Conversations that open with the same words. */
const mostAlike = 256;
/** What counts one conversation, and members that report its usage. */
const mostCounters = 16;

/** What the usage of an answer said about a conversation, as one member counts it. */
export interface Anchor {
  /** Input tokens that the provider reported. */
  readonly tokens: number;
  /** How many leaves they cover. */
  readonly length: number;
  readonly framing: number;
}

/** What is remembered of a conversation: counts, and the leaves that they are of. */
export interface Conversation {
  /** What its messages held when it was seen last. */
  readonly leaves: unknown[];
  /** Index of the first leaf that no system message holds. */
  readonly opening: number;
  /** Tokens per leaf, by what counted them; NaN or missing where nothing was counted yet. */
  readonly counts: Map<number, number[]>;
  /** The latest usage, by the member that reported it. */
  readonly anchors: Map<number, Anchor>;
  /** Tool definitions and response schema, as text, of the calls that its anchors are of. */
  schemas: string;
  /** Characters, or bytes, that it keeps alive. */
  chars: number;
  /** Undefined once it is forgotten. */
  bucket: Conversation[] | undefined;
}

// By a fingerprint of the opening; the least recently used first, here and in each bucket.
const buckets = new Map<number, Conversation[]>();
let conversations = 0;
let chars = 0;

// Numbers stand for estimators and members, so that a conversation keeps none of them alive.
const numbers = new WeakMap<object, number>();
let nextNumber = 0;

function numberOf(counter: object): number {
  if (!numbers.has(counter)) numbers.set(counter, nextNumber++);
  return numbers.get(counter)!;
}

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
  const isKnown = known && (known.isWhole || goesOn(content, known));
  const conversation = isKnown ? known.conversation : branchOf(known, content);
  moveToEnd(bucket, conversation);
  if (!known?.isWhole) follow(conversation, content);
  if (bucket.length > mostAlike) forget(bucket[0]!);
  if (conversation.chars > mostChars) forget(conversation);
  if (bucket.length === 0) buckets.delete(key);
  while (isFull()) forgetOldest();
  return conversation;
}

/** Tokens per leaf of a conversation by one counter: an estimator for texts, a member's tokenizer for media. */
export function countsBy(counter: object, { counts }: Conversation): number[] {
  const number = numberOf(counter);
  const known = counts.get(number);
  if (known) return known;
  const tokens: number[] = [];
  setBounded(counts, number, tokens);
  return tokens;
}

/** What a member's provider reported of a conversation. */
export function anchorOf(member: object, { anchors }: Conversation): Anchor | undefined {
  return anchors.get(numberOf(member));
}

export function setAnchor(member: object, conversation: Conversation, anchor: Anchor, schemas: string): void {
  // Members share the tools of a call: equal schemas are kept once, and other tools end the anchors on those before.
  if (conversation.schemas !== schemas) {
    conversation.anchors.clear();
    weigh(conversation, schemas.length - conversation.schemas.length);
    conversation.schemas = schemas;
  }
  setBounded(conversation.anchors, numberOf(member), anchor);
}

/** Adds to a map that is kept small: members are made once, so it only fills up where they aren't. */
function setBounded<Value>(map: Map<number, Value>, key: number, value: Value): void {
  if (map.size >= mostCounters) map.clear();
  map.set(key, value);
}

function weigh(conversation: Conversation, more: number): void {
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
function goesOn({ leaves }: CallContent, { conversation, shared }: Match): boolean {
  const { length } = conversation.leaves;
  return shared === length && leaves.length > length;
}

/** The index up to which, from `from` on, leaf and leaf are the same. */
function sharedLength({ leaves: known }: Conversation, { leaves }: CallContent, from: number): number {
  let index = from;
  for (; index < leaves.length && index < known.length; index++) {
    if (known[index] !== leaves[index] && !isSameJson(known[index], leaves[index])) break;
    known[index] = leaves[index]; // an equal one of another request: the next look at this one is at its address
  }
  return index;
}

/** Whether two tool inputs say the same: a history that comes as JSON has new ones each time. */
function isSameJson(known: unknown, leaf: unknown): boolean {
  return isPlain(known) && isPlain(leaf) && textOf(known) === textOf(leaf);
}

const isPlain = (leaf: unknown): boolean =>
  Array.isArray(leaf) || (isObject(leaf) && Object.getPrototypeOf(leaf) === Object.prototype);

/** A conversation of its own that takes over what another counted up to where they part; in no bucket yet. */
function branchOf(match: Match | undefined, { opening }: CallContent): Conversation {
  const { conversation: known, shared = 0 } = match ?? {};
  const leaves = known?.leaves.slice(0, shared) ?? [];
  const branch: Conversation = {
    leaves,
    opening,
    counts: new Map(),
    anchors: new Map(),
    schemas: known?.schemas ?? '',
    chars: known?.schemas.length ?? 0,
    bucket: undefined,
  };
  known?.counts.forEach((tokens, counter) => branch.counts.set(counter, tokens.slice(0, shared)));
  known?.anchors.forEach((anchor, member) => {
    if (anchor.length <= shared) branch.anchors.set(member, anchor);
  });
  for (const leaf of leaves) branch.chars += sizeOf(leaf);
  return branch;
}

function moveToEnd(bucket: Conversation[], conversation: Conversation): void {
  if (bucket.at(-1) === conversation) return;
  const index = bucket.indexOf(conversation);
  if (index >= 0) bucket.splice(index, 1);
  else {
    conversation.bucket = bucket;
    conversations++;
    chars += conversation.chars;
  }
  bucket.push(conversation);
}

/** Takes over what is new in `content`. */
function follow(conversation: Conversation, { leaves }: CallContent): void {
  const known = conversation.leaves;
  for (let index = 0; index < leaves.length; index++) {
    if (index < known.length && known[index] === leaves[index]) continue;
    if (index < known.length) {
      conversation.anchors.clear();
      weigh(conversation, -sizeOf(known[index]));
    }
    known[index] = leaves[index];
    weigh(conversation, sizeOf(leaves[index]));
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
  if (leaf instanceof Uint8Array) return leaf.byteLength;
  return isPlain(leaf) ? textOf(leaf).length : 0;
}

/** A number from a few characters of the opening: a Map's own hash of a long string is its length alone. */
function fingerprintOf({ leaves, opening }: CallContent): number {
  const first = leaves[opening];
  const isMedium = typeof first === 'string' && first.startsWith('\0');
  const leaf = isMedium ? leaves[opening + 1] : first; // after a medium's type comes its data
  if (typeof leaf !== 'string') return sizeOf(leaf) + opening;
  let hash = leaf.length + opening;
  const step = Math.max(1, leaf.length >> 4);
  for (let index = 0; index < leaf.length; index += step) {
    hash = Math.imul(hash ^ leaf.charCodeAt(index), 0x01000193);
  }
  return hash;
}
