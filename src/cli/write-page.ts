import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstLineOf } from '../inspect/clean.ts';
import { UsageError } from '../inspect/usage-error.ts';

/** What to do with a page. */
export interface PageOptions {
  /** The file to write it to. */
  readonly html?: string;
  /** Whether to open it in a browser. */
  readonly open?: boolean;
}

/**
 * Writes a page to a file, if one is named, else to a temporary one; opens it if that is asked for.
 *
 * @param inputs the files that the page is made from, which it must not replace
 */
export async function writePage(
  page: string,
  { html, open = false }: PageOptions,
  inputs: readonly (string | undefined)[],
): Promise<string> {
  if (html !== undefined) await assertNoneOf(html, inputs);
  const option = html === undefined ? '--open' : `--html is ${JSON.stringify(html)}`;
  let file = html ?? '';
  try {
    file = html ?? join(await mkdtemp(join(tmpdir(), 'ai-alloy-')), 'explain.html');
    await writeFile(file, page);
  } catch (error) {
    throw new UsageError(`${option}: the page can't be written (${firstLineOf(error)})`, { cause: error });
  }
  if (open) await openInBrowser(file);
  return file;
}

/** Throws if a file is one of those that were read, under whatever name. */
async function assertNoneOf(file: string, inputs: readonly (string | undefined)[]): Promise<void> {
  const same = await Promise.all(
    inputs.map(async (input) => input !== undefined && (await areSame(file, input))),
  );
  if (!same.includes(true)) return;
  throw new UsageError(`--html is ${JSON.stringify(file)}: this command reads that file, name another one`);
}

async function areSame(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all(
    [a, b].map((file) => stat(file, { bigint: true }).catch(() => undefined)),
  );
  return one !== undefined && one.isFile() && one.ino === other?.ino && one.dev === other.dev;
}

/** The program of each platform that opens a file as a double click does. */
const openers: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  // The empty text is the title of the window that `start` opens.
  win32: ['cmd', '/c', 'start', '""'],
};

/** Not a package, since the command line has no dependency at run time, and the platforms have one command each. */
async function openInBrowser(file: string): Promise<void> {
  const [command = '', ...args] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, file], { detached: true, stdio: 'ignore' });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new UsageError(`--open: there is no ${command} here, open ${file} yourself`, { cause: error });
  }
  child.unref();
}
