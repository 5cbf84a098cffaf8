// Real tokens of calls by the chat templates of open models, as `npm run framing` wrote them into the fixture.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Call, TokenEstimator } from '../../../src/index.ts';
import { checkFit, parseLimits, type SizeOptions } from '../../../src/tokens/fit.ts';
import type { Vendor } from '../../../src/tokens/vendor.ts';

interface Fixture {
  readonly vendors: readonly Vendor[];
  readonly calls: readonly { readonly name: string; readonly call: Call; readonly real: readonly number[] }[];
  readonly texts: Readonly<Record<string, Readonly<Partial<Record<Vendor, number>>>>>;
}

const fixture = new URL('fixtures/framing.json', import.meta.url);
const { vendors, calls, texts } = JSON.parse(readFileSync(fixture, 'utf8')) as Fixture;

const modelIds: Partial<Record<Vendor, string>> = {
  qwen: 'qwen3:8b',
  llama: 'llama3.1',
  gemma: 'gemma3',
  deepseek: 'deepseek-v3',
  mistral: 'mistral-nemo',
};

function demandOf(call: Call, options: SizeOptions, modelId?: string): number {
  const limits = parseLimits('here', options, undefined, modelId === undefined ? {} : { modelId });
  const verdict = checkFit(limits, call);
  if (verdict instanceof Promise) throw new Error('a count that has to wait');
  return verdict.demand.input;
}

/** The exact counts of the fixture, so that only the framing is an estimate. */
const exactFor = (vendor: Vendor): TokenEstimator => ({
  id: vendor,
  ignoresVendor: true,
  estimateText: (text) => texts[text]![vendor]!,
});

describe.each(vendors.map((vendor, place) => [vendor, place] as const))(
  'R-11: what the chat template adds: %s',
  (vendor, place) => {
    const cases = calls.map(({ name, call, real }) => [name, call, real[place]!] as const);

    it.each(cases)('%s: no less than it is, and little more', (_, call, real) => {
      const demand = demandOf(call, { vendor, estimator: exactFor(vendor) });
      expect(demand).toBeGreaterThanOrEqual(real);
      expect(demand).toBeLessThanOrEqual(1.25 * real + 5);
    });

    it.each(cases)('%s: enough with texts estimated by the weights of the family', (_, call, real) => {
      expect(demandOf(call, {}, modelIds[vendor])).toBeGreaterThanOrEqual(real);
    });
  },
);

describe('R-11: framing', () => {
  const half: TokenEstimator = { id: 'half', estimateText: (text) => text.length / 2 };
  const tool = { type: 'function', name: 'weather', inputSchema: { type: 'object' } };
  const ofTools = JSON.stringify([tool]).length / 2;
  const callOf = (): Call => ({
    prompt: [
      { role: 'system', content: 'Be brief.!' },
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    ],
    tools: [tool],
  });
  const usual = 5 + 1 + 8 + 2 * 4 + 32 + 8;

  it('per call, message, set of tools and tool where the template is not known', () => {
    expect(demandOf(callOf(), { vendor: 'generic', estimator: half })).toBe(
      usual + Math.ceil(1.1 * ofTools - 1e-9),
    );
    expect(demandOf(callOf(), { vendor: 1, estimator: half }, 'grok-4')).toBe(
      usual + Math.ceil(1.1 * ofTools - 1e-9),
    );
  });

  it('members of two families that share an estimator share counts of texts, each with its own framing', () => {
    const call = callOf();
    const inTurn = (['qwen', 'llama', 'qwen', 'generic'] as const).map((vendor) =>
      demandOf(call, { vendor, estimator: { ...half, ignoresVendor: true } }),
    );
    const shared = { ...half, ignoresVendor: true };
    const together = (['qwen', 'llama', 'qwen', 'generic'] as const).map((vendor) =>
      demandOf(call, { vendor, estimator: shared }),
    );
    expect(together).toEqual(inTurn);
    expect(new Set(together).size).toBe(3);
  });

  it('a count that stopped early for one family says nothing of another with a smaller weight of tools', () => {
    const call: Call = { ...callOf(), tools: [{ ...tool, description: 'x'.repeat(10_000) }] };
    const stopping: TokenEstimator = {
      ...half,
      ignoresVendor: true,
      estimateUpTo: (text) => text.length / 2,
    };
    const fits = (['gemma', 'deepseek'] as const).map((vendor) => {
      const limits = parseLimits('here', { vendor, estimator: stopping, contextWindow: 7000 });
      const verdict = checkFit(limits, { ...call, maxOutputTokens: 1 });
      return verdict instanceof Promise ? undefined : verdict.fits;
    });
    expect(fits).toEqual([false, true]);
  });
});
