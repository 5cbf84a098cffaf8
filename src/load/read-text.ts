import { importAtRunTime } from '../import-at-run-time.ts';

/** The used part of `node:fs/promises`. Its own types would add Node's globals to code that also runs without Node. */
interface FileSystem {
  stat(path: string | URL): Promise<{ isFile(): boolean; isDirectory(): boolean; readonly size: number }>;
  open(path: string | URL, flags: 'r'): Promise<FileHandle>;
}

interface FileHandle {
  read(buffer: Uint8Array, offset: number, length: number, at: null): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}

/** Thrown if a text can't be read. The message says why, and what to do. */
export class UnreadableText extends Error {}

/** The text of a file, by its path or its `file:` URL; undefined if it has more bytes than `limit`, which are not read. */
export async function readTextFile(file: string | URL, limit: number): Promise<string | undefined> {
  const fileSystem = await importAtRunTime<FileSystem>('node:fs/promises').catch(() => {
    throw new UnreadableText('there are no files in this runtime: pass { text, format }');
  });
  let bytes: Uint8Array | undefined;
  try {
    bytes = await readBytes(file, limit, fileSystem);
  } catch (error) {
    if (error instanceof UnreadableText) throw error;
    const { code = '' } = error as { readonly code?: string };
    const reason = reasons[code] ?? `it could not be read (${code})`;
    const isMissing = reason === noSuchFile;
    throw new UnreadableText(isMissing ? `${reason}${await whereItWas(file)}` : reason, { cause: error });
  }
  return bytes && decode(bytes);
}

/** The text of a stream. If it has more than `limit` bytes, destroys the stream and returns undefined. */
export async function readTextStream(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early destroys the stream.
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return decode(bytes);
}

async function readBytes(
  file: string | URL,
  limit: number,
  { stat, open }: FileSystem,
): Promise<Uint8Array | undefined> {
  const kind = await stat(file);
  if (kind.isDirectory()) throw new UnreadableText('it is not a file, but a directory: name a file in it');
  // Opening a pipe would wait until another process writes to it, and a device may have no end.
  if (!kind.isFile())
    throw new UnreadableText('it is not a file, but a pipe or a device: save what it holds in one');
  if (kind.size > limit) return undefined;
  const handle = await open(file, 'r');
  try {
    // The reported size may be wrong, as in /proc, and a single read may return only a part.
    const buffer = new Uint8Array(limit + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
    }
    return undefined;
  } finally {
    await handle.close();
  }
}

/** The path that a relative path or a URL led to, for the message about a file that isn't there. */
async function whereItWas(file: string | URL): Promise<string> {
  const path = await absolutePath(file);
  return path === file ? '' : `, it was looked for at ${path}`;
}

/** The absolute path of a file. A relative path starts at the working directory as it is now. */
export async function absolutePath(file: string | URL): Promise<string> {
  const { resolve } = await importAtRunTime<{ resolve(path: string): string }>('node:path');
  const { fileURLToPath } = await importAtRunTime<{ fileURLToPath(url: URL): string }>('node:url');
  return typeof file === 'string' ? resolve(file) : fileURLToPath(file);
}

const noSuchFile = 'there is no such file';
const notAFileUrl = 'use the path of a file, or its file: URL';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: noSuchFile,
  ENOTDIR: noSuchFile,
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  ERR_INVALID_URL_SCHEME: notAFileUrl,
  ERR_INVALID_FILE_URL_HOST: notAFileUrl,
  ERR_INVALID_FILE_URL_PATH: notAFileUrl,
};

/** NUL characters, which occur when UTF-16 text is read as UTF-8. None of the formats allows them. */
export const nul = '\0';

/** The remedy for a text in UTF-16, which a Windows shell writes. */
export const looksLikeUtf16 =
  'it is not UTF-8 text, but UTF-16 or no text at all: save it as UTF-8 (PowerShell: Out-File -Encoding utf8)';

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  // Latin text in UTF-16 without a byte order mark is valid UTF-8 with many NULs.
  if (hasMark || bytes.includes(0)) throw new UnreadableText(looksLikeUtf16);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableText('it is not UTF-8 text: save it as UTF-8');
  }
}
