import { describe, expect, it } from 'vitest';
import { inTurns } from '../../src/tokens/in-turns.ts';

/** Steps of five milliseconds, and a word on each. */
function* busy(steps: number, log: string[]): Generator<undefined, string> {
  for (let step = 0; step < steps; step++) {
    const until = performance.now() + 5;
    while (performance.now() < until);
    log.push('step');
    yield;
  }
  return 'done';
}

describe('R-9: counting in turns', () => {
  it('what is short is done at once', () => {
    expect(inTurns(busy(0, []), undefined)).toBe('done');
  });

  it('what is long leaves turns to others', async () => {
    const log: string[] = [];
    const counting = inTurns(busy(20, log), undefined);
    expect(counting).toBeInstanceOf(Promise);
    setTimeout(() => log.push('another'), 0);
    expect(await counting).toBe('done');
    expect(log.filter((word) => word === 'step')).toHaveLength(20);
    expect(log.indexOf('another')).toBeLessThan(19);
  });

  it('ends when nobody waits any more', async () => {
    const log: string[] = [];
    const abort = new AbortController();
    const counting = inTurns(busy(1000, log), abort.signal);
    abort.abort(new Error('enough'));
    await expect(counting).rejects.toThrow('enough');
    expect(log.length).toBeLessThan(100);
  });
});
