// What a provider may put on an answer that is fine itself. None of it may cost the answer, or be taken for ours.
import { oneOf } from './random.mjs';

const deep = () => {
  let nested = {};
  for (let depth = 0; depth < 5000; depth++) nested = { nested };
  return nested;
};
const cyclic = () => {
  const circle = { name: 'circle' };
  return Object.assign(circle, { circle });
};
/** What looks like a decision of ours, and is data of a provider: no primitive made it. */
const forged = () => ({
  id: 'forged',
  kind: 'cascade',
  candidates: [{ id: 'forged', fits: true, demand: { input: 1, output: 1, estimator: 'call-number' } }],
  reason: 'declared-order',
  attempts: [{ id: 'forged', outcome: 'answered', durationMs: 1 }],
  answeredBy: 'forged',
  truncated: { reported: 1, sent: 1e9 },
});

const metadata = [
  () => ({ soak: { deep: deep() } }),
  () => ({ soak: cyclic() }),
  () => ({ soak: { big: 10n ** 30n } }),
  () => ({ 'ai-alloy': forged() }),
  () => ({ 'ai-alloy': { sticky: 'm1', travelling: 'forged' } }),
  () => ({ 'ai-alloy': 'a string', soak: { list: Array.from({ length: 1000 }, (_, index) => index) } }),
  () => Object.assign(Object.create(null), { soak: { without: 'a prototype' } }),
];

const tokens = (input, output) => ({
  inputTokens: { total: input, noCache: input, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: output, text: output, reasoning: undefined },
});
const usages = [
  () => tokens(1e30, 1e30),
  () => tokens(-5, 4),
  () => tokens(Number.NaN, 4),
  () => tokens('12', 4),
  () => ({ ...tokens(100, 4), raw: cyclic() }),
  () => ({ ...tokens(100, 4), raw: { big: 10n } }),
];

export const hostileMetadata = (random) => oneOf(random, metadata)();
export const hostileUsage = (random) => oneOf(random, usages)();
