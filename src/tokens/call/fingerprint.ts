import { inVersion } from '../../in-process.ts';
import { metadataKey } from '../../decision-of.ts';
import { isObject } from '../../errors/errors.ts';
import type { Message } from '../../sdk/model.ts';
import { sideTable, type SideTable } from '../../side-table.ts';
import { HashChain, hashOfText } from '../hash.ts';
import { textOf } from './text-of.ts';
import type { CallContent } from './walk-call.ts';

/** A beginning of a conversation: what its messages hold, system messages apart. */
export interface Beginning {
  /** Index of the first leaf that isn't in it. */
  readonly end: number;
  readonly hash: number;
}

/** What tells a call's messages from others, without keeping them. */
export interface Fingerprint {
  /** Of the system messages that come first. */
  readonly system: number;
  /** The conversation up to the ends of its last messages, the whole of it last. */
  readonly beginnings: readonly Beginning[];
}

/**
 * How many messages before its end a conversation is looked for: calls end where a turn does, so a few are enough for
 * the next turn, and for a branch from a turn that isn't long ago.
 */
const farthestBack = 32;

/** @param isShort whether to hash a message again costs less than to know it again */
export function fingerprintOf(content: CallContent, isShort: boolean): Fingerprint {
  const { leaves, messages, starts, opening } = content;
  const system = new HashChain();
  const conversation = new HashChain();
  const beginnings: Beginning[] = [];
  const hasher = new MessageHasher(content, isShort);
  // The application may have gone on with its list meanwhile.
  for (let index = 0; index < starts.length; index++) {
    const start = starts[index]!;
    const end = starts[index + 1] ?? leaves.length;
    if (starts.length - index <= farthestBack && start > opening) {
      beginnings.push({ end: start, hash: conversation.hash() });
    }
    if (end === start) continue;
    (start < opening ? system : conversation).add(hasher.hashOf(messages[index]!, start, end), 0);
  }
  beginnings.push({ end: leaves.length, hash: conversation.hash() });
  return { system: system.hash(), beginnings };
}

/** What a leaf is, as bits: it tells apart what has one hash. */
const kinds = { medium: 1, optional: 2, made: 4, options: 8 };
const roles = ['system', 'user', 'assistant', 'tool'];

/** A message of plain text as it was, and its hash. */
interface KnownMessage {
  readonly role: string;
  readonly leaves: readonly unknown[];
  readonly hash: number;
}

// What an application keeps and sends again is hashed once, and known by the object that has it: so nothing of it is
// kept longer than that. The AI SDK makes messages anew for each call, but not the outputs of tools.
const knownMessages = /* @__PURE__ */ sideTable<KnownMessage>();
const knownOutputs = /* @__PURE__ */ sideTable<{ readonly text: string; readonly hash: number }>();
const objects: SideTable<number> = /* @__PURE__ */ inVersion('hashes-of-objects', () => sideTable<number>());
const seen = /* @__PURE__ */ sideTable<true>();
const identities: { next: number } = /* @__PURE__ */ inVersion('identities', () => ({ next: 1 }));

/** Whether an object was seen before, and so may well be again. To remember those that aren't costs more than a hash. */
function isSeenAgain(object: object): boolean {
  if (seen.get(object)) return true;
  seen.set(object, true);
  return false;
}

/** Hashes the messages of a call, in order. */
class MessageHasher {
  private readonly content: CallContent;
  private readonly isAllPlain: boolean;
  private readonly isKept: boolean;
  private readonly areOutputsKept: boolean;
  private readonly chain = new HashChain();
  private nextOption = 0;
  private nextOutput = 0;

  constructor(content: CallContent, isShort: boolean) {
    const { messages, starts, opening, outputs, media, optional, made, options } = content;
    this.content = content;
    this.isAllPlain = media.size + optional.size + made.size + options.length === 0;
    const first = isShort ? -1 : starts.findIndex((start) => start >= opening);
    this.isKept = first >= 0 && isSeenAgain(messages[first]!);
    this.areOutputsKept = !isShort && !this.isKept && outputs.length > 0 && isSeenAgain(outputs[0]![1]);
  }

