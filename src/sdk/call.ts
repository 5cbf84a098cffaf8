import type { Metadata, MetadataValue } from '../decision.ts';
import { metadataKey } from '../decision-of.ts';
import type { Call } from './model.ts';

interface FunctionTool {
  readonly name?: string;
  readonly description?: string;
  readonly parameters?: unknown;
}

/** Where V1 keeps the tools, and the object that a call asks for. */
interface Mode {
  readonly type?: string;
  readonly tools?: readonly FunctionTool[];
  readonly tool?: FunctionTool;
  readonly schema?: unknown;
}

const modeOf = (call: Call): Mode | undefined => call['mode'] as Mode | undefined;

/** The output limit that the call sets, in tokens: `maxOutputTokens`, or `maxTokens` in V1. */
export function outputLimitOf(call: Call): number | undefined {
  const limit = call['maxOutputTokens'] ?? call['maxTokens'];
  return typeof limit === 'number' ? limit : undefined;
}

/** The call's tool definitions; V1 keeps them inside `mode`. */
export function toolsOf(call: Call): readonly FunctionTool[] {
  const mode = modeOf(call);
  const tools = (call['tools'] as readonly FunctionTool[] | undefined) ?? mode?.tools;
  return tools ?? (mode?.tool === undefined ? [] : [mode.tool]);
}

/** The JSON schema that the answer has to follow, if the call asks for one; V1 keeps it inside `mode`. */
export function responseSchemaOf(call: Call): unknown {
  const format = call['responseFormat'] as { readonly schema?: unknown } | undefined;
  return format?.schema ?? modeOf(call)?.schema;
}

/** The tool by whose call ai 4 asks for an object (`mode: 'object-tool'`). */
export function objectToolOf(call: Call): FunctionTool | undefined {
  const mode = modeOf(call);
  return mode?.type === 'object-tool' ? mode.tool : undefined;
}

/** What the application passed in `providerOptions['ai-alloy']`; ai 4 calls these options `providerMetadata`. */
export function passedWith(call: Call): Readonly<Record<string, unknown>> {
  const passed = Object(call['providerOptions'] ?? call['providerMetadata']) as Record<string, unknown>;
  return Object(passed[metadataKey]) as Record<string, unknown>;
}

/** The most characters of a text in reported metadata, and of all metadata together. */
const maxTextLength = 200;
const maxMetadataLength = 1000;

/**
 * What the application passed in `providerOptions['ai-alloy']`, for logs: texts up to 200 characters, numbers, true,
 * false, and lists of these, up to about 1,000 characters together. Everything else is left out, since it may be a part
 * of the prompt. Undefined if nothing is left.
 */
export function metadataOf(call: Call): Metadata | undefined {
  const kept: [string, MetadataValue | readonly MetadataValue[]][] = [];
  let length = 0;
  try {
    for (const [name, value] of Object.entries(passedWith(call))) {
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      if (!values.every(isShort)) continue;
      length += name.length + values.reduce<number>((sum, each) => sum + String(each).length, 0);
      if (length > maxMetadataLength) break;
      kept.push([name, Array.isArray(value) ? [...values] : values[0]!] as (typeof kept)[number]);
    }
  } catch {
    // a getter that throws, or a revoked proxy
  }
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

const isShort = (value: unknown): value is MetadataValue =>
  (typeof value === 'string' && value.length <= maxTextLength) ||
  Number.isFinite(value) ||
  typeof value === 'boolean';

/** The call as a provider gets it, without the members that it names to use or to leave out. */
export function withoutNames(call: Call): Call {
  const key = call['providerOptions'] === undefined ? 'providerMetadata' : 'providerOptions';
  if (call[key] === undefined) return call; // what `shorten` returned
  const { [metadataKey]: _, ...others } = call[key] as Record<string, unknown>;
  const { only: __, except: ___, ...own } = passedWith(call);
  return { ...call, [key]: { ...others, ...(Object.keys(own).length > 0 && { [metadataKey]: own }) } };
}

/** Whether the call asks for an object rather than text. */
export function asksForObject(call: Call): boolean {
  const format = call['responseFormat'] as { readonly type?: string } | undefined;
  return format?.type === 'json' || modeOf(call)?.type?.startsWith('object') === true;
}
