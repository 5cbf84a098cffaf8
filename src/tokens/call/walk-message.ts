import { isObject } from '../../errors/errors.ts';
import type { Message } from '../../sdk/model.ts';
import { mediumOf, textOfFile, type Medium } from './media.ts';
import { textOf } from './text-of.ts';

/** Cached texts of JSON values and files, by the value or the file's data; undefined for a file that isn't text. */
export type CallTexts = Map<unknown, string | undefined>;

type Part = Readonly<Record<string, any>>; // parts of four specifications, read by shape

/** The state of a walk through a call's messages. */
export interface Walk {
  readonly leaves: unknown[];
  /** How many leaves it has visited. */
  end: number;
  /** The leaves of an earlier walk. With them, this walk only compares and collects nothing. */
  readonly known: readonly unknown[] | undefined;
  /** Whether all leaves so far equal the `known` ones. */
  isSame: boolean;
  media: Map<number, Medium | undefined> | undefined;
  optional: Set<number> | undefined;
  made: Set<number> | undefined;
  outputs: (readonly [index: number, output: object])[] | undefined;
  options: (readonly [index: number, options: object])[] | undefined;
  toolParts: number;
  /** The role of the current message. */
  role: string;
  /** Whether the call is of V1, where provider options are called `providerMetadata`. */
  readonly isV1: boolean;
  texts: CallTexts | undefined;
}

/** Visits everything in a message. */
export function addMessage(walk: Walk, message: Message): void {
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

/** Records the provider options of a message or a part. */
function note(walk: Walk, options: unknown): void {
  if (isObject(options)) (walk.options ??= []).push([walk.end, options]);
}

function addToolCall(walk: Walk, part: Part): void {
  const start = walk.end;
  walk.toolParts++;
  add(walk, part['toolName']);
  // The input comes from the model and is never modified, so the object itself can be compared in later walks.
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

/** The content parts that a tool returned. V1 has them in `content`, next to a `result` with the same content. */
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
  else add(walk, part); // an unknown kind counts as its JSON
  if (filename) add(walk, filename);
  markOptional(walk, start);
}

function addMedium(walk: Walk, part: Part): void {
  const medium = mediumOf(part);
  const text = medium.kind === 'text' ? textFor(walk, medium.data, () => textOfFile(medium)) : undefined;
  if (text !== undefined) return addMade(walk, text); // providers may send it in another form
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

/** Marks leaves that may not be sent: a provider already has the tool calls that it executed, and may drop reasoning. */
function markOptional(walk: Walk, start: number): void {
  if (start < walk.end) walk.optional ??= new Set();
  for (let index = start; index < walk.end; index++) walk.optional!.add(index);
}

/** A text that is expensive to create, so it is cached for this call. */
function textFor(walk: Walk, key: unknown, make: () => string | undefined): string | undefined {
  const texts = (walk.texts ??= new Map());
  if (!texts.has(key)) texts.set(key, make());
  return texts.get(key);
}

/** What identifies a medium: its data if the call contains them, else its URL or id as a string. */
function identityOf({ data }: Medium, part: Part): unknown {
  if (data instanceof URL) return data.href;
  return data ?? textOf(part);
}
