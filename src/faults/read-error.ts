// Reads errors of any origin by shape: they may be anything, and hostile.
import { headerOf } from './retry-after.ts';

// Where an error keeps more of itself: response bodies, in-band parts, what it wraps, the vendor behind a proxy. Not
// a whole `response`, nor `detail` lists: those echo what the caller sent.
const parts = ['data', 'error', 'innererror', 'metadata', 'details', 'errors', '$metadata', 'cause'];
const jsonParts = ['responseBody', 'raw'];
const wordFields = ['name', 'code', 'type', 'status', 'reason', '__type', 'error_type'];
const statusFields = ['statusCode', 'status', 'status_code', 'raw_status_code', 'httpStatusCode', 'code'];
const textFields = ['message', 'error', 'detail', ...jsonParts];
const headerFields = ['responseHeaders', 'headers'];

/** The error and what it holds, outermost first: body, nested errors, causes. */
export function levelsOf(error: unknown, isOwn: boolean): readonly unknown[] {
  const levels: unknown[] = [];
  // A bare string says the same as it would inside an error.
  const found = [typeof error === 'string' ? { message: error, error } : error];
  for (const each of found) {
    if (levels.length === 24) break;
    if (!isRecord(each) || levels.includes(each)) continue;
    levels.push(each);
    if (isOwn) break; // of a primitive's own error, the rest is its members' errors
    found.push(...[...jsonParts, 'error'].map((name) => parsed(read(each, name))));
    found.push(read(read(each, 'response'), 'error')); // OpenAI Responses, in band
    for (const name of parts) found.push(...listOf(read(each, name)));
  }
  return levels;
}

export function statusIn(levels: readonly unknown[]): number | undefined {
  const statuses = fieldsIn(levels, statusFields)
    // As a string by Azure and LiteLLM.
    .map((status) => (typeof status === 'string' && /^\d{3}$/.test(status) ? Number(status) : status))
    .filter(
      (status): status is number => Number.isInteger(status) && Number(status) >= 100 && Number(status) < 600,
    );
  // In-band errors come with the status 200 of the response that they are in.
  return statuses.find((status) => status >= 400) ?? statuses[0];
}

export function wordsIn(levels: readonly unknown[]): readonly string[] {
  const types = headersIn(levels).map((headers) => headerOf(headers, 'x-amzn-errortype'));
  // OpenRouter says it by what it adds.
  const isFlagged = fieldsIn(levels, ['metadata']).some((metadata) =>
    ['flagged_input', 'reasons'].some((name) => read(metadata, name) != null),
  );
  // Bedrock adds addresses: `com.amazon.coral#ThrottlingException:http://internal.amazon.com/`.
  const own = [...stringsIn(levels, wordFields), ...types.map((type) => type.split(':')[0]!)];
  const single = stringsIn(levels, ['error']).filter((text) => /^[A-Z][\w-]{2,60}$/i.test(text)); // no prose
  return [...own.map((word) => word.slice(0, 100)), ...single, ...(isFlagged ? ['content_filter'] : [])];
}

/** The values that there are of any of `names`, level by level. */
export const fieldsIn = (levels: readonly unknown[], names: readonly string[]): readonly unknown[] =>
  levels.flatMap((level) => names.map((name) => read(level, name))).filter((value) => value != null);

const stringsIn = (levels: readonly unknown[], names: readonly string[]): readonly string[] =>
  fieldsIn(levels, names).filter((value) => typeof value === 'string');

/** What is said for people to read, and bodies as text. */
export const textsIn = (levels: readonly unknown[]): readonly string[] => stringsIn(levels, textFields);

export const headersIn = (levels: readonly unknown[]): readonly unknown[] => fieldsIn(levels, headerFields);

/** The object that `text` is the JSON of; longer text is no provider's own. */
function parsed(text: unknown): unknown {
  if (typeof text !== 'string' || text.length > 1_000_000) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value[0] : isRecord(value) ? value : undefined; // a list: Google's streams
  } catch {
    return undefined;
  }
}

/** A field of an error of any origin, whose getters may throw. */
export function read(value: unknown, name: string | symbol): unknown {
  try {
    return isRecord(value) ? value[name] : undefined;
  } catch {
    return undefined;
  }
}

export function listOf(value: unknown): readonly unknown[] {
  try {
    if (!Array.isArray(value)) return [value];
    return Array.from({ length: Math.min(value.length, 64) }, (_, index): unknown => value[index]);
  } catch {
    return [];
  }
}

export const isRecord = (value: unknown): value is Record<string | symbol, unknown> =>
  typeof value === 'object' && value !== null;
