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
   * What the messages hold, in order: texts, JSON values as the text that they are sent as, and of media their type
   * and their data. The AI SDK builds messages and parts anew for each call, but passes strings and bytes on.
   */
  readonly leaves: readonly unknown[];
  /** The leaves that are media, by index; the one before each, which has its type, costs nothing. */
  readonly media: ReadonlyMap<number, Medium | undefined>;
  /** Indices of leaves that a provider may well leave out: reasoning, file names, parts of unknown kinds. */
  readonly optional: ReadonlySet<number>;
  /** Tool definitions and the response schema, as the call holds them. */
  readonly schemas: readonly unknown[];
  /** Tokens that depend on no text. */
  readonly framing: number;
  /** Index of the first leaf that no system message holds: where the conversation begins. */
  readonly opening: number;
}

type Part = Readonly<Record<string, any>>; // parts of four specifications, read by shape

// Most calls have neither, and are walked again on every check.
const noMedia: ReadonlyMap<number, Medium | undefined> = new Map();
const noneOptional: ReadonlySet<number> = new Set();

/**
 * Collects what the model will read: every message's text, reasoning, tool calls and results, media, tool
 * definitions and the response schema. One structural walk serves V1 to V4, and parts that don't exist yet.
 *
 * @param texts where the texts of this call's JSON values and files are found again
 */
export function walkCall(call: Call, texts: CallTexts = new Map()): CallContent {
  const tools = toolsOf(call);
  const schema = responseSchemaOf(call);
  const leaves: unknown[] = [];
  let media: Map<number, Medium | undefined> | undefined;
  let optional: Set<number> | undefined;
  let opening = -1;
  let framing = perCall + perMessage * call.prompt.length;
  if (tools.length > 0) framing += perToolSet + perTool * tools.length;
  const add = (leaf: unknown): void => {
    if (typeof leaf === 'string') leaves.push(leaf);
    else if (leaf !== undefined && leaf !== null) leaves.push(textFor(leaf, textOf));
  };
  const textFor = <Key>(key: Key, textOfKey: (key: Key) => string | undefined): string | undefined => {
    if (!texts.has(key)) texts.set(key, textOfKey(key));
    return texts.get(key);
  };
  const addOptional = (leaf: unknown): void => {
    const index = leaves.length;
    add(leaf);
    if (leaves.length > index) (optional ??= new Set()).add(index);
  };
  const addMedium = (part: Part): void => {
    const medium = mediumOf(part);
    const text = medium.kind === 'text' ? textFor(medium.data, () => textOfFile(medium)) : undefined;
    if (text !== undefined) return addOptional(text); // which may be sent in another way
    media ??= new Map();
    media.set(leaves.length, undefined).set(leaves.length + 1, medium);
    leaves.push(`\0${medium.mediaType}`, identityOf(medium, part));
  };

  const addPart = (part: Part): void => {
    const { type } = part;
    if (type === 'text') add(part['text']);
    else if (type === 'tool-call' || type === 'tool-result') addToolPart(part);
    else addOtherPart(part);
  };
  const addToolPart = (part: Part): void => {
    const { type, toolName, output, content, input, args, result, providerExecuted } = part;
    const start = leaves.length;
    framing += perToolPart;
    add(toolName);
    // A list of parts that the tool chose to send: V1 has it beside `result`, which repeats it.
    const list = output?.type === 'content' ? output.value : content;
    if (list?.length > 0) list.forEach(addPart);
    else add(output?.value ?? output?.reason ?? input ?? args ?? result);
    // What the provider executed it knows, and may not be sent again.
    if (!providerExecuted && !(type === 'tool-result' && role === 'assistant')) return;
    optional ??= new Set();
    for (let index = start; index < leaves.length; index++) optional.add(index);
  };
  const addOtherPart = (part: Part): void => {
    const { type, data, filename } = part;
    if (type === 'reasoning') {
      addOptional(part['text'] || part['providerOptions']); // redacted: its text is in the options
    } else if (type === 'redacted-reasoning') addOptional(data);
    else if (data?.type === 'text') add(data.text); // V4 tags its file data
    else if (/file|image|media/.test(type)) addMedium(part);
    else addOptional(part); // a kind that isn't known here counts as its JSON
    if (filename) addOptional(filename);
  };

  let role = '';
  for (const message of call.prompt) {
    const { content } = message;
    role = message.role;
    if (opening < 0 && role !== 'system') opening = leaves.length;
    if (typeof content === 'string') add(content);
    else for (const part of content) addPart(part as Part);
  }
  const schemas = schema === undefined || schema === null ? tools : [...tools, schema];
  return {
    leaves,
    media: media ?? noMedia,
    optional: optional ?? noneOptional,
    schemas,
    framing,
    opening: Math.max(0, opening),
  };
}

/** What tells a medium from another: its data, where the call holds any; a URL or an id as a string. */
function identityOf({ data }: Medium, part: Part): unknown {
  if (data instanceof URL) return data.href;
  return data ?? textOf(part);
}
