import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What a script prints as JSON, in a process of its own. */
export async function resultOf(
  script: string,
  task: readonly string[],
  flags: readonly string[],
): Promise<any> {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, ...task]);
  return JSON.parse(stdout);
}

/** The rejections that nothing handles while `work` goes on. */
export async function unhandledDuring(work: () => Promise<unknown>): Promise<readonly unknown[]> {
  const unhandled: unknown[] = [];
  const hear = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', hear);
  try {
    await work();
  } finally {
    process.off('unhandledRejection', hear);
  }
  return unhandled;
}
