import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { resultOf } from '../support/processes.ts';

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

// With a seventh of room, for what a Node version does differently. Times are for the bench.
it.each([
  ['functionCalls', 'generate', 425],
  ['functionCalls', 'stream', 1650], // of 100 deltas
  ['bytes', 'generate', 28_000],
])('R-40: %s that a cascade adds to one call, %s', async (what, kind, most) => {
  const added = await resultOf(worker, [what, kind], flags); // of the built package
  expect(added).toBeGreaterThan(most / 2); // or something else is counted
  expect(added).toBeLessThanOrEqual(most);
});
