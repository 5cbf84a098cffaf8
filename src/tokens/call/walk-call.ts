import { responseSchemaOf, toolsOf } from '../../sdk/call.ts';
import type { Call } from '../../sdk/model.ts';
import type { Medium } from './media.ts';
import { addMessage, type CallTexts, type Walk } from './walk-message.ts';

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

// Most calls have none of these, and are walked again on every check.
const noMedia: ReadonlyMap<number, Medium | undefined> = new Map();
const none: ReadonlySet<number> = new Set();
const noPairs: CallContent['options'] = [];

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
