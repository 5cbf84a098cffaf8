import { readFile } from 'node:fs/promises';
import { text as textOfStream } from 'node:stream/consumers';
import { isObject } from '../../errors.ts';
import { UsageError } from '../outcome.ts';

/** The text of a file that an option names; of standard input for `-`. */
export async function textOf(option: string, file: string): Promise<string> {
  try {
    return file === '-' ? await textOfStream(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : `it could not be read (${code})`;
    throw new UsageError(`${option} is ${JSON.stringify(file)}: ${reason}`, { cause: error });
  }
}

/** The JSON in a file that an option names; `shape` says what it should be. */
export async function jsonOf(option: string, file: string, shape: string): Promise<unknown> {
  const text = await textOf(option, file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${option} is not valid JSON: ${shape}`, { cause: error });
  }
}

/** What was found, in a message. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const json = JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 80)}…` : json;
}

/** Throws unless a value is an object with names. */
export function assertTable(
  at: string,
  value: unknown,
  remedy: string,
): asserts value is Readonly<Record<string, unknown>> {
  if (!isObject(value) || Array.isArray(value)) throw new UsageError(`${at} is ${shown(value)}: ${remedy}`);
}
