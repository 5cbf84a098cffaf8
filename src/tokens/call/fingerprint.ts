import { inVersion } from '../../in-process.ts';
import { metadataKey } from '../../decision-of.ts';
import { isObject } from '../../errors/errors.ts';
import type { Message } from '../../sdk/model.ts';
import { sideTable, type SideTable } from '../../side-table.ts';
import { hashOfRow, hashOfText } from '../hash.ts';
import { textOf } from './text-of.ts';
import type { CallContent } from './walk-call.ts';

/** The first messages of a conversation, without system messages. */
export interface Beginning {
  /** Index of the first leaf that isn't included. */
  readonly end: number;
  readonly hash: number;
}

/** Hashes that identify a call's messages without keeping them in memory. */
export interface Fingerprint {
  /** The hash of the system messages at the start; 0 if there are none. */
  readonly system: number;
  /** The conversation up to the end of each of its last messages; the last entry is the whole conversation. */
  readonly beginnings: readonly Beginning[];
}

/**
 * How many messages back from the end a cached part of the conversation is looked for. A few are enough to find the
 * previous turn, or a recent turn from which the conversation branches.
 */
const farthestBack = 32;

/**
 * Hashes a call's messages.
 *
 * @param isShort whether hashing a message again costs less than looking up its cached hash
 */
export function fingerprintOf(content: CallContent, isShort: boolean): Fingerprint {
  const { leaves, messages, starts, opening } = content;
  const beginnings: Beginning[] = [];
  const hasher = new MessageHasher(content, isShort);
  let system = 0;
  let conversation = 0;
  // Not `messages.length`: the application may have added messages to its array in the meantime.
  for (let index = 0; index < starts.length; index++) {
    const start = starts[index]!;
    const end = starts[index + 1] ?? leaves.length;
    if (starts.length - index <= farthestBack && start > opening) {
      beginnings.push({ end: start, hash: conversation });
    }
    if (end === start) continue;
    const hash = hasher.hashOf(messages[index]!, start, end);
    if (start < opening) system = hashOfRow(system, hash);
    else conversation = hashOfRow(conversation, hash);
  }
  beginnings.push({ end: leaves.length, hash: conversation });
  return { system, beginnings };
}

/** The kind of a leaf, as bits. It is hashed too, so that equal texts of different kinds differ. */
const kinds = { medium: 1, optional: 2, made: 4, options: 8 };
const roles = ['system', 'user', 'assistant', 'tool'];

/** A message of plain text as it was when it was hashed, and its hash. */
interface KnownMessage {
  readonly role: string;
  readonly leaves: readonly unknown[];
  readonly hash: number;
}

// Hashes of objects that an application keeps and sends again, cached by the object itself, so that the cache never
// outlives it. The AI SDK creates new messages for each call, but passes on the same tool outputs.
const knownMessages = /* @__PURE__ */ sideTable<KnownMessage>();
const knownOutputs = /* @__PURE__ */ sideTable<{ readonly text: string; readonly hash: number }>();
const objects: SideTable<number> = /* @__PURE__ */ inVersion('hashes-of-objects', () => sideTable<number>());
const seen = /* @__PURE__ */ sideTable<true>();
const identities: { next: number } = /* @__PURE__ */ inVersion('identities', () => ({ next: 1 }));

/** Whether an object was seen before, so it will probably come again. Caching one-time objects costs more than hashing. */
function isSeenAgain(object: object): boolean {
  if (seen.get(object)) return true;
  seen.set(object, true);
  return false;
}

/** Hashes the messages of a call, in order. */
class MessageHasher {
  readonly #content: CallContent;
  readonly #isAllPlain: boolean;
  readonly #isKept: boolean;
  readonly #areOutputsKept: boolean;
  #nextOption = 0;
  #nextOutput = 0;

  constructor(content: CallContent, isShort: boolean) {
    const { messages, starts, opening, outputs, media, optional, made, options } = content;
    this.#content = content;
    this.#isAllPlain = media.size + optional.size + made.size + options.length === 0;
    const first = isShort ? -1 : starts.findIndex((start) => start >= opening);
    this.#isKept = first >= 0 && isSeenAgain(messages[first]!);
    this.#areOutputsKept = !isShort && !this.#isKept && outputs.length > 0 && isSeenAgain(outputs[0]![1]);
  }

