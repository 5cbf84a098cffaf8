// Reads errors of any origin by shape: they may be anything, and hostile.
import { isBlocked, isErrorLike } from './error-like.ts';
import { fieldOf, isRecord, itemsOf } from './safe-read.ts';
import { jsonIn } from './json-in.ts';
import { headerOf } from './retry-after.ts';

// Where an error keeps more of itself: response bodies, in-band parts, what it wraps, the vendor behind a proxy. Not
// a whole `response`, nor `detail` lists: those echo what the caller sent.
const parts = ['data', 'error', 'innererror', 'metadata', 'details', 'errors', '$metadata', 'cause'];
const bodies = ['responseBody', 'raw'];
const wordFields = ['name', 'code', 'type', 'status', 'reason', '__type', 'error_type', 'error_code'];
const statusFields = ['statusCode', 'status', 'status_code', 'raw_status_code', 'httpStatusCode', 'code'];
const textFields = /* @__PURE__ */ ['message', 'error', 'detail', 'details'].concat(bodies);
const headerFields = ['responseHeaders', 'headers'];
const mostLevels = 32;

/** The error and what it holds, outermost first: body, nested errors, causes, JSON inside of messages. */
export function levelsOf(error: unknown, isOwn: boolean): readonly unknown[] {
  const levels: unknown[] = [];
  // A bare string says the same as it would inside an error.
  const found = [typeof error === 'string' ? { message: error, error } : error];
  for (const each of found) {
    if (levels.length === mostLevels) break;
    if (!isRecord(each) || levels.includes(each)) continue;
    levels.push(each);
    if (isOwn) break; // of a primitive's own error, the rest is its members' errors
    for (const name of bodies) found.push(bodyIn(fieldOf(each, name)));
    for (const name of ['error', 'message']) found.push(jsonIn(fieldOf(each, name)));
    found.push(fieldOf(fieldOf(each, 'response'), 'error')); // OpenAI Responses, in band
    for (const name of parts) found.push(...itemsOf(fieldOf(each, name)));
    const value = fieldOf(each, 'value'); // of a TypeValidationError: what could not be read
    if (isErrorLike(value)) found.push(value);
  }
  return levels;
}

/** A response body as an object: provider packages keep it as text, or parsed. */
const bodyIn = (body: unknown): unknown => (isRecord(body) ? body : jsonIn(body));

/**
 * The HTTP status that the levels tell, and whether it is the provider package's guess: of an error inside a stream, or
 * of a generation that failed, the response itself had the status 200.
 */
export function statusIn(levels: readonly unknown[]): {
  readonly status?: number;
  readonly isGuess: boolean;
} {
  const statuses = fieldsIn(levels, statusFields)
    // As a string by Azure and LiteLLM.
    .map((status) => (typeof status === 'string' && /^\d{3}$/.test(status) ? Number(status) : status))
    .filter(
      (status): status is number => Number.isInteger(status) && Number(status) >= 100 && Number(status) < 600,
    );
  // In-band errors come with the status 200 of the response that they are in.
  const status = statuses.find((each) => each >= 400) ?? statuses[0];
  const isStream = headersIn(levels).some((headers) =>
    /event-stream/i.test(headerOf(headers, 'content-type')),
  );
  const hasFailed = levels.some((level) => fieldOf(level, 'status') === 'failed');
  return { ...(status !== undefined && { status }), isGuess: isStream || hasFailed };
}

export function wordsIn(levels: readonly unknown[]): readonly string[] {
  const types = headersIn(levels).map((headers) => headerOf(headers, 'x-amzn-errortype'));
  // OpenRouter says it by what it adds.
  const isFlagged =
    levels.some(isBlocked) ||
    fieldsIn(levels, ['metadata']).some((metadata) =>
      ['flagged_input', 'reasons'].some((name) => fieldOf(metadata, name) != null),
    );
  // Bedrock adds addresses: `com.amazon.coral#ThrottlingException:http://internal.amazon.com/`.
  const own = [...stringsIn(levels, wordFields), ...types.filter(Boolean).map((type) => type.split(':')[0]!)];
  const single = stringsIn(levels, ['error']).filter((text) => /^[A-Z][\w-]{2,60}$/i.test(text)); // no prose
  return [...own.map((word) => word.slice(0, 100)), ...single, ...(isFlagged ? ['content_filter'] : [])];
}

/** The values that there are of any of `names`, level by level. */
export const fieldsIn = (levels: readonly unknown[], names: readonly string[]): readonly unknown[] =>
  levels.flatMap((level) => names.map((name) => fieldOf(level, name))).filter((value) => value != null);

export const stringsIn = (levels: readonly unknown[], names: readonly string[]): readonly string[] =>
  fieldsIn(levels, names).filter((value) => typeof value === 'string');

/** What is said for people to read, and bodies as text. */
export const textsIn = (levels: readonly unknown[]): readonly string[] => stringsIn(levels, textFields);

export const headersIn = (levels: readonly unknown[]): readonly unknown[] => fieldsIn(levels, headerFields);
