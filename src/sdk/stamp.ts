import { metadataKey } from '../decision-of.ts';
import { check } from '../errors/errors.ts';
import type { Place } from '../errors/place.ts';
import { nativeVersion } from './native.ts';
import type { Call, GenerateResult, Message, StreamPart } from './model.ts';

type Part = Readonly<Record<string, any>>; // parts of V2 to V4, read by shape

/** The ids of members on the way to a model: of a member, then of one of its members if it is a primitive, and so on. */
export type Path = readonly string[];

/**
 * Who answered, as the id of a member or a path. `chosen` is set apart where the path that a conversation is kept to is
 * not the one to who answered.
 */
export type Stamp = string | Path | { readonly answered: string | Path; readonly chosen?: string | Path };

/**
 * Puts a stamp on the metadata of a part of the answer, under the primitive's id. The AI SDK brings it back with the
 * conversation (from ai 5 on), so that picks need no store and any instance knows them.
 */
export function stamped<Content extends StreamPart>(part: Content, id: string, stamp: Stamp): Content {
  const { type, providerMetadata } = part as Part;
  // Of what a block is told in the course of its stream, the SDK keeps the last.
  const begins = /^(text|reasoning|file|tool-call|(text|reasoning)-start|tool-input-start)$/.test(type);
  if (!begins && !(providerMetadata && /^(text|reasoning)-(delta|end)$/.test(type))) return part;
  try {
    const own = { ...Object(providerMetadata?.[metadataKey]), [id]: stamp };
    return Object.assign({}, part, { providerMetadata: { ...providerMetadata, [metadataKey]: own } });
  } catch {
    return part; // a getter of the provider's throws: the answer counts more than the pick
  }
}

/** Throws where the conversation doesn't bring stamps back, and something rests on them. */
export function assertStampable(
  option: Place,
  value: unknown,
  isNeeded: boolean,
  id: string | undefined,
): void {
  const remedy =
    "ai 4 keeps no metadata on parts: use ai 5 or later, or, for a sticky dispatcher and for redraw: 'conversation', a session with a store (of a gateway: sessionStore)";
  check(!isNeeded || nativeVersion() !== 'v1', option, value, remedy);
  const name =
    'give the primitive an id: its choices are stored under it in the messages, which clients can see';
  check(!isNeeded || id !== undefined, option, value, name);
}

/** A generated answer with the stamp on its parts. */
export function stampedResult(result: GenerateResult, id: string, stamp: Stamp): GenerateResult {
  const { content } = result;
  if (!Array.isArray(content)) return result;
  return Object.assign({}, result, { content: content.map((part: StreamPart) => stamped(part, id, stamp)) });
}

/** The paths that were chosen before, as the conversation says, the last one first. A client may say anything. */
export function stampsOf({ prompt }: Call, id: string): readonly Path[] {
  const paths: Path[] = [];
  for (const message of prompt.toReversed()) {
    const path = message.role === 'assistant' ? pathOn(message, id, 'chosen') : undefined;
    if (path) paths.push(path);
  }
  return paths;
}

/** Who made the tool call whose results end the prompt; undefined if none is pending. */
export function pendingStamp({ prompt }: Call, id: string): Path | undefined {
  if (prompt.at(-1)?.role !== 'tool') return undefined;
  const message = prompt.findLast(({ role }) => role === 'assistant');
  return message && pathOn(message, id, 'answered');
}

function pathOn({ content }: Message, id: string, which: 'answered' | 'chosen'): Path | undefined {
  if (!Array.isArray(content)) return undefined;
  const paths = content.map((part: Part) => {
    const own: unknown = part?.['providerOptions']?.[metadataKey];
    const stamp: unknown = Object.hasOwn(Object(own), id) ? (own as Part)[id] : undefined;
    return pathIn(stamp) ?? pathIn((Object(stamp) as Part)[which]);
  });
  return paths.findLast((path) => path !== undefined);
}

/** No composition is deeper: what a client adds to a path would be kept, and sent back to it. */
const maxDepth = 32;

/** A path from outside this process; undefined for anything else. */
export function pathIn(value: unknown): Path | undefined {
  const path: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isPath = path.length > 0 && path.length <= maxDepth && path.every((id) => typeof id === 'string');
  return isPath ? (path as Path) : undefined;
}
