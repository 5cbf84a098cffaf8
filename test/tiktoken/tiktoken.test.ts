import * as fc from 'fast-check';
import { getEncodingNameForModel, type TiktokenModel } from 'js-tiktoken/lite';
import gpt2 from 'js-tiktoken/ranks/gpt2';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { InvalidConfigurationError, type TokenEstimator, type Vendor } from '../../src/index.ts';
import { lazyCounter } from '../../src/tiktoken/lazy-counter.ts';
import { encodingOfModel } from '../../src/tiktoken/model-encoding.ts';
import { tiktoken, type TiktokenEncoding, type TiktokenOptions } from '../../src/tiktoken/index.ts';
import { trickyText } from './texts.ts';

const text = 'Hello, world! '.repeat(100);

describe('R-10 (tiktoken): what it is', () => {
  it('has o200k_base and a margin of 1.02 by default', () => {
    expect(tiktoken().id).toBe('tiktoken(o200k_base, 1.02)');
    expect(tiktoken({ encoding: 'cl100k_base', safetyMargin: 1 }).id).toBe('tiktoken(cl100k_base, 1)');
    const isExact = (estimator: TokenEstimator, vendor: Vendor, modelId: string): boolean =>
      estimator.isExactFor!({ vendor, factor: 1, modelId });
    expect(isExact(tiktoken(), 'openai', 'gpt-5')).toBe(true);
    expect(isExact(tiktoken(), 'openai', 'a-deployment')).toBe(false);
    expect(isExact(tiktoken(), 'openai', 'gpt-4-turbo')).toBe(false);
    expect(isExact(tiktoken({ encoding: 'cl100k_base' }), 'openai', 'gpt-4-turbo')).toBe(true);
    expect(isExact(tiktoken(), 'gpt-oss', 'openai/gpt-oss-20b')).toBe(true);
    expect(isExact(tiktoken(), 'generic', 'qwen3')).toBe(false);
  });

  it('R-9: another margin keeps the encoding', () => {
    expect(tiktoken({ encoding: 'gpt2' }).withSafetyMargin!(1.2).id).toBe('tiktoken(gpt2, 1.2)');
    expect(() => tiktoken().withSafetyMargin!(0.5)).toThrow('safetyMargin is 0.5: use at least 1');
  });

  it.each([
    ['gpt-4o', 'o200k_base'],
    ['openai/gpt-4o', 'o200k_base'],
    ['azure/gpt-4.1', 'o200k_base'],
    ['openrouter/openai/gpt-4.1-mini:free', 'o200k_base'],
    ['gpt-4o-2024-08-06', 'o200k_base'],
    ['gpt-4o-2099-01-01', 'o200k_base'],
    ['ft:gpt-4o:acme::x', 'o200k_base'],
    ['ft:gpt-4o-mini-2024-07-18:acme:support:abc', 'o200k_base'],
    ['ft:gpt-3.5-turbo-0125:acme::x', 'cl100k_base'],
    ['gpt-4.5-preview', 'o200k_base'],
    ['gpt-5.1-codex', 'o200k_base'],
    ['gpt-6', 'o200k_base'],
    ['gpt-5.6-terra', 'o200k_base'],
    ['gpt-6.1-sol', 'o200k_base'],
    ['o5-mini', 'o200k_base'],
    ['codex-mini-latest', 'o200k_base'],
    ['gpt-realtime', 'o200k_base'],
    ['o1', 'o200k_base'],
    ['o3-pro', 'o200k_base'],
    ['o4-mini-deep-research', 'o200k_base'],
    ['chatgpt-4o-latest', 'o200k_base'],
    ['gpt-oss-120b', 'o200k_base'],
    ['gpt-oss:20b', 'o200k_base'],
    ['openai.gpt-oss-120b-1:0', 'o200k_base'],
    ['us.openai.gpt-oss-20b-1:0', 'o200k_base'],
    ['gpt-4', 'cl100k_base'],
    ['gpt-4-turbo-2024-04-09', 'cl100k_base'],
    ['gpt-3.5-turbo', 'cl100k_base'],
    ['gpt-35-turbo-16k', 'cl100k_base'],
    ['text-embedding-3-small', 'cl100k_base'],
    ['text-davinci-003', 'p50k_base'],
    ['code-davinci-edit-001', 'p50k_edit'],
    ['text-davinci-001', 'r50k_base'],
    ['gpt2', 'gpt2'],
  ])('knows the encoding of %s', (model, encoding) => {
    expect(tiktoken({ model }).id).toBe(`tiktoken(${encoding}, 1.02)`);
  });

  it.each([
    ['o200k', 'o200k_base'],
    ['cl100k', 'cl100k_base'],
    ['o200k_harmony', 'o200k_base'],
  ] as const)('takes %s for %s, whose ranks it has', (encoding, ranked) => {
    expect(tiktoken({ encoding }).id).toBe(`tiktoken(${ranked}, 1.02)`);
  });

  it('knows every model that js-tiktoken knows', () => {
    const models = [...getEncodingNameForModel.toString().matchAll(/case "([^"]+)"/g)].map(
      ([, model]) => model!,
    );
    expect(models.length).toBeGreaterThan(100);
    const own = models.map((model) => [model, encodingOfModel(model)]);
    const theirs = models.map((model) => [model, getEncodingNameForModel(model as TiktokenModel)]);
    expect(own).toEqual(theirs);
  });

  it.each([
    [
      { encoding: 'o300k' },
      'tiktoken.encoding is "o300k": did you mean o200k? use one of gpt2, r50k_base, p50k_base, p50k_edit, c',
    ],
    [{ encoding: 'constructor' }, 'tiktoken.encoding is "constructor"'],
    [{ encoding: null }, 'tiktoken.encoding is null'],
    [
      { model: 'claude-sonnet-4-5' },
      `tiktoken.model is "claude-sonnet-4-5": its encoding isn't known: pass one of`,
    ],
    [{ model: 'o1x' }, 'tiktoken.model is "o1x"'],
    [{ model: 'ft:' }, 'tiktoken.model is "ft:"'],
    [{ model: 4 }, 'tiktoken.model is 4'],
    [{ model: 'gpt-4', encoding: 'cl100k_base' }, 'pass an encoding or a model, not both'],
    [{ safetyMargin: 0.99 }, 'tiktoken.safetyMargin is 0.99: use at least 1'],
    [{ safetyMargin: '1.1' }, 'tiktoken.safetyMargin is "1.1"'],
    [{ safetyMargin: Number.NaN }, 'tiktoken.safetyMargin is NaN'],
    [
      { margin: 2 },
      'tiktoken.margin is a number: there is no such option, only encoding, model, safetyMargin',
    ],
    ['gpt-4o', 'tiktoken is a string: pass an object of options'],
    [null, 'tiktoken is null: pass an object of options'],
  ])('a wrong option is an error that names it: %j', (options, message) => {
    const make = (): unknown => tiktoken(options as TiktokenOptions);
    expect(make).toThrow(InvalidConfigurationError);
    expect(make).toThrow(message);
  });
});

