// Reads from untrusted values, whose getters may throw.

/** A field of any value; undefined if there is none or its getter throws. */
export function fieldOf(value: unknown, name: string | symbol): unknown {
  try {
    return isRecord(value) ? value[name] : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value has one of the symbols by which the AI SDK marks its errors: `error.AI_APICallError`. */
export const hasSdkMarker = (value: unknown, marker: string): boolean =>
  fieldOf(value, Symbol.for(`vercel.ai.${marker}`)) === true;

/** The first items of a list; a list of the value itself if it is none. */
export function itemsOf(value: unknown): readonly unknown[] {
  try {
    if (!Array.isArray(value)) return [value];
    return Array.from({ length: Math.min(value.length, 64) }, (_, index): unknown => value[index]);
  } catch {
    return [];
  }
}

/** A header by its name in lower case, from a `Headers` object or a plain object with names in any capitalisation. */
export function headerOf(headers: unknown, name: string): string {
  try {
    const all = headers as Headers & Record<string, unknown>;
    const value: unknown =
      typeof all.get === 'function'
        ? all.get(name)
        : all[Object.keys(all).find((key) => key.toLowerCase() === name)!];
    return typeof value === 'string' || typeof value === 'number' ? `${value}`.trim() : '';
  } catch {
    return ''; // no headers object, or one that throws
  }
}

export const isRecord = (value: unknown): value is Record<string | symbol, unknown> =>
  typeof value === 'object' && value !== null;
