import type { Call } from './model.ts';
import { nativeVersion } from './native.ts';

/** How much a model reasons (ai 7). */
type Reasoning = 'provider-default' | 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** Settings as a call has them, by the names of the current AI SDK. */
export interface CallSettings {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly stopSequences?: readonly string[] | undefined;
  readonly seed?: number | undefined;
  readonly presencePenalty?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  readonly reasoning?: Reasoning | undefined;
  readonly providerOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
}

type Values = Readonly<Record<string, unknown>>;

/** What ai 4 calls these settings in a call. */
export const namesInV1: Values = { maxOutputTokens: 'maxTokens', providerOptions: 'providerMetadata' };

/**
 * A function that adds settings to a call where the call leaves them open, as `defaultSettingsMiddleware` does. Provider
 * options are merged deeply, and headers by name, whatever its case; the call wins.
 */
export function settingsFor(settings: CallSettings): (call: Call) => Call {
  const isV1 = nativeVersion() === 'v1';
  const entries = Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [String((isV1 && namesInV1[name]) || name), value] as const);
  return (call) => {
    const made: Record<string, unknown> = { ...call };
    for (const [name, value] of entries) made[name] = settled(name, value, call[name], isV1);
    return made as unknown as Call;
  };
}

function settled(name: string, value: unknown, own: unknown, isV1: boolean): unknown {
  // ai 4 sends the temperature 0 for a call that sets none.
  if (own === undefined || own === null || (isV1 && name === 'temperature' && own === 0)) return value;
  if (name === 'headers') return mergedHeaders(value as Values, own as Values);
  return name === 'providerOptions' || name === 'providerMetadata'
    ? merged(value as Values, own as Values)
    : own;
}

/** Merges headers by name, whatever its case; what is not undefined in `own` wins. */
export function mergedHeaders(defaults: Values, own: Values): Values {
  const said = Object.entries(own).filter(([, value]) => value !== undefined);
  const names = new Set(said.map(([name]) => name.toLowerCase()));
  const open = Object.entries(defaults).filter(([name]) => !names.has(name.toLowerCase()));
  return Object.fromEntries([...open, ...said]);
}

/** Merges objects deeply, where both are plain objects; what is not undefined in `own` wins. */
export function merged(defaults: Values, own: Values): Values {
  const result: Record<string, unknown> = { ...defaults };
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined || polluting.test(name)) continue;
    const before = Object.hasOwn(defaults, name) ? defaults[name] : undefined;
    result[name] = isPlain(before) && isPlain(value) ? merged(before, value) : value;
  }
  return result;
}

/** Keys that would change what an object inherits. */
const polluting = /^(?:__proto__|constructor|prototype)$/;

/** Whether a value is a plain object, of this realm or another, rather than an instance of a class. */
export function isPlain(value: unknown): value is Values {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
