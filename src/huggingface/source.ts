import { foundName, InvalidConfigurationError, isObject } from '../errors/errors.ts';
import { withoutCredentials } from '../errors/found.ts';
import { importAtRunTime } from '../import-at-run-time.ts';
import type { Place } from '../errors/place.ts';

/** A file of a model: its path, its URL (`http:`, `https:`, `file:`), or its contents as an object. */
export type TokenizerSource = string | URL | object;

/** Timeout for fetching a file, in milliseconds. */
const longestMs = 120_000;

/**
 * The part of `node:fs/promises` that is used here. Its own types would bring Node's globals into code that runs
 * without Node.
 */
interface FileSystem {
  readFile(path: string | URL, encoding: 'utf8'): Promise<string>;
}

/** Whether a source is a path or URL, rather than contents. */
export const isPlace = (source: TokenizerSource): source is string | URL =>
  typeof source === 'string' || source instanceof URL;

/** Whether a text is a URL, rather than a path. */
export const isAddress = (place: string): boolean =>
  /^(https?|file):\/\//i.test(place) && URL.canParse(place);

/** A path or URL as errors and ids show it; without the parts of a URL that may be secret. */
export function nameOf(place: string | URL): string {
  const url = urlOf(place);
  if (!url) return String(place);
  const { protocol, host, pathname } = url;
  return protocol === 'file:' ? pathname : `${protocol}//${host}${pathname}`;
}

/** Another file in the same folder. */
export function beside(place: string | URL, name: string): string | URL {
  const url = urlOf(place);
  return url ? new URL(name, url) : String(place).replace(/[^/\\]*$/, () => name);
}

const urlOf = (place: string | URL): URL | undefined =>
  place instanceof URL ? place : isAddress(place) ? new URL(place) : undefined;

/**
 * The text of a file; undefined if there is none.
 *
 * @param option names it in errors
 * @throws InvalidConfigurationError for a file that can't be read
 */
export async function readTextAt(option: Place, place: string | URL): Promise<string | undefined> {
  const url = urlOf(place);
  const fail = (remedy: string, cause?: unknown): never => {
    throw new InvalidConfigurationError({ option, value: foundName(nameOf(place)), remedy, cause });
  };
  if (url && url.protocol !== 'file:') return fetchText(url, fail);
  try {
    const { readFile } = await importAtRunTime<FileSystem>('node:fs/promises').catch((cause: unknown) =>
      fail('there are no files in this runtime: pass its contents, as an object', cause),
    );
    return await readFile(url ?? String(place), 'utf8');
  } catch (error) {
    if (InvalidConfigurationError.isInstance(error)) throw error;
    const { code } = Object(error) as { readonly code?: string };
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? undefined
      : fail(`it could not be read (${code ?? error})`, error);
  }
}

async function fetchText(
  url: URL,
  fail: (remedy: string, cause?: unknown) => never,
): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(longestMs) });
    if (response.status === 404) return undefined;
    if (!response.ok) return fail(`its server answered with status ${response.status}`);
    return await response.text();
  } catch (error) {
    if (InvalidConfigurationError.isInstance(error)) throw error;
    const { message, cause } = Object(error) as { readonly message?: string; readonly cause?: object };
    return fail(
      `it could not be fetched (${(cause as { code?: string } | undefined)?.code ?? withoutCredentials(`${message}`)})`,
      error,
    );
  }
}

/** Parses a text as a JSON object; otherwise returns what the text is instead, for an error message. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return kindOfText(text);
  }
  if (!isObject(parsed)) return 'JSON, but no object';
  return Array.isArray(parsed) ? `a list of ${parsed.length}` : (parsed as Readonly<Record<string, unknown>>);
}

/** What people often pass instead of JSON. */
function kindOfText(text: string): string {
  if (text.trim() === '') return 'an empty file';
  if (text.startsWith('version https://git-lfs')) return 'a pointer of Git LFS, not the file: git lfs pull';
  if (/^\s*<(!doctype|html)/i.test(text)) return 'an HTML page';
  if (text.startsWith('GGUF')) return 'a GGUF model, which has its tokenizer inside';
  const isBinary = /[^\P{Cc}\s]|\uFFFD/u.test(text.slice(0, 200));
  if (isBinary && text.startsWith('\n')) return sentencePiece;
  return isBinary ? 'no text' : 'no JSON';
}

const sentencePiece =
  'a SentencePiece model (tokenizer.model): save the tokenizer with transformers, which writes a tokenizer.json';
