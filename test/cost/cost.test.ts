import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));

// Interpreted, since what a compiler leaves out depends on what ran before, and with so much room for young objects that
// none is collected while they are counted.
const flags = [
  '--expose-gc',
  '--no-opt',
  '--no-maglev',
  '--no-sparkplug',
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
];

/** What the worker prints, of the built package. */
async function addedBy(...task: string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, worker, ...task]);
  return JSON.parse(stdout);
}

// With a seventh of room, for what a Node version does differently. Times are for the bench.
it.each([
  ['functionCalls', 'generate', 425],
  ['functionCalls', 'stream', 1650], // of 100 deltas
  ['bytes', 'generate', 28_000],
])('R-40: %s that a cascade adds to one call, %s', async (what, kind, most) => {
  const added = await addedBy(what, kind);
  expect(added).toBeGreaterThan(most / 2); // or something else is counted
  expect(added).toBeLessThanOrEqual(most);
});
