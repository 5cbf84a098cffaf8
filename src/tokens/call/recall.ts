import { inVersion } from '../../in-process.ts';
import type { Call } from '../../sdk/model.ts';
import type { TokenEstimator } from '../estimator.ts';
import type { Counter, InputCount } from './counter.ts';
import type { Readings } from '../estimators/per-encoding.ts';
import { sideTable, type SideTable } from '../../side-table.ts';
import { HashChain, hashOfText } from '../hash.ts';
import { fingerprintOf, hashOfOptions, type Fingerprint } from './fingerprint.ts';
import { textOf } from './text-of.ts';
import { isUnchanged, unitsIn, walkCall, type CallContent } from './walk-call.ts';

/** What is known of a call while it is under way. */
export interface Remembered {
  readonly content: CallContent;
  /** Options of the call for its provider. */
  readonly options: unknown;
  /** What estimators made of the call. */
  readonly counts: KnownCount[];
  readonly wholes: WholeCount[];
  /** What the call comes to for members, whom the fit check asks again. */
  readonly inputs: KnownInput[];
  /** Whether its texts are so short that to count them again is cheaper than to know them again by their hashes. */
  readonly isShort: boolean;
  /** What estimators that share a pass over a text have read. */
  readings: Readings | undefined;
  /** Tool definitions and response schema as text, once it was needed. */
  schemas: string | undefined;
  schemasHash: number | undefined;
  fingerprint: Fingerprint | undefined;
  view: number | undefined;
  /** How many tries of members by string ids are under way for the call, one inside another; see `planInTime`. */
  tries: number;
}

/** What `estimateCall` of an estimator said of the whole call, media and framing included. */
export interface WholeCount {
  readonly estimator: TokenEstimator;
  readonly tokens: number;
  /** It may have stopped above this. */
  readonly limit: number;
}

/** What an estimator made of the texts of the call from a leaf on. */
export interface KnownCount {
  readonly estimator: TokenEstimator;
  readonly from: number;
  /** What the tokens of tool definitions were multiplied by. */
  readonly schemaWeight: number;
  readonly tokens: number;
  /** Up to how many tokens it may have counted; Infinity where it counted all. */
  readonly limit: number;
}

export interface KnownInput {
  readonly counter: Counter;
  readonly limit: number;
  readonly count: InputCount;
}

// By prompt array, so that a request is walked once however deep primitives nest.
const remembered: SideTable<Remembered | undefined> = /* @__PURE__ */ inVersion('recall', () =>
  sideTable<Remembered | undefined>(),
);

/** What is remembered of this call, if its content is still what it was. */
export function recall(call: Call): Remembered {
  const known = remembered.get(call.prompt);
  const options = call['providerOptions'] ?? call['providerMetadata'];
  const isSame = known !== undefined && isUnchanged(call, known.content);
  if (isSame && known.options === options) return known;
  const entry = isSame
    ? { ...known, options, view: undefined, inputs: [] }
    : remember(walkCall(call, known?.content.texts), options, known?.tries);
  remembered.set(call.prompt, entry);
  return entry;
}

function remember(content: CallContent, options: unknown, tries = 0): Remembered {
  return {
    content,
    options,
    counts: [],
    wholes: [],
    inputs: [],
    isShort: isShort(content),
    readings: undefined,
    schemas: undefined,
    schemasHash: undefined,
    fingerprint: undefined,
    view: undefined,
    tries,
  };
}

/** UTF-16 units of all texts, up to which they are counted again with every call. */
const shortUnits = 2048;

const isShort = (content: CallContent): boolean =>
  content.leaves.length <= 32 && content.media.size === 0 && unitsIn(content) <= shortUnits;

/** Whether something of this call is remembered. */
export const isRemembered = ({ prompt }: Call): boolean => remembered.get(prompt) !== undefined;

/** Drops what is remembered of a call that is over. */
export function forget({ prompt }: Call): void {
  if (remembered.get(prompt)) remembered.set(prompt, undefined);
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
  const schemas = schemasOf(entry);
  return (entry.schemasHash ??= schemas === '' ? 0 : hashOfText(schemas));
}

export function fingerprintFor(entry: Remembered): Fingerprint {
  return (entry.fingerprint ??= fingerprintOf(entry.content, entry.isShort));
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
