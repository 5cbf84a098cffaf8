import { found, foundInstead, isObject } from '../../errors/errors.ts';
import { readTextFile, readTextStream, UnreadableText } from '../../load/read-text.ts';
import { UsageError } from '../usage-error.ts';

/** The largest input that is read: more than any model holds, and read within seconds. */
const maxBytes = 67_108_864;

/** The text of the file that an option names; `-` is standard input. */
export async function textOf(option: string, file: string): Promise<string> {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new UsageError(`${option} is ${JSON.stringify(file)}: ${reason}`, { cause });
  };
  try {
    const text =
      file === '-' ? await readTextStream(process.stdin, maxBytes) : await readTextFile(file, maxBytes);
    return text ?? refuse(`it is longer than ${maxBytes} bytes: shorten it`);
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    return refuse(error.message, error);
  }
}

/** The JSON in the file that an option names; `shape` says in errors what it should look like. */
export async function jsonOf(option: string, file: string, shape: string): Promise<unknown> {
  const text = await textOf(option, file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${option} is not valid JSON: ${shape}`, { cause: error });
  }
}

/** A value as error messages show it. */
export function shown(value: unknown): string {
  return value === undefined ? 'missing' : found(value).shown;
}

/** Throws unless the value is an object and not a list. */
export function assertTable(
  at: string,
  value: unknown,
  remedy: string,
): asserts value is Readonly<Record<string, unknown>> {
  if (isObject(value) && !Array.isArray(value)) return;
  const shownInstead = value === undefined ? 'missing' : foundInstead(value).shown;
  throw new UsageError(`${at} is ${shownInstead}: ${remedy}`);
}
