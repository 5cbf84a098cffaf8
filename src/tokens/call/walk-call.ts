import { isObject } from '../../errors.ts';
import { responseSchemaOf, toolsOf } from '../../spec/call.ts';
import type { Call } from '../../spec/model.ts';
import { mediumOf, textOfFile, type Medium } from './media.ts';
import { textOf } from './text-of.ts';

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
  /** Media by the index of their data; the leaf before each has its type, and costs nothing. */
  readonly media: ReadonlyMap<number, Medium | undefined>;
  /** Indices of leaves that a provider may well leave out: reasoning, file names, parts of unknown kinds. */
  readonly optional: ReadonlySet<number>;
  /** Indices of texts that were made for this call: JSON, what a file says. */
  readonly made: ReadonlySet<number>;
  /** Outputs of tools by the index of the leaf that is their text: objects that come back with the next call. */
  readonly outputs: readonly (readonly [index: number, output: object])[];
  /** The messages, and the index of the first leaf of each. */
  readonly messages: Call['prompt'];
  readonly starts: readonly number[];
  /** What messages and parts say to providers, after the index of the leaf that it comes before. */
  readonly options: readonly (readonly [index: number, options: object])[];
  /** Tool definitions and the response schema, as the call holds them. */
  readonly schemas: readonly unknown[];
  /** How many tools are defined, and how many parts are calls or results of tools: see `framingOf`. */
  readonly tools: number;
  readonly toolParts: number;
  /** Index of the first leaf that no system message holds: where the conversation begins. */
  readonly opening: number;
}

type Part = Readonly<Record<string, any>>; // parts of four specifications, read by shape

// Most calls have none of these, and are walked again on every check.
const noMedia: ReadonlyMap<number, Medium | undefined> = new Map();
const none: ReadonlySet<number> = new Set();
const noPairs: CallContent['options'] = [];

/** A walk under way. */
interface Walk {
  readonly leaves: unknown[];
  media: Map<number, Medium | undefined> | undefined;
  optional: Set<number> | undefined;
  made: Set<number> | undefined;
  outputs: (readonly [index: number, output: object])[] | undefined;
  options: (readonly [index: number, options: object])[] | undefined;
  toolParts: number;
  /** Of the message that is walked. */
  role: string;
  /** Whether options for providers are called metadata, as in V1, whose calls have a mode. */
  readonly isV1: boolean;
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
  const walk: Walk = {
    leaves: [],
    media: undefined,
    optional: undefined,
    made: undefined,
    outputs: undefined,
    options: undefined,
    toolParts: 0,
    role: '',
    isV1: call['mode'] !== undefined,
    texts,
  };
  const { leaves } = walk;
  const starts: number[] = [];
  let opening = -1;
  for (const message of call.prompt) {
    const { role, content } = message;
    walk.role = role;
    starts.push(leaves.length);
    if (opening < 0 && role !== 'system') opening = leaves.length;
    const own = message as unknown as Part;
    note(walk, walk.isV1 ? own['providerMetadata'] : own['providerOptions']);
    if (typeof content === 'string') leaves.push(content);
    else if (content) for (const part of content) addPart(walk, part as Part);
  }
  return {
    leaves,
    media: walk.media ?? noMedia,
    optional: walk.optional ?? none,
    made: walk.made ?? none,
    outputs: walk.outputs ?? noPairs,
    messages: call.prompt.slice(),
    starts,
    options: walk.options ?? noPairs,
    schemas: schema === undefined || schema === null ? tools : [...tools, schema],
    tools: tools.length,
    toolParts: walk.toolParts,
    opening: Math.max(0, opening),
  };
}

function addPart(walk: Walk, part: Part): void {
  const { type } = part;
  if (walk.isV1) note(walk, part['providerMetadata']);
  // Looked up where a part is of one kind only: that is many times as fast.
  if (type === 'text') {
    note(walk, part['providerOptions']);
    add(walk, part['text']);
  } else if (type === 'tool-call') addToolCall(walk, part);
  else if (type === 'tool-result') addToolResult(walk, part);
  else addOtherPart(walk, part);
}

/** What a part or a message says to providers. */
function note(walk: Walk, options: unknown): void {
  if (options !== undefined && isObject(options)) (walk.options ??= []).push([walk.leaves.length, options]);
}

function addToolCall(walk: Walk, part: Part): void {
  const start = walk.leaves.length;
  walk.toolParts++;
  note(walk, part['providerOptions']);
  add(walk, part['toolName']);
  // The model's own words, which nobody changes: as they are.
  const input = part['input'] ?? part['args'];
  if (input !== undefined && input !== null) walk.leaves.push(input);
  if (part['providerExecuted']) markOptional(walk, start);
}

function addToolResult(walk: Walk, part: Part): void {
  const start = walk.leaves.length;
  const { output } = part;
  walk.toolParts++;
  note(walk, part['providerOptions']);
  add(walk, part['toolName']);
  const list = returnedParts(part);
  if (list?.length) for (const item of list) addPart(walk, item);
  else {
    const value = output?.value ?? output?.reason ?? part['result'];
    if (output && typeof value === 'string') (walk.outputs ??= []).push([walk.leaves.length, output]);
    add(walk, value);
  }
  if (walk.role === 'assistant') markOptional(walk, start);
}

/** A list of parts that a tool chose to send: V1 has it beside `result`, which repeats it. */
export function returnedParts({ output, content }: Part): readonly Part[] | undefined {
  return output?.type === 'content' ? output.value : content;
}

function addOtherPart(walk: Walk, part: Part): void {
  const { type, data, filename } = part;
  let start = walk.leaves.length;
  note(walk, part['providerOptions']);
  if (type === 'reasoning') add(walk, part['text'] || part['providerOptions']); // redacted: its text is in the options
  else if (type === 'redacted-reasoning') add(walk, data);
  else if (data?.type === 'text') {
    add(walk, data.text); // V4 tags its file data
    start = walk.leaves.length;
  } else if (/file|image|media/.test(type)) addMedium(walk, part);
  else add(walk, part); // a kind that isn't known here counts as its JSON
  if (filename) add(walk, filename);
  markOptional(walk, start);
}

function addMedium(walk: Walk, part: Part): void {
  const medium = mediumOf(part);
  const text = medium.kind === 'text' ? textFor(walk, medium.data, () => textOfFile(medium)) : undefined;
  if (text !== undefined) return addMade(walk, text); // which may be sent in another way
  const { leaves } = walk;
  walk.media ??= new Map();
  walk.media.set(leaves.length, undefined).set(leaves.length + 1, medium);
  leaves.push(`\0${medium.mediaType}`, identityOf(medium, part));
}

function add(walk: Walk, value: unknown): void {
  if (typeof value === 'string') walk.leaves.push(value);
  else if (value !== undefined && value !== null)
    addMade(
      walk,
      textFor(walk, value, () => textOf(value)),
    );
}

function addMade(walk: Walk, text: string | undefined): void {
  (walk.made ??= new Set()).add(walk.leaves.length);
  walk.leaves.push(text);
}

/** What the provider executed it knows, and may not be sent again; nor may reasoning. */
function markOptional(walk: Walk, start: number): void {
  if (start < walk.leaves.length) walk.optional ??= new Set();
  for (let index = start; index < walk.leaves.length; index++) walk.optional!.add(index);
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
