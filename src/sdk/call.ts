import { metadataKey } from '../decision-of.ts';
import type { Call } from './model.ts';

interface FunctionTool {
  readonly name?: string;
  readonly description?: string;
}

interface ObjectMode {
  readonly tools?: readonly FunctionTool[];
  readonly tool?: FunctionTool;
  readonly schema?: unknown;
}

/** The output limit that the call sets, in tokens: `maxOutputTokens`, or `maxTokens` in V1. */
export function outputLimitOf(call: Call): number | undefined {
  const limit = call['maxOutputTokens'] ?? call['maxTokens'];
  return typeof limit === 'number' ? limit : undefined;
}

/** The call's tool definitions; V1 keeps them inside `mode`. */
export function toolsOf(call: Call): readonly FunctionTool[] {
  const mode = call['mode'] as ObjectMode | undefined;
  const tools = (call['tools'] as readonly FunctionTool[] | undefined) ?? mode?.tools;
  return tools ?? (mode?.tool === undefined ? [] : [mode.tool]);
}

/** The JSON schema that the answer has to follow, if the call asks for one; V1 keeps it inside `mode`. */
export function responseSchemaOf(call: Call): unknown {
  const format = call['responseFormat'] as { readonly schema?: unknown } | undefined;
  return format?.schema ?? (call['mode'] as ObjectMode | undefined)?.schema;
}

/** What the application passed in `providerOptions['ai-alloy']`; ai 4 calls these options `providerMetadata`. */
export function passedWith(call: Call): Readonly<Record<string, unknown>> {
  const passed = Object(call['providerOptions'] ?? call['providerMetadata']) as Record<string, unknown>;
  return Object(passed[metadataKey]) as Record<string, unknown>;
}

/** Whether the call asks for an object rather than text. */
export function asksForObject(call: Call): boolean {
  const format = call['responseFormat'] as { readonly type?: string } | undefined;
  const mode = call['mode'] as { readonly type?: string } | undefined;
  return format?.type === 'json' || mode?.type?.startsWith('object') === true;
}
