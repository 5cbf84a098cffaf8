import { expect, it } from 'vitest';
import { decisionTable } from '../../src/cli/tables/decision-table.ts';
import type { Decision } from '../../src/index.ts';

const candidate = (id: string, basis: 'estimate' | 'bound') => ({
  id,
  model: id,
  ceiling: 1000,
  fits: true,
  demand: {
    input: 10,
    output: 5,
    outputFrom: 'call' as const,
    estimator: 'guarded-char-ratio(3.5, 1.1)',
    basis,
  },
});

const decision = (...bases: ('estimate' | 'bound')[]): Decision => ({
  id: 'safe',
  kind: 'cascade',
  reason: 'declared-order',
  candidates: bases.map((basis, index) => candidate(`m${index}`, basis)),
  order: bases.map((_, index) => `m${index}`),
});

it('R-38: a table that is too wide for a terminal has who counted below it', () => {
  const both = decision('estimate', 'bound', 'estimate');
  const whole = decisionTable(both, {});
  const width = whole.split('\n')[1]!.length;
  expect(decisionTable(both, {}, width)).toBe(whole);
  const [, ...lines] = decisionTable(both, {}, width - 1).split('\n');
  expect(lines.join('\n')).not.toContain('counted by');
  expect(lines[0]!.length).toBeLessThan(80);
  expect(lines.slice(-2)).toEqual([
    'Counted by guarded-char-ratio(3.5, 1.1), estimate: m0, m2',
    'Counted by guarded-char-ratio(3.5, 1.1), bound: m1',
  ]);
  const same = decisionTable(decision('estimate', 'estimate'), {}, 100).split('\n');
  expect(same.at(-1)).toBe('Counted by guarded-char-ratio(3.5, 1.1), estimate: all');
});
