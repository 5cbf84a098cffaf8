import { describe, expect, it } from 'vitest';
import type { Call, Medium, TokenEstimator } from '../../../src/index.ts';
import { checkFit, parseLimits, type Verdict } from '../../../src/tokens/fit.ts';
import { callOf } from '../../support/models.ts';

const framing = 12;
let texts = 0;
/** A text that was not counted before. */
const newText = (length: number): string => String(texts++).padEnd(length, 'x');

const check = (
  estimator: TokenEstimator,
  text: string,
  contextWindow: number,
  maxOutputTokens = 1,
): Verdict | Promise<Verdict> =>
  checkFit(
    parseLimits('member', { estimator, contextWindow, vendor: 'openai' }),
    callOf(text, { maxOutputTokens }) as unknown as Call,
  );

/** A tokenizer of one token per character, with two bounds and tables to load. */
function exact() {
  const log: string[] = [];
  let isLoaded = false;
  const estimator: TokenEstimator = {
    id: 'exact',
    isExactFor: ({ vendor }) => vendor === 'openai',
    estimateText: (text) => text.length,
    estimateUpTo: (text, limit) => {
      log.push(`count up to ${limit}`);
      return Math.min(text.length, Math.floor(limit) + 1);
    },
    upperBound(text, enough = 0) {
      const loose = 3 * text.length;
      log.push(loose <= enough ? 'loose' : 'tight');
      return loose <= enough ? loose : 2 * text.length;
    },
    load() {
      if (isLoaded) return undefined;
      log.push('load');
      return Promise.resolve().then(() => (isLoaded = true));
    },
  };
  return { estimator, log };
}

describe('R-9: the cheapest bound that settles the matter decides', () => {
  it('a loose one, where there is room', () => {
    const { estimator, log } = exact();
    expect(check(estimator, newText(100), 1000)).toMatchObject({
      fits: true,
      demand: { input: framing + 300, basis: 'bound' },
    });
    expect(log).toEqual(['loose']);
  });

  it('a tighter one, where that does not fit', () => {
    const { estimator, log } = exact();
    expect(check(estimator, newText(100), framing + 200 + 1)).toMatchObject({
      fits: true,
      demand: { input: framing + 200, basis: 'bound' },
    });
    expect(log).toEqual(['tight']);
  });

  it('the count, near the ceiling only, for which tables are loaded', async () => {
    const { estimator, log } = exact();
    const text = newText(100);
    const verdict = check(estimator, text, framing + 100 + 1);
    expect(verdict).toBeInstanceOf(Promise);
    expect(await verdict).toEqual({
      fits: true,
      demand: { input: framing + 100, output: 1, outputFrom: 'call', estimator: 'exact', basis: 'exact' },
    });
    expect(log).toEqual(['tight', 'load', 'tight', 'count up to 100']);
    log.splice(0);
    expect(check(estimator, text, framing + 100 + 1)).toMatchObject({
      fits: true,
      demand: { basis: 'exact' },
    });
    expect(log).toEqual([]); // what was counted is known
  });

  it('the count stops where it is clear that it does not fit, and says so', async () => {
    const { estimator } = exact();
    const text = newText(100);
    expect(await check(estimator, text, framing + 50 + 1)).toEqual({
      fits: false,
      demand: {
        input: framing + 51,
        output: 1,
        outputFrom: 'call',
        estimator: 'exact',
        basis: 'exact',
        atLeast: true,
      },
    });
    // A count that stopped early is not taken for the whole.
    expect(check(estimator, text, framing + 100 + 1)).toMatchObject({ fits: true });
    expect(check(estimator, text, framing + 99 + 1)).toMatchObject({
      fits: false,
      demand: { input: framing + 100 },
    });
  });

  it('no bound is applied to an estimator that declares none', () => {
    const estimator: TokenEstimator = { id: 'own', estimateText: (text) => 5 * text.length };
    expect(check(estimator, newText(100), 100_000)).toMatchObject({
      fits: true,
      demand: { input: framing + 500, basis: 'estimate' },
    });
  });

  it('bounds of several texts together, each within its share of the room', () => {
    const { estimator, log } = exact();
    const parts = [newText(10), newText(200)].map((text) => ({ type: 'text', text }));
    const call = { prompt: [{ role: 'user', content: parts }], maxOutputTokens: 1 } as unknown as Call;
    const limits = (contextWindow: number) => parseLimits('member', { estimator, contextWindow });
    expect(checkFit(limits(framing + 630 + 1), call)).toMatchObject({
      fits: true,
      demand: { basis: 'bound' },
    });
    expect(log.splice(0)).toEqual(['loose', 'loose']);
    expect(checkFit(limits(framing + 420 + 1), call)).toMatchObject({
      fits: true,
      demand: { input: framing + 420, basis: 'bound' },
    });
  });

  it('a load that always returns a promise is awaited once', async () => {
    let loads = 0;
    const load = async (): Promise<void> => void loads++;
    const estimator: TokenEstimator = { id: 'sloppy', estimateText: (text) => text.length, load };
    expect(await check(estimator, newText(10), 1000)).toMatchObject({ demand: { input: framing + 10 } });
    expect(loads).toBe(1);
  });
});

