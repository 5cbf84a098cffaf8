import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resultOf } from '../support/processes.ts';
import { kinds, models } from './calls.mjs';

const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));

/** What the worker prints, in a process of its own, of the built package. */
const run = (...task: string[]): Promise<any> => resultOf(worker, task, ['--expose-gc']);

describe('R-49: no text of a prompt is in the heap after its call', () => {
  it.each(Object.keys(models))(
    '%s: answers, streams, cancelled and aborted calls',
    { timeout: 60_000 },
    async (name) => {
      const { after, whileHeld } = await run('texts', name);
      expect(whileHeld).toBeGreaterThan(0); // it would be found
      expect(after).toBe(0);
    },
  );
});

describe('R-49: nothing keeps memory alive that prompts hold', () => {
  it.each(Object.keys(kinds))('%s', { timeout: 60_000 }, async (name) => {
    // What is remembered comes to a megabyte, at most; one of the documents is five.
    expect(await run('growth', name)).toBeLessThan(4_000_000);
  });
});
