import { open, stat } from 'node:fs/promises';
import { InvalidConfigurationError } from '../errors.ts';
import { limits } from './limits.ts';

/** The text of a file, or undefined if it is too large; never reads more than the limit. */
export async function readText(file: string): Promise<string | undefined> {
  const bytes = await readBytes(file).catch((error: NodeJS.ErrnoException) => {
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

async function readBytes(file: string): Promise<Uint8Array> {
  // To open a pipe would wait for somebody to write into it.
  if (!(await stat(file)).isFile()) throw unreadable(file, 'it is not a file');
  const handle = await open(file, 'r');
  try {
    const status = await handle.stat();
    const buffer = new Uint8Array(Math.min(status.size, limits.bytes) + 1);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return status.size > limits.bytes ? buffer : buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
};

const unreadable = (file: string, remedy: string): InvalidConfigurationError =>
  new InvalidConfigurationError({ option: 'file', value: file, remedy });
