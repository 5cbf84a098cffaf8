import { check, foundInstead } from '../errors/errors.ts';
import type { Place } from '../errors/place.ts';
import { isPlain } from '../sdk/call-settings.ts';
import type { Call } from '../sdk/model.ts';

/**
 * A copy of plain objects and lists, however deep, so that a function of the application can't change the caller's call.
 * Instances of classes, such as a Uint8Array or a URL, are shared: media may be large, and are compared by identity.
 */
export function copyOf<Value>(value: Value, known: Map<unknown, unknown> = new Map()): Value {
  const isList = Array.isArray(value);
  if (!isList && !isPlain(value)) return value;
  const made = known.get(value);
  if (made !== undefined) return made as Value;
  const copy: any = isList ? [...value] : { ...value }; // any: filled in below
  known.set(value, copy);
  for (const key of Object.keys(copy)) if (key !== '__proto__') copy[key] = copyOf(copy[key], known);
  return copy as Value;
}

/** What a function of the application returned instead of `call`, with the abort signal of that; throws if it is no call. */
export function acceptedCall(returned: unknown, { abortSignal }: Call, option: Place | string): Call {
  const remedy = 'return a call with a prompt, such as { ...call, prompt }';
  check(isCall(returned), option, foundInstead(returned), remedy);
  return returned.abortSignal === abortSignal ? returned : { ...returned, abortSignal };
}

function isCall(value: unknown): value is Call {
  const { prompt } = Object(value) as Partial<Call>;
  const isMessage = (each: unknown): boolean => typeof (Object(each) as { role?: unknown }).role === 'string';
  return Array.isArray(prompt) && prompt.length > 0 && prompt.every(isMessage);
}
