import { inVersion } from '../../in-process.ts';
import type { Call } from '../../sdk/model.ts';
import type { TokenEstimator } from '../estimator.ts';
import type { Counter, InputCount } from './counter.ts';
import type { Readings } from '../estimators/per-encoding.ts';
import { sideTable, type SideTable } from '../../side-table.ts';
import { hashOfRow, hashOfText } from '../hash.ts';
import { fingerprintOf, hashOfOptions, type Fingerprint } from './fingerprint.ts';
import { textOf } from './text-of.ts';
import { isUnchanged, unitsIn, walkCall, type CallContent } from './walk-call.ts';

/** What is cached about a call while it runs. */
export interface Remembered {
  readonly content: CallContent;
  /** The call's provider options. */
  readonly options: unknown;
  /** Counts of the call by estimator. */
  readonly counts: KnownCount[];
  /** Input tokens of the call by member, since the fit check is repeated before a member is called. */
  readonly inputs: KnownInput[];
  /** Whether its texts are so short that counting them again is cheaper than looking up their hashes. */
  readonly isShort: boolean;
  /** Results of a pass over a text that several estimators share. */
  readings: Readings | undefined;
  /** Tool definitions and response schema as text; undefined until needed. */
  schemas: string | undefined;
  schemasHash: number | undefined;
  fingerprint: Fingerprint | undefined;
  /** See `contextHashOf`. */
  contextHash: number | undefined;
  /** How many nested attempts on members with string ids are running for the call: begin.ts limits them. */
  tries: number;
  /** The calls that members' settings and transforms made of it. */
  made: Call[] | undefined;
  /** What asynchronous predicates of rules have answered: they are called once per call. */
  answers: { readonly rule: object; readonly call: Call; readonly answer: unknown }[] | undefined;
}

/** What an estimator has counted of a call. */
export interface KnownCount {
  readonly estimator: TokenEstimator;
  /** The leaf from which on it counted the texts; -1 for its `estimateCall`, which includes media and framing. */
  readonly from: number;
  /** The factor that was applied to the tokens of tool definitions. */
  readonly schemaWeight: number;
  readonly tokens: number;
  /** The estimator may have stopped above this many tokens; Infinity if it counted everything. */
  readonly limit: number;
}

export interface KnownInput {
  readonly counter: Counter;
  readonly limit: number;
  readonly count: InputCount;
}

// By prompt array, so that a request is walked once, however deeply primitives are nested.
const remembered: SideTable<Remembered | undefined> = /* @__PURE__ */ inVersion('recall', () =>
  sideTable<Remembered | undefined>(),
);

/** The cache entry of this call: the existing one if the call's content is unchanged, else a new one. */
export function recall(call: Call): Remembered {
  const known = remembered.get(call.prompt);
  const options = call['providerOptions'] ?? call['providerMetadata'];
  const isSame = known !== undefined && isUnchanged(call, known.content);
  if (isSame && known.options === options) return known;
  const entry = isSame
    ? { ...known, options, contextHash: undefined, inputs: [], answers: undefined }
    : remember(walkCall(call, known?.content.texts), options, known?.tries);
  remembered.set(call.prompt, entry);
  return entry;
}

function remember(content: CallContent, options: unknown, tries = 0): Remembered {
  return {
    content,
    options,
    counts: [],
    inputs: [],
    isShort: isShort(content),
    readings: undefined,
    schemas: undefined,
    schemasHash: undefined,
    fingerprint: undefined,
    contextHash: undefined,
    tries,
    made: undefined,
    answers: undefined,
  };
}

/** Up to this many UTF-16 units in all, texts are counted again with every call instead of cached. */
const shortUnits = 2048;

const isShort = (content: CallContent): boolean =>
  content.leaves.length <= 32 && content.media.size === 0 && unitsIn(content) <= shortUnits;

/** The cache entry of a call that was made of another one: it is dropped together with that one's. */
export function recallMade(call: Call, from: Remembered): Remembered {
  (from.made ??= []).push(call);
  const entry = recall(call);
  entry.tries = Math.max(entry.tries, from.tries);
  return entry;
}

/** Whether this call has a cache entry. */
export const isRemembered = ({ prompt }: Call): boolean => remembered.get(prompt) !== undefined;

/** Drops the cache entry of a call that has ended. */
export function forget({ prompt }: Call): void {
  const entry = remembered.get(prompt);
  if (entry) remembered.set(prompt, undefined);
  entry?.made?.forEach(forget);
  // The JavaScript engine holds on to the last text that a regular expression matched. Matching an empty one frees the prompt.
  anything.test('');
}

const anything = /(?:)/;

/** Tool definitions and response schema as JSON, as they are sent. */
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

/** The hash of everything that is sent besides the conversation: system messages, schemas, provider options. */
export function contextHashOf(entry: Remembered): number {
  if (entry.contextHash !== undefined) return entry.contextHash;
  const { system } = fingerprintFor(entry);
  const schemas = schemasHashOf(entry);
  const options = hashOfOptions(entry.options);
  const isEmpty = system === 0 && schemas === 0 && options === 0;
  return (entry.contextHash = isEmpty ? 0 : hashOfRow(hashOfRow(system, schemas), options));
}
