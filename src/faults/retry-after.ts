/** No wait that a provider asks for counts as longer than this: an hour, in milliseconds. */
export const longestRetryAfterMs = 3_600_000;

/** A header by its name in lower case, of a `Headers` or of a plain object with names in any capitalisation. */
export function headerOf(headers: unknown, name: string): string {
  try {
    const all = headers as Headers & Record<string, unknown>;
    const value: unknown =
      typeof all.get === 'function'
        ? all.get(name)
        : all[Object.keys(all).find((key) => key.toLowerCase() === name)!];
    return typeof value === 'string' || typeof value === 'number' ? `${value}`.trim() : '';
  } catch {
    return ''; // no headers, or hostile ones
  }
}

/**
 * Milliseconds that a provider asks to wait: the first usable of `retry-after-ms`, `retry-after` in seconds or as
 * a date, and Google's `retryDelay` (`"21.5s"`) in the body.
 */
export function retryAfterIn(
  headers: readonly unknown[],
  retryDelays: readonly unknown[],
): number | undefined {
  const all = (name: string): string[] => headers.map((each) => headerOf(each, name));
  const waits = [
    ...all('retry-after-ms').map(numberIn),
    ...all('retry-after').map((after) =>
      // Date.parse finds years in anything: only what has a time of day is a date.
      /\d:\d\d/.test(after) ? Date.parse(after) - Date.now() : numberIn(after) * 1000,
    ),
    ...retryDelays.map((delay) =>
      typeof delay === 'string' && delay.endsWith('s') ? numberIn(delay.slice(0, -1)) * 1000 : Number.NaN,
    ),
  ];
  const wait = waits.find((each) => each >= 0);
  return wait === undefined ? undefined : Math.min(Math.ceil(wait), longestRetryAfterMs);
}

const numberIn = (text: string): number => (/^\d{1,20}(\.\d{0,20})?$/.test(text) ? Number(text) : Number.NaN);
