import { isObject } from '../../errors.ts';
import { responseSchemaOf, toolsOf } from '../../spec/call.ts';
import type { Call, Message } from '../../spec/model.ts';
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
  /** Of JSON values and files, which are taken not to change while the call is under way, unlike all else. */
  readonly texts: CallTexts | undefined;
}

type Part = Readonly<Record<string, any>>; // parts of four specifications, read by shape

// Most calls have none of these, and are walked again on every check.
const noMedia: ReadonlyMap<number, Medium | undefined> = new Map();
const none: ReadonlySet<number> = new Set();
const noPairs: CallContent['options'] = [];

/** A walk under way. */
interface Walk {
  readonly leaves: unknown[];
  /** How many leaves it came by. */
  end: number;
  /** The leaves of an earlier walk, for one that only compares and collects none. */
  readonly known: readonly unknown[] | undefined;
  isSame: boolean;
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
  texts: CallTexts | undefined;
}

/**
 * Collects what the model will read: every message's text, reasoning, tool calls and results, media, tool
 * definitions and the response schema. One structural walk serves V1 to V4, and parts that don't exist yet.
 *
 * @param texts where the texts of this call's JSON values and files are found again
 */
export function walkCall(call: Call, texts?: CallTexts): CallContent {
  const walk = walkOf(call, texts, undefined);
  const { leaves } = walk;
  const starts: number[] = [];
  let opening = -1;
  for (const message of call.prompt) {
    starts.push(walk.end);
    if (opening < 0 && message.role !== 'system') opening = walk.end;
    addMessage(walk, message);
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
    schemas: schemasIn(call),
    tools: toolsOf(call).length,
    toolParts: walk.toolParts,
    opening: Math.max(0, opening),
    texts: walk.texts,
  };
}

/** Whether a call still holds what it held when it was walked: one more walk, which collects nothing. */
export function isUnchanged(
  call: Call,
  { leaves, messages, toolParts, tools, schemas, texts }: CallContent,
): boolean {
  if (call.prompt.length !== messages.length || toolsOf(call).length !== tools) return false;
  const walk = walkOf(call, texts, leaves);
  for (const message of call.prompt) {
    addMessage(walk, message);
    if (!walk.isSame) return false;
  }
  return walk.end === leaves.length && walk.toolParts === toolParts && isSameList(schemas, schemasIn(call));
}

/** UTF-16 units of the texts; Infinity where not all are texts. */
export function unitsIn({ leaves }: CallContent): number {
  let units = 0;
  for (const leaf of leaves) units += typeof leaf === 'string' ? leaf.length : Infinity;
  return units;
}

function schemasIn(call: Call): readonly unknown[] {
  const tools = toolsOf(call);
  const schema = responseSchemaOf(call);
  return schema === undefined || schema === null ? tools : [...tools, schema];
}

function isSameList(known: readonly unknown[], list: readonly unknown[]): boolean {
  return known.length === list.length && known.every((value, index) => value === list[index]);
}

function walkOf(call: Call, texts: CallTexts | undefined, known: readonly unknown[] | undefined): Walk {
  return {
    leaves: [],
    end: 0,
    known,
    isSame: true,
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
}

function addMessage(walk: Walk, message: Message): void {
  const { role, content } = message;
  walk.role = role;
  const own = message as unknown as Part;
  const said = walk.isV1 ? own['providerMetadata'] : own['providerOptions'];
  if (said !== undefined) note(walk, said);
  if (typeof content === 'string') addLeaf(walk, content);
  else if (content)
    for (let index = 0; index < content.length; index++) addPart(walk, content[index] as Part);
}

function addLeaf(walk: Walk, leaf: unknown): void {
  const { known, end } = walk;
  if (!known) walk.leaves.push(leaf);
  else if (known[end] !== leaf) walk.isSame = false;
  walk.end = end + 1;
}

function addPart(walk: Walk, part: Part): void {
  const { type } = part;
  const said = walk.isV1 ? part['providerMetadata'] : part['providerOptions'];
  if (said !== undefined) note(walk, said);
  if (type === 'text') add(walk, part['text']);
  else if (type === 'tool-call') addToolCall(walk, part);
  else if (type === 'tool-result') addToolResult(walk, part);
  else addOtherPart(walk, part);
}

/** What a part or a message says to providers. */
function note(walk: Walk, options: unknown): void {
  if (isObject(options)) (walk.options ??= []).push([walk.end, options]);
}

function addToolCall(walk: Walk, part: Part): void {
  const start = walk.end;
  walk.toolParts++;
  add(walk, part['toolName']);
  // The model's own words, which nobody changes: as they are.
  const input = part['input'] ?? part['args'];
  if (input !== undefined && input !== null) addLeaf(walk, input);
  if (part['providerExecuted']) markOptional(walk, start);
}

function addToolResult(walk: Walk, part: Part): void {
  const start = walk.end;
  const { output } = part;
  walk.toolParts++;
  add(walk, part['toolName']);
  const list = returnedParts(part);
  if (list?.length) for (const item of list) addPart(walk, item);
  else {
    const value = output?.value ?? output?.reason ?? part['result'];
    if (output && typeof value === 'string') (walk.outputs ??= []).push([walk.end, output]);
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
  let start = walk.end;
  if (type === 'reasoning') add(walk, part['text'] || part['providerOptions']); // redacted: its text is in the options
  else if (type === 'redacted-reasoning') add(walk, data);
  else if (data?.type === 'text') {
    add(walk, data.text); // V4 tags its file data
    start = walk.end;
  } else if (/file|image|media/.test(type)) addMedium(walk, part);
  else add(walk, part); // a kind that isn't known here counts as its JSON
  if (filename) add(walk, filename);
  markOptional(walk, start);
}

function addMedium(walk: Walk, part: Part): void {
  const medium = mediumOf(part);
  const text = medium.kind === 'text' ? textFor(walk, medium.data, () => textOfFile(medium)) : undefined;
  if (text !== undefined) return addMade(walk, text); // which may be sent in another way
  walk.media ??= new Map();
  walk.media.set(walk.end, undefined).set(walk.end + 1, medium);
  addLeaf(walk, `\0${medium.mediaType}`);
  addLeaf(walk, identityOf(medium, part));
}

function add(walk: Walk, value: unknown): void {
  if (typeof value === 'string') addLeaf(walk, value);
  else if (value !== undefined && value !== null)
    addMade(
      walk,
      textFor(walk, value, () => textOf(value)),
    );
}

function addMade(walk: Walk, text: string | undefined): void {
  (walk.made ??= new Set()).add(walk.end);
  addLeaf(walk, text);
}

/** What the provider executed it knows, and may not be sent again; nor may reasoning. */
function markOptional(walk: Walk, start: number): void {
  if (start < walk.end) walk.optional ??= new Set();
  for (let index = start; index < walk.end; index++) walk.optional!.add(index);
}

/** A text of this call that takes some making. */
function textFor(walk: Walk, key: unknown, make: () => string | undefined): string | undefined {
  const texts = (walk.texts ??= new Map());
  if (!texts.has(key)) texts.set(key, make());
  return texts.get(key);
}

/** What tells a medium from another: its data, where the call holds any; a URL or an id as a string. */
function identityOf({ data }: Medium, part: Part): unknown {
  if (data instanceof URL) return data.href;
  return data ?? textOf(part);
}