  /** The hash of a message that has the leaves from `start` to `end`. */
  hashOf(message: Message, start: number, end: number): number {
    const { leaves } = this.content;
    const known = this.isKept ? knownMessages.get(message) : undefined;
    if (known && known.role === message.role && this.isSame(known.leaves, start, end)) return known.hash;
    this.chain.reset();
    this.chain.add(roles.indexOf(message.role) + 1, 0);
    for (let index = start; index < end; index++) {
      this.addOptions(index);
      this.chain.add(this.hashOfLeaf(index), this.kindOf(index));
    }
    const hash = this.chain.hash();
    if (this.isKept && this.isPlain(start, end)) {
      knownMessages.set(message, { role: message.role, leaves: leaves.slice(start, end), hash });
    }
    return hash;
  }

  private isSame(known: readonly unknown[], start: number, end: number): boolean {
    if (known.length !== end - start || !this.isPlain(start, end)) return false;
    const { leaves } = this.content;
    for (let index = start; index < end; index++) if (leaves[index] !== known[index - start]) return false;
    return true;
  }

  /** Whether leaves are texts and inputs of the message itself, and nothing else is said of them. */
  private isPlain(start: number, end: number): boolean {
    if (this.isAllPlain) return true;
    if ((this.content.options[this.nextOption]?.[0] ?? Infinity) < end) return false;
    for (let index = start; index < end; index++) if (this.kindOf(index) !== 0) return false;
    return true;
  }

  private kindOf(index: number): number {
    if (this.isAllPlain) return 0;
    const { media, optional, made } = this.content;
    return (
      (media.has(index) ? kinds.medium : 0) |
      (optional.has(index) ? kinds.optional : 0) |
      (made.has(index) ? kinds.made : 0)
    );
  }

  private addOptions(index: number): void {
    const { options } = this.content;
    for (; (options[this.nextOption]?.[0] ?? Infinity) <= index; this.nextOption++) {
      const hash = hashOfPartOptions(options[this.nextOption]![1]);
      if (hash > 0) this.chain.add(hash, kinds.options);
    }
  }

  private hashOfLeaf(index: number): number {
    const { leaves, media, outputs } = this.content;
    const leaf = leaves[index];
    if (typeof leaf !== 'string') return hashOfObject(leaf, media.has(index));
    if (!this.areOutputsKept) return hashOfText(leaf);
    while ((outputs[this.nextOutput]?.[0] ?? Infinity) < index) this.nextOutput++;
    const [at, output] = outputs[this.nextOutput] ?? [];
    if (at !== index || !output) return hashOfText(leaf);
    const known = knownOutputs.get(output);
    if (known?.text === leaf) return known.hash;
    const hash = hashOfText(leaf);
    knownOutputs.set(output, { text: leaf, hash });
    return hash;
  }
}

/** Of a tool call's input, its JSON; a medium's bytes are as good as another's only if they are the same object. */
function hashOfObject(value: unknown, isMedium: boolean): number {
  if (!isObject(value)) return hashOfText(textOf(value));
  const known = objects.get(value);
  if (known !== undefined) return known;
  const hash = isMedium ? identities.next++ : hashOfText(textOf(value));
  objects.set(value, hash);
  return hash;
}

const ofParts = /* @__PURE__ */ sideTable<number>();

/** Of a part's or a message's options, which come back with every turn as the objects that they are. */
function hashOfPartOptions(options: object): number {
  const known = ofParts.get(options);
  if (known !== undefined) return known;
  const hash = hashOfOptions(options);
  ofParts.set(options, hash);
  return hash;
}

/** Options that come and go from turn to turn, and have nothing to do with how many tokens there are. */
const irrelevant = new Set(['cacheControl', 'cache_control', 'cachePoint']);
const withoutIrrelevant = (name: string, value: unknown): unknown =>
  irrelevant.has(name) ? undefined : value;

/** The hash of options for providers; 0 where there are none that matter. */
export function hashOfOptions(options: unknown): number {
  if (options === undefined) return 0;
  let said = '';
  try {
    for (const [provider, own] of Object.entries(Object(options) as object)) {
      if (provider === metadataKey) continue; // for us, not for a provider
      const text = JSON.stringify(own, withoutIrrelevant) ?? '{}';
      if (text !== '{}') said += `${JSON.stringify(provider)}:${text},`;
    }
  } catch {
    return identities.next++; // circular, or a BigInt: like no others
  }
  return said === '' ? 0 : hashOfText(said);
}