  /** The hash of a message whose leaves are those from `start` to before `end`. */
  hashOf(message: Message, start: number, end: number): number {
    const { leaves } = this.#content;
    const known = this.#isKept ? knownMessages.get(message) : undefined;
    if (known && known.role === message.role && this.#isSame(known.leaves, start, end)) return known.hash;
    let hash = roles.indexOf(message.role) + 1;
    for (let index = start; index < end; index++) {
      hash = hashOfRow(this.#withOptions(hash, index), this.#hashOfLeaf(index), this.#kindOf(index));
    }
    if (this.#isKept && this.#isPlain(start, end)) {
      knownMessages.set(message, { role: message.role, leaves: leaves.slice(start, end), hash });
    }
    return hash;
  }

  #isSame(known: readonly unknown[], start: number, end: number): boolean {
    if (known.length !== end - start || !this.#isPlain(start, end)) return false;
    const { leaves } = this.#content;
    for (let index = start; index < end; index++) if (leaves[index] !== known[index - start]) return false;
    return true;
  }

  /** Whether the leaves are only texts and tool inputs of the message itself, without provider options. */
  #isPlain(start: number, end: number): boolean {
    if (this.#isAllPlain) return true;
    if ((this.#content.options[this.#nextOption]?.[0] ?? Infinity) < end) return false;
    for (let index = start; index < end; index++) if (this.#kindOf(index) !== 0) return false;
    return true;
  }

  #kindOf(index: number): number {
    if (this.#isAllPlain) return 0;
    const { media, optional, made } = this.#content;
    return (
      (media.has(index) ? kinds.medium : 0) |
      (optional.has(index) ? kinds.optional : 0) |
      (made.has(index) ? kinds.made : 0)
    );
  }

  /** `hash` with the provider options in front of a leaf. */
  #withOptions(hash: number, index: number): number {
    const { options } = this.#content;
    let all = hash;
    for (; (options[this.#nextOption]?.[0] ?? Infinity) <= index; this.#nextOption++) {
      const next = hashOfPartOptions(options[this.#nextOption]![1]);
      if (next > 0) all = hashOfRow(all, next, kinds.options);
    }
    return all;
  }

  #hashOfLeaf(index: number): number {
    const { leaves, media, outputs } = this.#content;
    const leaf = leaves[index];
    if (typeof leaf !== 'string') return hashOfObject(leaf, media.has(index));
    if (!this.#areOutputsKept) return hashOfText(leaf);
    while ((outputs[this.#nextOutput]?.[0] ?? Infinity) < index) this.#nextOutput++;
    const [at, output] = outputs[this.#nextOutput] ?? [];
    if (at !== index || !output) return hashOfText(leaf);
    const known = knownOutputs.get(output);
    if (known?.text === leaf) return known.hash;
    const hash = hashOfText(leaf);
    knownOutputs.set(output, { text: leaf, hash });
    return hash;
  }
}

/** The hash of a tool call's input by its JSON. Media are compared by identity: each object gets its own number. */
function hashOfObject(value: unknown, isMedium: boolean): number {
  if (!isObject(value)) return hashOfText(textOf(value));
  const known = objects.get(value);
  if (known !== undefined) return known;
  const hash = isMedium ? identities.next++ : hashOfText(textOf(value));
  objects.set(value, hash);
  return hash;
}

const ofParts = /* @__PURE__ */ sideTable<number>();

/** The hash of a part's or message's options. The same objects come back with every turn, so it is cached. */
function hashOfPartOptions(options: object): number {
  const known = ofParts.get(options);
  if (known !== undefined) return known;
  const hash = hashOfOptions(options);
  ofParts.set(options, hash);
  return hash;
}

/** Options that may change from turn to turn without changing the number of tokens. */
const irrelevant = new Set(['cacheControl', 'cache_control', 'cachePoint']);
const withoutIrrelevant = (name: string, value: unknown): unknown =>
  irrelevant.has(name) ? undefined : value;

/** The hash of provider options; 0 if there are none that change the number of tokens. */
export function hashOfOptions(options: unknown): number {
  if (options === undefined) return 0;
  let said = '';
  try {
    for (const [provider, own] of Object.entries(Object(options) as object)) {
      if (provider === metadataKey) continue; // read by ai-alloy, not by a provider
      const text = JSON.stringify(own, withoutIrrelevant) ?? '{}';
      if (text !== '{}') said += `${JSON.stringify(provider)}:${text},`;
    }
  } catch {
    return identities.next++; // circular, or a BigInt: treated as different from all others
  }
  return said === '' ? 0 : hashOfText(said);
}
