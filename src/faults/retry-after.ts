import { fieldsIn, headersIn } from './read-error.ts';
import { headerOf } from './safe-read.ts';

/** A wait that a provider asks for is cut to this: an hour, in milliseconds. */
export const longestRetryAfterMs = 3_600_000;
/** A used-up quota is assumed to be available again after this at the latest: a day, in milliseconds. */
export const longestResetMs = 86_400_000;

/** Names of fields in a response body, and how many milliseconds one of their numbers is. */
const bodyFields: Readonly<Record<string, number>> = {
  // Google: with a unit, or a date
  retryDelay: Number.NaN,
  quotaResetDelay: Number.NaN,
  quotaResetTimeStamp: Number.NaN,
  retry_after: 1000,
  retryAfter: 1000,
  retry_after_seconds: 1000,
  resets_in_seconds: 1000,
  resets_at: 1000,
  reset_at: 1000,
  retry_after_ms: 1,
  retryAfterMs: 1,
};

/**
 * Milliseconds that a provider asks to wait; undefined if it doesn't. The first of these that is set: `retry-after-ms`,
 * `retry-after`, a field of the body, the reset time of a limit that is used up, the message.
 *
 * @param own the provider's own words in its messages
 * @param isLimit whether a limit was hit. Only then do the reset times of limits matter
 */
export function waitIn(
  levels: readonly unknown[],
  own: readonly string[],
  isLimit: boolean,
): number | undefined {
  const headers = headersIn(levels);
  const inHeader = (name: string, perUnit: number): number[] =>
    headers.map((each) => waitOf(headerOf(each, name), perUnit));
  const waits = [
    ...inHeader('retry-after-ms', 1),
    ...inHeader('x-ms-retry-after-ms', 1),
    ...inHeader('retry-after', 1000),
    ...Object.entries(bodyFields).flatMap(([name, perUnit]) =>
      fieldsIn(levels, [name]).map((value) => waitOf(value, perUnit)),
    ),
  ];
  const wait = waits.find((each) => each >= 0);
  if (wait !== undefined || !isLimit) return wait;
  return headers.map(resetIn).find((each) => each >= 0) ?? own.map(waitInWords).find((each) => each >= 0);
}

const duration = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d{1,9})?)s)?(?:(\d+(?:\.\d{1,9})?)ms)?$/;

/** Milliseconds from now, for `120`, `1s`, `2m30s`, a date, or a time since the epoch; NaN for anything else. */
function waitOf(value: unknown, perUnit: number): number {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text === '' || text.length > 100) return Number.NaN;
  if (/^\d{1,20}(\.\d{0,20})?$/.test(text)) {
    const number = Number(text);
    // No wait is decades long, so such a number is a time in milliseconds or seconds since the epoch.
    if (number > 1e12) return number - Date.now();
    return number > 1e9 ? number * 1000 - Date.now() : number * perUnit;
  }
  // `60 seconds`, and ISO 8601's `PT1M30S`.
  const short = text
    .replace(/^PT(?=\d)/, '')
    .replace(/ ?sec(?:onds?)?$/i, 's')
    .toLowerCase();
  const [, days = 0, hours = 0, minutes = 0, seconds = 0, ms = 0] = duration.exec(short) ?? [];
  if (duration.test(short)) {
    return (
      ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 +
      Number(seconds) * 1000 +
      Number(ms)
    );
  }
  // Date.parse reads almost any text as a date, so only a text with a time of day is accepted.
  return /\d:\d\d/.test(text) ? Date.parse(text) - Date.now() : Number.NaN;
}

/** Pairs of headers: when a limit is reset, and how much of it is left. */
const resetHeaders: readonly (readonly [string, string])[] = /* @__PURE__ */ [
  '',
  '-requests',
  '-tokens',
  '-input-tokens',
  '-output-tokens',
].flatMap((what) => [
  [`x-ratelimit-reset${what}`, `x-ratelimit-remaining${what}`] as const,
  [`ratelimit-reset${what}`, `ratelimit-remaining${what}`] as const,
  [`anthropic-ratelimit${what}-reset`, `anthropic-ratelimit${what}-remaining`] as const,
  [`x-rate-limit-reset${what}`, `x-rate-limit-remaining${what}`] as const,
  [`x-ratelimit-reset-after${what}`, `x-ratelimit-remaining${what}`] as const,
]);

/** Milliseconds until the limits that are used up are reset: the latest of several; NaN if no header tells. */
function resetIn(headers: unknown): number {
  const resets = resetHeaders.flatMap(([reset, remaining]) => {
    const wait = waitOf(headerOf(headers, reset), 1000);
    return wait >= 0 ? [{ wait, left: headerOf(headers, remaining) }] : [];
  });
  const usedUp = resets.filter(({ left }) => left === '0');
  if (usedUp.length > 0) return Math.max(...usedUp.map(({ wait }) => wait));
  return resets.length === 1 && resets[0]!.left === '' ? resets[0]!.wait : Number.NaN;
}

const waitSentence =
  /\b(?:try again|retry|wait|resets?|available again)\b(?: \w+){0,3}?(?: (?:in|after|for))? (?:about |approximately )?(\d+(?:\.\d{1,6})?) ?(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b/i;
const clockSentence = /\b(?:try again|retry in|resets? in) (?:in )?((?:\d+[dhm])*\d+(?:\.\d+)?s)\b/i;
const resetSentence =
  /\b(?:resets?|available again|regain access)\b(?: \w+){0,3}? (?:at|on) (\d{4}-\d\d-\d\d)(?: at |[T ])(\d\d:\d\d(?::\d\d)?)/i;

/** `Please try again in 20s`, `Your limit will reset at 2026-09-09 03:30:06`: NaN if a message says nothing of the kind. */
function waitInWords(own: string): number {
  const clock = clockSentence.exec(own)?.[1];
  if (clock !== undefined) return waitOf(clock, 1000);
  const [, day, time] = resetSentence.exec(own) ?? [];
  if (day) return Date.parse(`${day}T${time}Z`) - Date.now(); // a time without a zone is unreliable, but still read as UTC
  const [, amount, unit = ''] = waitSentence.exec(own) ?? [];
  const perUnit = /^m(s|illi)/i.test(unit)
    ? 1
    : /^s/i.test(unit)
      ? 1000
      : /^m/i.test(unit)
        ? 60_000
        : 3_600_000;
  return amount === undefined ? Number.NaN : Number(amount) * perUnit;
}
