import { metadataKey } from '../decision-of.ts';
import { check } from '../errors/errors.ts';
import type { Place } from '../errors/place.ts';
import { nativeVersion } from './native.ts';
import type { Call, GenerateResult, Message, StreamPart } from './model.ts';

type Part = Readonly<Record<string, any>>; // parts of V2 to V4, read by shape

/**
 * Who answered, as one short string on the metadata of the answer's parts, under the primitive's id. The AI SDK
 * brings it back with the conversation (from ai 5 on), so that picks need no store and any instance knows them.
 */
export function stamped<Content extends StreamPart>(part: Content, id: string, member: string): Content {
  const { type, providerMetadata } = part as Part;
  // Of what a block is told in the course of its stream, the SDK keeps the last.
  const begins = /^(text|reasoning|file|tool-call|(text|reasoning)-start|tool-input-start)$/.test(type);
  if (!begins && !(providerMetadata && /^(text|reasoning)-(delta|end)$/.test(type))) return part;
  try {
    const own = { ...Object(providerMetadata?.[metadataKey]), [id]: member };
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
    'ai 4 keeps no metadata on parts: use ai 5 or later, or, for picks of a dispatcher, a session with a store (of a gateway: sessionStore)';
  check(!isNeeded || nativeVersion() !== 'v1', option, value, remedy);
  const name =
    'give the primitive an id: its choices are stored under it in the messages, which clients can see';
  check(!isNeeded || id !== undefined, option, value, name);
}

/** A generated answer with the stamp on its parts. */
export function stampedResult(result: GenerateResult, id: string, member: string): GenerateResult {
  const { content } = result;
  if (!Array.isArray(content)) return result;
  return Object.assign({}, result, { content: content.map((part: StreamPart) => stamped(part, id, member)) });
}

/** The members that answered before, as the conversation says, the last one first. A client may say anything. */
export function stampsOf({ prompt }: Call, id: string): readonly string[] {
  const stamps: string[] = [];
  for (const message of prompt.toReversed()) {
    const stamp = message.role === 'assistant' ? stampOn(message, id) : undefined;
    if (stamp !== undefined) stamps.push(stamp);
  }
  return stamps;
}

/** Who made the tool call whose results end the prompt; undefined if none is pending. */
export function pendingStamp({ prompt }: Call, id: string): string | undefined {
  if (prompt.at(-1)?.role !== 'tool') return undefined;
  const message = prompt.findLast(({ role }) => role === 'assistant');
  return message && stampOn(message, id);
}

function stampOn({ content }: Message, id: string): string | undefined {
  if (!Array.isArray(content)) return undefined;
  const stamps = content.map((part: Part) => {
    const own: unknown = part?.['providerOptions']?.[metadataKey];
    return Object.hasOwn(Object(own), id) ? (own as Record<string, unknown>)[id] : undefined;
  });
  const stamp = stamps.findLast((each) => typeof each === 'string');
  return typeof stamp === 'string' ? stamp : undefined;
}
