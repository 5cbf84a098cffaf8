import { metadataKey } from '../../decision-of.ts';
import { isObject } from '../../errors.ts';
import { HashChain, hashOfText } from '../hash.ts';
import { textOf } from './text-of.ts';
import { leafKind, type CallContent } from './walk-call.ts';

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

export function fingerprintOf(content: CallContent): Fingerprint {
  const { leaves, kinds, opening } = content;
  const hashes = leaves.map((_, index) => hashOfLeaf(content, index));
  const system = new HashChain();
  const conversation = new HashChain();
  const beginnings: Beginning[] = [];
  let messagesLeft = kinds.reduce((count, kind) => count + (kind & leafKind.first ? 1 : 0), 0);
  let option = 0;
  for (let index = 0; index < leaves.length; index++) {
    const chain = index < opening ? system : conversation;
    const kind = kinds[index]!;
    if (kind & leafKind.first && messagesLeft-- <= farthestBack && index > opening) {
      beginnings.push({ end: index, hash: conversation.hash() });
    }
    for (; content.options[option]?.[0] === index; option++) {
      const hash = hashOfPartOptions(content.options[option]![1]);
      if (hash > 0) chain.add(hash, optionsKind);
    }
    chain.add(hashes[index]!, kind);
  }
  beginnings.push({ end: leaves.length, hash: conversation.hash() });
  return { system: system.hash(), beginnings };
}

const optionsKind = -1;

/** What doesn't change is hashed once; by the object that holds it, so that none of it is kept longer than that. */
const heldTexts = new WeakMap<object, { readonly text: string; readonly hash: number }>();
const objects = new WeakMap<object, number>();
let nextIdentity = 1;

/** Characters from which on looking a text up by its holder is cheaper than to hash it. */
const longText = 256;

function hashOfLeaf({ leaves, holders, kinds }: CallContent, index: number): number {
  const leaf = leaves[index];
  if (typeof leaf !== 'string') return hashOfObject(leaf, (kinds[index]! & leafKind.medium) !== 0);
  const holder = leaf.length < longText ? undefined : holders[index];
  if (!holder) return hashOfText(leaf);
  const known = heldTexts.get(holder);
  if (known?.text === leaf) return known.hash;
  const hash = hashOfText(leaf);
  heldTexts.set(holder, { text: leaf, hash });
  return hash;
}

/** Of a tool call's input, its JSON; a medium's bytes are as good as another's only if they are the same object. */
function hashOfObject(value: unknown, isMedium: boolean): number {
  if (!isObject(value)) return hashOfText(textOf(value));
  const known = objects.get(value);
  if (known !== undefined) return known;
  const hash = isMedium ? nextIdentity++ : hashOfText(textOf(value));
  objects.set(value, hash);
  return hash;
}

const ofParts = new WeakMap<object, number>();

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
  let said = '';
  try {
    for (const [provider, own] of Object.entries(Object(options) as object)) {
      if (provider === metadataKey) continue; // for us, not for a provider
      const text = JSON.stringify(own, withoutIrrelevant) ?? '{}';
      if (text !== '{}') said += `${JSON.stringify(provider)}:${text},`;
    }
  } catch {
    return nextIdentity++; // circular, or a BigInt: like no others
  }
  return said === '' ? 0 : hashOfText(said);
}
