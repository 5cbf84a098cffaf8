import { formatPath } from 'ai-alloy/gateway';
import { expect, it } from 'vitest';

it.each<[(string | number)[], string]>([
  [[], ''],
  [['models', 0, 'context_window'], 'models[0].context_window'],
  [['$schema'], '$schema'],
  [['metadata', 'cost-tier'], 'metadata.cost-tier'],
  [['metadata', 'a.b'], 'metadata["a.b"]'],
  [['metadata', '0'], 'metadata.0'],
  [['metadata', ''], 'metadata[""]'],
  [['a "b"\n', 1, 'c'], '["a \\"b\\"\\n"][1].c'],
])('R-36: %j is written %s', (path, expected) => {
  expect(formatPath(path)).toBe(expected);
});
