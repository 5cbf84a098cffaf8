import { inVersion } from '../../in-process.ts';
import type { Call } from '../../spec/model.ts';
import type { TokenEstimator } from '../estimator.ts';
import type { Readings } from '../estimators/per-encoding.ts';
import { HashChain, hashOfText } from '../hash.ts';
import { fingerprintOf, hashOfOptions, type Fingerprint } from './fingerprint.ts';
import { textOf } from './text-of.ts';
import { walkCall, type CallContent, type CallTexts } from './walk-call.ts';

/** What is known of a call while it is under way. */
export interface Remembered {
  readonly content: CallContent;
  /** Of JSON values and files, which are taken not to change while the call is under way, unlike all else. */
  readonly texts: CallTexts;
  /** Options of the call for its provider. */
  readonly options: unknown;
  /** Counts that are no sum of what the conversation's memory has. */
  readonly counts: StoppedCount[];
  /** What estimators that share a pass over a text have read. */
  readonly readings: Readings;
  /** Tool definitions and response schema as text, once it was needed. */
  schemas?: string;
  schemasHash?: number;
  fingerprint?: Fingerprint;
  view?: number;
  /** How many tries of members by string ids are under way for the call, one inside another; see `planInTime`. */
  tries: number;
}

/** What an estimator said of the call from a leaf on, and up to which limit it may have counted. */
export interface StoppedCount {
  readonly estimator: TokenEstimator;
  readonly from: number;
  /** What the tokens of tool definitions were multiplied by. */
  readonly schemaWeight?: number;
  readonly tokens: number;
  readonly limit: number;
}

// By prompt array, weakly, so that a request is walked once however deep primitives nest.
const remembered: WeakMap<object, Remembered> = /* @__PURE__ */ inVersion('recall', () => new WeakMap());

/** What is remembered of this call, if its content is still what it was. */
export function recall(call: Call): Remembered {
  const known = remembered.get(call.prompt);
  const texts: CallTexts = known?.texts ?? new Map();
  const content = walkCall(call, texts);
  const options = call['providerOptions'] ?? call['providerMetadata'];
  const isSame =
    known?.content.messages.length === content.messages.length &&
    known.content.toolParts === content.toolParts &&
    known.content.tools === content.tools &&
    isSameList(known.content.leaves, content.leaves) &&
    isSameList(known.content.schemas, content.schemas);
  if (isSame && known.options === options) return known;
  const { view: _, ...same } = isSame
    ? known
    : { content, texts, counts: [], readings: new Map(), tries: known?.tries ?? 0 };
  const entry: Remembered = { ...same, options };
  remembered.set(call.prompt, entry);
  return entry;
}

/** Whether something of this call is remembered. */
export const isRemembered = ({ prompt }: Call): boolean => remembered.has(prompt);

/** Drops what is remembered of a call that is over. */
export function forget({ prompt }: Call): void {
  remembered.delete(prompt);
  // The engine keeps the last text that any regular expression matched: this is a shorter one.
  anything.test('');
}

const anything = /(?:)/;

/** Tool definitions and response schema as the text that they are sent as. */
export function schemasOf(entry: Remembered): string {
  const { schemas } = entry.content;
  return (entry.schemas ??= schemas.length === 0 ? '' : textOf(schemas));
}

export function schemasHashOf(entry: Remembered): number {
  return (entry.schemasHash ??= hashOfText(schemasOf(entry)));
}

export function fingerprintFor(entry: Remembered): Fingerprint {
  return (entry.fingerprint ??= fingerprintOf(entry.content));
}

/** The hash of all that a provider is sent beside the conversation: system messages, schemas, options. */
export function viewOf(entry: Remembered): number {
  if (entry.view !== undefined) return entry.view;
  const chain = new HashChain();
  chain.add(fingerprintFor(entry).system, 0);
  chain.add(schemasHashOf(entry), 1);
  chain.add(hashOfOptions(entry.options), 2);
  return (entry.view = chain.hash());
}

function isSameList(known: readonly unknown[], list: readonly unknown[]): boolean {
  if (known.length !== list.length) return false;
  for (let index = 0; index < list.length; index++) if (known[index] !== list[index]) return false;
  return true;
}