describe("R-10: a member's vendor", () => {
  const half: TokenEstimator = {
    id: 'half',
    estimateText: (text) => text.length / 2,
    isExactFor: ({ vendor }) => vendor === 'openai',
  };
  const demandFor = (options: object, estimator: TokenEstimator = half): unknown =>
    (checkFit(parseLimits('member', { estimator, ...options }), callOf(newText(200)) as never) as Verdict)
      .demand;

  it('multiplies the estimate, not the framing', () => {
    expect(demandFor({ vendor: 'google' })).toMatchObject({ input: framing + 125, estimator: 'half × 1.25' });
    expect(demandFor({ vendor: 2 })).toMatchObject({ input: framing + 200, estimator: 'half × 2' });
  });

  it('makes an exact count of another vendor an estimate', () => {
    expect(demandFor({ vendor: 'openai' })).toMatchObject({ input: framing + 100, basis: 'exact' });
    for (const vendor of ['generic', 'anthropic', 1]) {
      expect(demandFor({ vendor })).toMatchObject({ basis: 'estimate' });
    }
  });

  it('has no say in a ratio that is said to be the model’s own', () => {
    expect(demandFor({ vendor: 'anthropic' }, { ...half, ignoresVendor: true })).toMatchObject({
      input: framing + 100,
      estimator: 'half',
    });
  });

  it('a count that stopped early never fits, whatever rounding makes of it', async () => {
    const stops: TokenEstimator = {
      id: 'stops',
      estimateText: (text) => text.length,
      estimateUpTo: (text, limit) => Math.min(text.length, limit + 1e-9),
    };
    const text = newText(100_000);
    for (let contextWindow = 20; contextWindow < 400; contextWindow++) {
      for (const vendor of [1.1, 1.25, 1.3, 0.5]) {
        const limits = parseLimits('member', {
          estimator: stops,
          vendor,
          contextWindow,
          defaultOutputTokens: 1,
        });
        expect(checkFit(limits, callOf(text) as never)).toMatchObject({ fits: false });
      }
    }
    const limits: number[] = [];
    const whole: TokenEstimator = {
      id: 'whole',
      estimateText: () => 0,
      estimateCall: (_, limit = Infinity) => (limits.push(limit), Math.min(1000, limit + 1)),
    };
    const halving = parseLimits('member', {
      estimator: whole,
      vendor: 0.5,
      contextWindow: 301,
      defaultOutputTokens: 1,
    });
    expect(await checkFit(halving, callOf(text) as never)).toMatchObject({
      fits: false,
      demand: { input: 301, atLeast: true },
    });
    expect(limits).toEqual([600]);
  });

  it('multiplies what estimateCall says', async () => {
    const estimator: TokenEstimator = { ...half, estimateCall: async () => 100 };
    const limits = parseLimits('member', { estimator, vendor: 1.5 });
    expect(await checkFit(limits, callOf('a') as never)).toMatchObject({ demand: { input: 150 } });
  });

  it.each(['open-ai', 0, -1, Number.NaN, Infinity, '1', null])('%j is an error', (vendor) => {
    expect(() => parseLimits('member', { vendor: vendor as never })).toThrow(
      /^member\.vendor is .*use one of openai, anthropic, google, qwen, llama, .*or a factor/,
    );
  });
});

describe('R-11: media', () => {
  const callWith = (size: number): Call => {
    const image = { type: 'file', mediaType: 'image/png', data: new Uint8Array(size) };
    return { prompt: [{ role: 'user', content: [image] }] } as unknown as Call;
  };

  it('can be counted by a function of one’s own, once, which may leave it to the built-in rule', () => {
    const seen: unknown[] = [];
    const mediaTokens = (medium: Medium, model: unknown): number | undefined => {
      seen.push(medium, model);
      return medium.bytes === 8 ? 99.5 : undefined;
    };
    const limits = parseLimits('member', { mediaTokens, vendor: 'anthropic' });
    const call = callWith(8);
    expect(checkFit(limits, call)).toMatchObject({ demand: { input: framing + 100 } });
    expect(checkFit(limits, { ...call, prompt: [...call.prompt] })).toMatchObject({
      demand: { input: framing + 100 },
    });
    expect(seen).toMatchObject([{ kind: 'image', mediaType: 'image/png' }, { vendor: 'anthropic' }]);
    const { demand } = checkFit(limits, callWith(9)) as Verdict;
    expect(demand.input).toBeGreaterThan(framing + 1000);
  });

  it('a medium is known by its type as well: the same data sent as something else is counted anew', () => {
    const base64 = btoa('\x89PNG '.repeat(40_000));
    const limits = parseLimits('member', {});
    const demandAs = (mediaType: string): number => {
      const part = { type: 'file', mediaType, data: base64 };
      return (checkFit(limits, { prompt: [{ role: 'user', content: [part] }] } as unknown as Call) as Verdict)
        .demand.input;
    };
    const image = demandAs('image/png');
    expect(demandAs('audio/mpeg')).not.toBe(image);
    expect(demandAs('image/png')).toBe(image);
  });

  it('a number that is none is an error that names the option', () => {
    const limits = parseLimits('member', { mediaTokens: () => Number.NaN });
    expect(() => checkFit(limits, callWith(8))).toThrow(/mediaTokens.* returned NaN/);
  });
});
