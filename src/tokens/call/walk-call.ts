import { isObject } from '../../errors.ts';
import { responseSchemaOf, toolsOf } from '../../spec/call.ts';
import type { Call } from '../../spec/model.ts';
import { mediumOf, textOfFile, type Medium } from './media.ts';
import { textOf } from './text-of.ts';

// Framing, in tokens: an upper bound on what vendors' chat templates add (OpenAI's cookbook counts 3 per
// message plus the role and 3 for the reply; tool definitions cost some 32 plus 8 each there).
const perCall = 8;
const perMessage = 4;
const perToolPart = 6;
const perToolSet = 32;
const perTool = 8;

/** Texts of JSON values, and of files by their data; undefined where there is none. */
export type CallTexts = Map<unknown, string | undefined>;

/** Everything in a call that costs tokens. */
export interface CallContent {
  /**
   * What the messages hold, in order: texts, JSON values as the text that they are sent as (but a tool call's input as
   * the object that it is), and of media their type and their data. The AI SDK builds messages and parts anew for
   * each call, but passes these on.
   */
  readonly leaves: readonly unknown[];
  /** What each leaf is: the bits of `leafKind`, and above them its message's role. */
  readonly kinds: readonly number[];
  /** The object of the call that has a leaf as its property, if one does. */
  readonly holders: readonly (object | undefined)[];
  /** Media by the index of their data. */
  readonly media: ReadonlyMap<number, Medium>;
  /** What messages and parts say to providers, after the index of the leaf that it comes before. */
  readonly options: readonly (readonly [index: number, options: object])[];
  /** Tool definitions and the response schema, as the call holds them. */
  readonly schemas: readonly unknown[];
  /** Tokens that depend on no text. */
  readonly framing: number;
  /** Index of the first leaf that no system message holds: where the conversation begins. */
  readonly opening: number;
}

/** What a leaf is, as bits; none for a text that the model is sure to read. */
export const leafKind = {
  /** A medium's data, or the type that stands before it, which costs nothing. */
  medium: 1,
  /** What a provider may well leave out: reasoning, file names, parts of unknown kinds. */
  optional: 2,
  /** Sent as JSON. */
  json: 4,
  /** The first of its message. */
  first: 8,
};
const roleUnit = 16;
const roles = ['system', 'user', 'assistant', 'tool'];

type Part = Readonly<Record<string, any>>; // parts of four specifications, read by shape

// Most calls have neither, and are walked again on every check.
const noMedia: ReadonlyMap<number, Medium> = new Map();
const noOptions: CallContent['options'] = [];

/** A walk under way. */
interface Walk {
  readonly leaves: unknown[];
  readonly kinds: number[];
  readonly holders: (object | undefined)[];
  media: Map<number, Medium> | undefined;
  options: (readonly [index: number, options: object])[] | undefined;
  framing: number;
  /** Of the message that is walked. */
  role: string;
  readonly texts: CallTexts;
}

/**
 * Collects what the model will read: every message's text, reasoning, tool calls and results, media, tool
 * definitions and the response schema. One structural walk serves V1 to V4, and parts that don't exist yet.
 *
 * @param texts where the texts of this call's JSON values and files are found again
 */
export function walkCall(call: Call, texts: CallTexts = new Map()): CallContent {
  const tools = toolsOf(call);
  const schema = responseSchemaOf(call);
  const toolSet = tools.length > 0 ? perToolSet + perTool * tools.length : 0;
  const framing = perCall + perMessage * call.prompt.length + toolSet;
  const walk: Walk = {
    leaves: [],
    kinds: [],
    holders: [],
    media: undefined,
    options: undefined,
    framing,
    role: '',
    texts,
  };
  const { leaves, kinds, holders } = walk;
  let opening = -1;
  for (const message of call.prompt) {
    const { role, content } = message;
    const start = leaves.length;
    walk.role = role;
    if (opening < 0 && role !== 'system') opening = start;
    noteOptions(walk, message as unknown as Part);
    if (typeof content === 'string') add(walk, content, message);
    else if (content) for (const part of content) addPart(walk, part as Part);
    const ofRole = roleUnit * roles.indexOf(role);
    for (let index = start; index < leaves.length; index++) kinds[index]! |= ofRole;
    if (start < leaves.length) kinds[start]! |= leafKind.first;
  }
  return {
    leaves,
    kinds,
    holders,
    media: walk.media ?? noMedia,
    options: walk.options ?? noOptions,
    schemas: schema === undefined || schema === null ? tools : [...tools, schema],
    framing: walk.framing,
    opening: Math.max(0, opening),
  };
}

