import { InvalidConfigurationError } from '../errors.ts';
import { importAtRunTime } from '../import-at-run-time.ts';
import { limits } from './limits.ts';

/** What is used of `node:fs/promises`: its own types would let Node's globals into code that runs without Node. */
interface FileSystem {
  stat(path: string | URL): Promise<{ isFile(): boolean }>;
  open(path: string | URL, flags: 'r'): Promise<FileHandle>;
}

interface FileHandle {
  stat(): Promise<{ readonly size: number }>;
  read(buffer: Uint8Array, offset: number, length: number, at: number): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}

/** The text of a file, by its path or its `file:` URL, or undefined if it is too large; never reads more than the limit. */
export async function readText(file: string | URL): Promise<string | undefined> {
  const fileSystem = await importAtRunTime<FileSystem>('node:fs/promises').catch(() => {
    throw unreadable(file, 'there are no files in this runtime: pass { text, format }');
  });
  const bytes = await readBytes(file, fileSystem).catch((error: { readonly code?: string }) => {
    if (InvalidConfigurationError.isInstance(error)) throw error;
    throw unreadable(file, reasons[error.code ?? ''] ?? `it could not be read (${error.code})`);
  });
  if (bytes.length > limits.bytes) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(file, 'it is not UTF-8 text');
  }
}

async function readBytes(path: string | URL, { stat, open }: FileSystem): Promise<Uint8Array> {
  // To open a pipe would wait for somebody to write into it.
  if (!(await stat(path)).isFile()) throw unreadable(path, 'it is not a file');
  const handle = await open(path, 'r');
  try {
    const status = await handle.stat();
    const buffer = new Uint8Array(Math.min(status.size, limits.bytes) + 1);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return status.size > limits.bytes ? buffer : buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

const notAFileUrl = 'use the path of a file, or its file: URL';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  ERR_INVALID_URL_SCHEME: notAFileUrl,
  ERR_INVALID_FILE_URL_HOST: notAFileUrl,
  ERR_INVALID_FILE_URL_PATH: notAFileUrl,
};

const unreadable = (file: string | URL, remedy: string): InvalidConfigurationError =>
  new InvalidConfigurationError({ option: 'file', value: String(file), remedy });
