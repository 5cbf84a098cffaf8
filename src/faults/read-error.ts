// Reads errors by shape, since they can be any value, even a hostile one.
import { isBlocked, isErrorLike } from './error-like.ts';
import { fieldOf, headerOf, isRecord, itemsOf } from './safe-read.ts';
import { jsonIn } from './json-in.ts';

// Fields in which an error contains more about itself: response bodies, error parts of a stream, wrapped errors, the error
// of the vendor behind a proxy. Not a whole `response`, nor `detail` lists: those repeat what the caller sent.
const parts = ['data', 'error', 'innererror', 'metadata', 'details', 'errors', '$metadata', 'cause'];
const bodies = ['responseBody', 'raw'];
const wordFields = ['name', 'code', 'type', 'status', 'reason', '__type', 'error_type', 'error_code'];
const statusFields = ['statusCode', 'status', 'status_code', 'raw_status_code', 'httpStatusCode', 'code'];
const textFields = /* @__PURE__ */ ['message', 'error', 'detail', 'details'].concat(bodies);
const headerFields = ['responseHeaders', 'headers'];
const maxLevels = 32;

/** The error and everything nested in it, outermost first: body, nested errors, causes, JSON inside messages. */
export function levelsOf(error: unknown, isOwn: boolean): readonly unknown[] {
  const levels: unknown[] = [];
  // A string is treated like an error with that message.
  const found = [typeof error === 'string' ? { message: error, error } : error];
  for (const each of found) {
    if (levels.length === maxLevels) break;
    if (!isRecord(each) || levels.includes(each)) continue;
    levels.push(each);
    if (isOwn) break; // what is nested in a primitive's own error are its members' errors
    for (const name of bodies) found.push(bodyIn(fieldOf(each, name)));
    for (const name of ['error', 'message']) found.push(jsonIn(fieldOf(each, name)));
    found.push(fieldOf(fieldOf(each, 'response'), 'error')); // OpenAI Responses, in a stream
    for (const name of parts) found.push(...itemsOf(fieldOf(each, name)));
    const value = fieldOf(each, 'value'); // of a TypeValidationError: the chunk that could not be read
    if (isErrorLike(value)) found.push(value);
  }
  return levels;
}

/** A response body as an object, whether the provider package keeps it as text or parsed. */
const bodyIn = (body: unknown): unknown => (isRecord(body) ? body : jsonIn(body));

/**
 * The HTTP status in the levels, and whether it is only the provider package's guess: if an error came in a stream, or a
 * generation failed, the response itself had the status 200.
 */
export function statusIn(levels: readonly unknown[]): {
  readonly status: number | undefined;
  readonly isGuess: boolean;
} {
  const statuses = fieldsIn(levels, statusFields)
    // Azure and LiteLLM have it as a string.
    .map((status) => (typeof status === 'string' && /^\d{3}$/.test(status) ? Number(status) : status))
    .filter(
      (status): status is number => Number.isInteger(status) && Number(status) >= 100 && Number(status) < 600,
    );
  // Errors in a stream also have the status 200 of their response, so prefer an error status.
  const status = statuses.find((each) => each >= 400) ?? statuses[0];
  const isStream = headersIn(levels).some((headers) =>
    /event-stream/i.test(headerOf(headers, 'content-type')),
  );
  const hasFailed = levels.some((level) => fieldOf(level, 'status') === 'failed');
  return { status, isGuess: isStream || hasFailed };
}

/** Names, codes, types and reasons in the levels, by which `kindOf` classifies an error. */
export function wordsIn(levels: readonly unknown[]): readonly string[] {
  const types = headersIn(levels).map((headers) => headerOf(headers, 'x-amzn-errortype'));
  // OpenRouter marks a flagged prompt by additional metadata.
  const isFlagged =
    levels.some(isBlocked) ||
    fieldsIn(levels, ['metadata']).some((metadata) =>
      ['flagged_input', 'reasons'].some((name) => fieldOf(metadata, name) != null),
    );
  // Bedrock appends URLs: `com.amazon.coral#ThrottlingException:http://internal.amazon.com/`.
  const own = [...stringsIn(levels, wordFields), ...types.filter(Boolean).map((type) => type.split(':')[0]!)];
  const single = stringsIn(levels, ['error']).filter((text) => /^[A-Z][\w-]{2,60}$/i.test(text)); // one word, not a sentence
  return [...own.map((word) => word.slice(0, 100)), ...single, ...(isFlagged ? ['content_filter'] : [])];
}

/** The values of all fields with one of `names`, level by level. */
export const fieldsIn = (levels: readonly unknown[], names: readonly string[]): readonly unknown[] =>
  levels.flatMap((level) => names.map((name) => fieldOf(level, name))).filter((value) => value != null);

export const stringsIn = (levels: readonly unknown[], names: readonly string[]): readonly string[] =>
  fieldsIn(levels, names).filter((value) => typeof value === 'string');

/** Messages for people, and bodies as text. */
export const textsIn = (levels: readonly unknown[]): readonly string[] => stringsIn(levels, textFields);

export const headersIn = (levels: readonly unknown[]): readonly unknown[] => fieldsIn(levels, headerFields);