function addPart(walk: Walk, part: Part): void {
  const { type } = part;
  noteOptions(walk, part);
  if (type === 'text') add(walk, part['text'], part);
  else if (type === 'tool-call') addToolCall(walk, part);
  else if (type === 'tool-result') addToolResult(walk, part);
  else addOtherPart(walk, part);
}

/** What a part or a message says to providers; V1 calls it metadata. */
function noteOptions(walk: Walk, { providerOptions, providerMetadata = providerOptions }: Part): void {
  if (isObject(providerMetadata)) (walk.options ??= []).push([walk.leaves.length, providerMetadata]);
}

function addToolCall(walk: Walk, part: Part): void {
  const start = walk.leaves.length;
  walk.framing += perToolPart;
  add(walk, part['toolName'], part);
  // The model's own words, which nobody changes: as they are.
  const input = part['input'] ?? part['args'];
  if (input !== undefined && input !== null) push(walk, input, undefined, leafKind.json);
  if (part['providerExecuted']) markOptional(walk, start);
}

function addToolResult(walk: Walk, part: Part): void {
  const start = walk.leaves.length;
  const { output } = part;
  walk.framing += perToolPart;
  add(walk, part['toolName'], part);
  const list = returnedParts(part);
  if (list?.length) for (const item of list) addPart(walk, item);
  else add(walk, output?.value ?? output?.reason ?? part['result'], output);
  if (walk.role === 'assistant') markOptional(walk, start);
}

/** A list of parts that a tool chose to send: V1 has it beside `result`, which repeats it. */
export function returnedParts({ output, content }: Part): readonly Part[] | undefined {
  return output?.type === 'content' ? output.value : content;
}

function addOtherPart(walk: Walk, part: Part): void {
  const { type, data, filename } = part;
  let start = walk.leaves.length;
  if (type === 'reasoning') add(walk, part['text'] || part['providerOptions'], part); // redacted: its text is in the options
  else if (type === 'redacted-reasoning') add(walk, data, part);
  else if (data?.type === 'text') {
    add(walk, data.text, data); // V4 tags its file data
    start = walk.leaves.length;
  } else if (/file|image|media/.test(type)) addMedium(walk, part);
  else add(walk, part); // a kind that isn't known here counts as its JSON
  if (filename) add(walk, filename, part);
  markOptional(walk, start);
}

function addMedium(walk: Walk, part: Part): void {
  const medium = mediumOf(part);
  const text = medium.kind === 'text' ? textFor(walk, medium.data, () => textOfFile(medium)) : undefined;
  if (text !== undefined) return push(walk, text, undefined, 0); // which may be sent in another way
  push(walk, `\0${medium.mediaType}`, undefined, leafKind.medium);
  walk.media ??= new Map();
  walk.media.set(walk.leaves.length, medium);
  push(walk, identityOf(medium, part), part, leafKind.medium);
}

/** @param holder the object that has the value as its property */
function add(walk: Walk, value: unknown, holder?: object): void {
  if (typeof value === 'string') push(walk, value, holder, 0);
  else if (value !== undefined && value !== null) {
    push(
      walk,
      textFor(walk, value, () => textOf(value)),
      undefined,
      leafKind.json,
    );
  }
}

function push(walk: Walk, leaf: unknown, holder: object | undefined, kind: number): void {
  walk.leaves.push(leaf);
  walk.holders.push(holder);
  walk.kinds.push(kind);
}

/** What the provider executed it knows, and may not be sent again; nor may reasoning. */
function markOptional({ kinds }: Walk, start: number): void {
  for (let index = start; index < kinds.length; index++) kinds[index]! |= leafKind.optional;
}

/** A text of this call that takes some making. */
function textFor({ texts }: Walk, key: unknown, make: () => string | undefined): string | undefined {
  if (!texts.has(key)) texts.set(key, make());
  return texts.get(key);
}

/** What tells a medium from another: its data, where the call holds any; a URL or an id as a string. */
function identityOf({ data }: Medium, part: Part): unknown {
  if (data instanceof URL) return data.href;
  return data ?? textOf(part);
}