describe('R-9: load', () => {
  it('comes before the first count', async () => {
    // Nothing else in this file loads p50k_edit.
    const estimator = tiktoken({ encoding: 'p50k_edit' });
    expect(() => estimator.estimateText(text)).toThrow(`tiktoken(p50k_edit): its ranks aren't loaded yet`);
    expect(estimator.upperBound!(text)).toBe(Math.ceil(text.length * 1.02));
    await estimator.load!();
    expect(estimator.load!()).toBeUndefined();
    expect(estimator.estimateText(text)).toBeGreaterThan(0);
  });

  it('is one for all estimators of an encoding', async () => {
    const one = tiktoken({ encoding: 'r50k_base' });
    const other = tiktoken({ model: 'text-davinci-001', safetyMargin: 1.5 });
    const loading = one.load!();
    expect(other.load!()).toBe(loading);
    await loading;
    expect(other.load!()).toBeUndefined();
    expect(one.withSafetyMargin!(2).load!()).toBeUndefined();
  });

  it('is tried again after a failure', async () => {
    const missing = new Error('Cannot find package');
    const importRanks = vi.fn<() => Promise<typeof gpt2>>();
    importRanks.mockRejectedValueOnce(missing).mockResolvedValueOnce(gpt2);
    const counter = lazyCounter(importRanks);
    const loading = counter.load();
    expect(counter.load()).toBe(loading);
    await expect(loading).rejects.toBe(missing);
    expect(counter.loaded()).toBeUndefined();
    await counter.load();
    expect(importRanks).toHaveBeenCalledTimes(2);
    expect(counter.load()).toBeUndefined();
    expect(counter.loaded()!.countUpTo('Hello', Infinity)).toBe(1);
  });
});

describe.each<TiktokenEncoding>(['o200k_base', 'cl100k_base', 'gpt2'])('R-9: %s', (encoding) => {
  const exact = tiktoken({ encoding, safetyMargin: 1 });
  const estimator = tiktoken({ encoding });

  beforeAll(async () => {
    await estimator.load!();
  });

  it('R-12: the margin is in the number once, rounded up', () => {
    expect(exact.estimateText(text)).toBe(401);
    expect(estimator.estimateText(text)).toBe(410); // 409.02
    expect(estimator.estimateText('')).toBe(0);
    expect(exact.withSafetyMargin!(2).estimateText(text)).toBe(802);
  });

  it('estimateUpTo is exact up to the limit, and above it beyond', () => {
    const margins = fc.constantFrom(1, 1.02, 1.1, 1.5, 3);
    fc.assert(
      fc.property(trickyText, margins, fc.integer({ min: 0, max: 30 }), (tricky, margin, limit) => {
        const own = estimator.withSafetyMargin!(margin);
        const tokens = own.estimateText(tricky);
        expect(Math.min(own.estimateUpTo!(tricky, limit), limit + 1)).toBe(Math.min(tokens, limit + 1));
        expect(own.estimateUpTo!(tricky, tokens)).toBe(tokens);
      }),
    );
  });

  it('estimateUpTo stops early', () => {
    const long = text.repeat(100);
    expect(estimator.estimateUpTo!(long, 100)).toBeLessThan(estimator.estimateText(long) / 10);
  });

  it('upperBound is never below estimateText, whatever is enough', () => {
    fc.assert(
      fc.property(trickyText, fc.nat({ max: 100 }), (tricky, enough) => {
        expect(estimator.upperBound!(tricky, enough)).toBeGreaterThanOrEqual(estimator.estimateText(tricky));
        expect(estimator.upperBound!(tricky)).toBeGreaterThanOrEqual(estimator.estimateText(tricky));
      }),
      { numRuns: 1000 },
    );
  });

  it('upperBound settles for the loosest that is enough', () => {
    expect(exact.upperBound!('abc', 9)).toBe(9); // three bytes per UTF-16 unit
    expect(exact.upperBound!('abc', 8)).toBeLessThanOrEqual(3); // the bytes
    expect(exact.upperBound!('abc')).toBeLessThanOrEqual(3);
  });
});
