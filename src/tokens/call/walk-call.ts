import { responseSchemaOf, toolsOf } from '../../sdk/call.ts';
import type { Call } from '../../sdk/model.ts';
import type { Medium } from './media.ts';
import { addMessage, type CallTexts, type Walk } from './walk-message.ts';

/** Everything in a call that costs tokens. */
export interface CallContent {
  /**
   * The values in the messages, in order: texts, JSON values as the text that is sent (but a tool call's input as the
   * object itself), and two leaves per medium: its type and its data. The AI SDK builds new messages and parts for
   * each call, but passes these values on unchanged.
   */
  readonly leaves: readonly unknown[];
  /** Media by the index of their data. The leaf before each is its type, for which no tokens are charged. */
  readonly media: ReadonlyMap<number, Medium | undefined>;
  /** Indices of leaves that a provider may leave out: reasoning, file names, parts of unknown kinds. */
  readonly optional: ReadonlySet<number>;
  /** Indices of texts that this walk created: JSON of values, the text of a file. */
  readonly made: ReadonlySet<number>;
  /** Tool outputs with the index of the leaf that is their text. The same objects come back with the next call. */
  readonly outputs: readonly (readonly [index: number, output: object])[];
  /** The messages, and the index of the first leaf of each. */
  readonly messages: Call['prompt'];
  readonly starts: readonly number[];
  /** Provider options of messages and parts, each with the index of the next leaf. */
  readonly options: readonly (readonly [index: number, options: object])[];
  /** Tool definitions and the response schema, as the call holds them. */
  readonly schemas: readonly unknown[];
  /** How many tools are defined. */
  readonly tools: number;
  /** How many parts are tool calls or tool results. */
  readonly toolParts: number;
  /** Index of the first leaf behind the system messages: where the conversation begins. */
  readonly opening: number;
  /** Texts of JSON values and files, cached: these are assumed not to change during the call, unlike everything else. */
  readonly texts: CallTexts | undefined;
}

// Shared empty values: most calls have none of these, and each check walks the call again.
const noMedia: ReadonlyMap<number, Medium | undefined> = new Map();
const none: ReadonlySet<number> = new Set();
const noPairs: CallContent['options'] = [];

/**
 * Collects what the model will read: every message's text, reasoning, tool calls and results, media, tool
 * definitions and the response schema. It goes by the shape of the values, so it reads the specifications V1 to V4, and
 * parts of kinds that it doesn't know.
 *
 * @param texts the cached texts of this call's JSON values and files
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

/** Whether a call is unchanged since it was walked: walks it again and compares, without collecting anything. */
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

/** UTF-16 units of all texts in a call; Infinity if it has leaves that aren't text. */
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
