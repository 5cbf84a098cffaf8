import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
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

/** Writes a page to a file, if one is named, else to a temporary one; opens it if that is asked for. */
export async function writePage(page: string, { html, open = false }: PageOptions): Promise<string> {
  const file = html ?? join(await mkdtemp(join(tmpdir(), 'ai-alloy-')), 'explain.html');
  try {
    await writeFile(file, page);
  } catch (error) {
    throw new UsageError(`--html is ${JSON.stringify(file)}: it can't be written (${firstLineOf(error)})`, {
      cause: error,
    });
  }
  if (open) await openInBrowser(file);
  return file;
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
