import { InvalidArgumentError, TypeValidationError } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { describe, expect, it, vi } from 'vitest';
import {
  alloy,
  cascade,
  decisionOf,
  dispatcher,
  explain,
  seededRandom,
  type KeyValueStore,
  type RoutingModel,
} from '../../src/index.ts';
import { useFakeTime } from '../support/fake-time.ts';
import {
  answers,
  apiError,
  callOf,
  callsOf,
  errorOf,
  fails,
  partsOf,
  streams,
  textParts,
  textResult,
  type Part,
} from '../support/models.ts';

useFakeTime();

/** A model that is down while it is told so. */
function switchable(modelId: string) {
  const state: { error?: unknown } = {};
  const model = new MockLanguageModelV4({
    provider: 'mock',
    modelId,
    doGenerate: async () => {
      if (state.error) throw state.error;
      return textResult(modelId);
    },
  });
  return { model, state };
}

const cooldown = { failures: 2, ms: 1000 };
const ask = async (model: RoutingModel) => {
  const decision = decisionOf(
    await Promise.resolve(model.doGenerate(callOf('Hi'))).catch((error: unknown) => error),
  )!;
  const resting = decision.candidates.filter(({ skipped }) => skipped === 'resting').map(({ id }) => id);
  return { tried: decision.attempts!.map(({ id }) => id), resting, order: decision.order };
};
const later = (ms: number): void => void vi.advanceTimersByTime(ms);

const invalidOptions = (): never => {
  const cause = new TypeValidationError({ value: 5, cause: new Error('expected a string') });
  throw new InvalidArgumentError({
    parameter: 'providerOptions',
    value: 5,
    message: 'invalid options',
    cause,
  } as never);
};
const nothing = (finishReason: string, outputTokens: number): Part =>
  ({
    ...textResult(''),
    content: [],
    finishReason: { unified: finishReason, raw: finishReason },
    usage: { ...textResult('').usage, outputTokens: { total: outputTokens } },
  }) as unknown as Part;

describe('R-44: what one request makes fail puts no member on cooldown', () => {
  it.each<[string, () => unknown]>([
    ['provider options that the provider package refuses', invalidOptions],
    ['a header that cannot be sent', () => new Headers({ 'x-name': '☃' })],
    ['a value that is no JSON', () => JSON.stringify({ input: 1n })],
    ['a stop sequence at the start', () => nothing('stop', 0)],
    ['thoughts that take up a low output limit', () => nothing('length', 16)],
  ])('%s', async (_, respond) => {
    let isOdd = true;
    const a = new MockLanguageModelV4({
      provider: 'mock',
      modelId: 'a',
      doGenerate: (async () => (isOdd ? respond() : textResult('a'))) as never,
    });
    const model = cascade({ steps: [a, answers('b')], cooldown });
    for (let call = 0; call < 5; call++) await ask(model);
    isOdd = false;
    expect(await ask(model)).toMatchObject({ tried: ['mock/a'], resting: [] });
  });
});

describe('cooldown', () => {
  it('is off unless configured', async () => {
    const model = cascade({ steps: [fails('a'), answers('b')] });
    for (let call = 0; call < 5; call++) expect((await ask(model)).tried).toEqual(['mock/a', 'mock/b']);
  });

  it('a member that fails repeatedly goes last for a while; the decision and the dry run say so', async () => {
    const model = cascade({ cooldown, steps: [fails('a'), answers('b')] });
    await ask(model);
    await ask(model);
    expect(await ask(model)).toEqual({
      tried: ['mock/b'],
      resting: ['mock/a'],
      order: ['mock/b', 'mock/a'],
    });
    expect(await explain(model, { prompt: 'Hi' })).toMatchObject({
      order: ['mock/b', 'mock/a'],
      candidates: [{ skipped: 'resting' }, {}],
    });
    later(1001);
    expect((await ask(model)).tried).toEqual(['mock/a', 'mock/b']);
  });

  it('goes last, not away', async () => {
    const a = switchable('a');
    const b = switchable('b');
    a.state.error = apiError(503);
    const model = cascade({ cooldown, steps: [a.model, b.model] });
    await ask(model);
    await ask(model);
    Object.assign(a.state, { error: undefined });
    Object.assign(b.state, { error: apiError(503) });
    expect((await ask(model)).tried).toEqual(['mock/b', 'mock/a']);
  });

  it('recovers with one success, from any number of failures', async () => {
    const a = switchable('a');
    a.state.error = apiError(503);
    const model = cascade({ cooldown, steps: [a.model, answers('b')] });
    for (let call = 0; call < 8; call++) {
      await ask(model);
      later(600);
    }
    later(2000);
    a.state.error = undefined;
    expect((await ask(model)).tried).toEqual(['mock/a']);
    a.state.error = apiError(503);
    for (const resting of [[], [], ['mock/a']]) expect((await ask(model)).resting).toEqual(resting);
  });

  it('after a rest one call tries the member, the others wait for what comes of it', async () => {
    let release = (): void => {};
    let isDown = true;
    const a = new MockLanguageModelV4({
      provider: 'mock',
      modelId: 'a',
      doGenerate: async () => {
        if (isDown) throw apiError(503);
        await new Promise<void>((resolve) => (release = resolve));
        return textResult('a');
      },
    });
    const model = cascade({ cooldown, steps: [a, answers('b')] });
    await ask(model);
    await ask(model);
    later(1001);
    isDown = false;
    const probe = ask(model);
    await vi.advanceTimersByTimeAsync(0);
    const others = await Promise.all(Array.from({ length: 50 }, () => ask(model)));
    expect(others.map(({ tried }) => tried[0])).toEqual(Array.from({ length: 50 }, () => 'mock/b'));
    expect(callsOf(a)).toBe(3);
    release();
    expect((await probe).tried).toEqual(['mock/a']);
    const next = ask(model);
    await vi.advanceTimersByTimeAsync(0);
    release();
    expect((await next).tried).toEqual(['mock/a']);
  });

  it('Retry-After lengthens it', async () => {
    const down = fails('a', () => apiError(429, { headers: { 'Retry-After': '10' } }));
    const model = cascade({ cooldown, steps: [down, answers('b')] });
    await ask(model);
    await ask(model);
    later(9000);
    expect((await ask(model)).resting).toEqual(['mock/a']);
    later(1001);
    expect((await ask(model)).resting).toEqual([]);
  });

  it('when all rest, the one that wakes first is tried first', async () => {
    const a = fails('a', () => apiError(429, { headers: { 'retry-after': '30' } }));
    const b = fails('b', () => apiError(429, { headers: { 'retry-after': '10' } }));
    const model = cascade({ cooldown: { failures: 1, ms: 1000 }, steps: [a, b] });
    await ask(model);
    expect(await ask(model)).toEqual({
      tried: ['mock/b', 'mock/a'],
      resting: ['mock/a', 'mock/b'],
      order: ['mock/b', 'mock/a'],
    });
  });

  it.each<[string, unknown]>([
    ['a bad request', apiError(400)],
    ['a wrong key', apiError(401)],
    ['a content filter', apiError(400, { body: { error: { code: 'content_filter' } } })],
  ])('%s is no fault of the member', async (_, error) => {
    const model = cascade({ cooldown, steps: [fails('a', () => error), answers('b')] });
    for (let call = 0; call < 4; call++) expect((await ask(model)).resting).toEqual([]);
  });

  it("the caller's abort is none either", async () => {
    const hanging = new MockLanguageModelV4({
      provider: 'mock',
      modelId: 'a',
      doGenerate: () => new Promise(() => {}),
    });
    const model = cascade({ cooldown: { failures: 1, ms: 1000 }, steps: [hanging, answers('b')] });
    const controller = new AbortController();
    const call = errorOf(model.doGenerate(callOf('Hi', { abortSignal: controller.signal })));
    await vi.advanceTimersByTimeAsync(0);
    controller.abort();
    await call;
    expect((await explain(model, { prompt: 'Hi' })).order).toEqual(['mock/a', 'mock/b']);
  });

  it('a stream that breaks after its first content counts, one that finishes recovers', async () => {
    const broken = streams('a', []);
    let isWhole = false;
    broken.doStream = async () => {
      const parts = textParts('a');
      return streams('a', isWhole ? parts : parts.slice(0, 3)).doStream(callOf(''));
    };
    const model = cascade({ cooldown, steps: [broken, answers('b')] });
    await partsOf(model, callOf('Hi'));
    isWhole = true;
    await partsOf(model, callOf('Hi'));
    isWhole = false;
    await partsOf(model, callOf('Hi'));
    expect((await explain(model, { prompt: 'Hi' })).order).toEqual(['mock/a', 'mock/b']);
    await partsOf(model, callOf('Hi'));
    expect((await explain(model, { prompt: 'Hi' })).order).toEqual(['mock/b', 'mock/a']);
  });

  it('a member that has just begun to rest is not retried while another is ready', async () => {
    const a = fails('a');
    const model = cascade({ cooldown: { failures: 1, ms: 1000 }, retries: 3, steps: [a, answers('b')] });
    expect((await ask(model)).tried).toEqual(['mock/a', 'mock/b']);
  });

  it('R-33: a dispatcher reorders only with fallback', async () => {
    const targets = [fails('a'), answers('b')];
    const model = dispatcher({ cooldown, fallback: true, targets });
    await ask(model);
    await ask(model);
    expect((await ask(model)).order![0]).toBe('mock/b');
    expect(() => dispatcher({ cooldown, targets })).toThrow(
      'cooldown is an object: it has no effect without',
    );
  });

  it('R-18: an alloy draws among those awake, in proportion to their weights', async () => {
    const constituents = [
      { model: fails('down'), contextWindow: '8K', weight: 5 },
      { model: answers('three'), contextWindow: '8K', weight: 3 },
      { model: answers('one'), contextWindow: '8K', weight: 1 },
    ] as const;
    const model = alloy({ cooldown: { failures: 1, ms: 1e6 }, constituents, random: seededRandom(1) });
    const first: Record<string, number> = {};
    for (let call = 0; call < 2000; call++) {
      const { order } = await ask(model);
      first[order![0]!] = (first[order![0]!] ?? 0) + 1;
    }
    expect(first['mock/down'] ?? 0).toBeLessThanOrEqual(1);
    expect(first['mock/three']! / first['mock/one']!).toBeGreaterThan(2.5);
    expect(first['mock/three']! / first['mock/one']!).toBeLessThan(3.5);
  });

  it('R-18: a round-robin takes turns among those awake', async () => {
    const member = (model: MockLanguageModelV4) => ({ model, contextWindow: '8K' as const });
    const model = alloy({
      cooldown: { failures: 1, ms: 1e6 },
      strategy: 'round-robin',
      constituents: [member(fails('down')), member(answers('b')), member(answers('c'))],
    });
    await ask(model);
    const firsts: string[] = [];
    for (let call = 0; call < 6; call++) firsts.push((await ask(model)).order![0]!);
    expect(firsts.toSorted()).toEqual(['mock/b', 'mock/b', 'mock/b', 'mock/c', 'mock/c', 'mock/c']);
  });
});

describe('R-44: what starts a cooldown at once, and for whom', () => {
  const limited = (headers: Record<string, string>): unknown => apiError(429, { headers });
  const usedUp = (headers: Record<string, string> = {}): unknown =>
    apiError(429, { headers, body: { error: { code: 'insufficient_quota' } } });

  it.each<[string, unknown, number]>([
    ['a 429 that names a wait, for that long', limited({ 'retry-after': '7' }), 7000],
    ['a used-up quota, for ms', usedUp(), cooldown.ms],
    ['a used-up quota, until the reset', usedUp({ 'x-ratelimit-reset': '7200' }), 7_200_000],
    ['a used-up quota, for a day at most', usedUp({ 'retry-after': '999999' }), 86_400_000],
  ])('%s', async (_, error, ms) => {
    const primary = switchable('a');
    primary.state.error = error;
    const model = cascade({ cooldown, steps: [primary.model, answers('b')] });
    expect((await ask(model)).tried).toEqual(['mock/a', 'mock/b']);
    vi.setSystemTime(Date.now() - 86_400_000); // the wall clock has no say in it
    later(ms - 1);
    expect((await ask(model)).tried).toEqual(['mock/b']);
    later(2);
    expect((await ask(model)).tried).toEqual(['mock/a', 'mock/b']);
  });

  it.each<[string, unknown]>([
    ['a 429 that names no wait', apiError(429)],
    ['a 503 that names one', apiError(503, { headers: { 'retry-after': '60' } })],
  ])('not %s', async (_, error) => {
    const model = cascade({ cooldown, steps: [fails('a', () => error), answers('b')] });
    await ask(model);
    expect((await ask(model)).tried).toEqual(['mock/a', 'mock/b']);
  });

  it.each<[string, unknown]>([
    [
      'a request that is too large for the tier',
      apiError(429, {
        message: 'Request too large for gpt-4o on tokens per min (TPM): Limit 9, Requested 10',
      }),
    ],
    ['what the member cannot do', apiError(400, { message: 'This model does not support image input' })],
  ])('never %s, however often', async (_, error) => {
    const model = cascade({ cooldown, steps: [fails('a', () => error), answers('b')] });
    for (let call = 0; call < 4; call++) expect((await ask(model)).tried).toEqual(['mock/a', 'mock/b']);
  });

  it('one model object shares it, in all primitives; another object of the same ids does not', async () => {
    const primary = switchable('a');
    primary.state.error = apiError(503);
    const make = (model: typeof primary.model) => cascade({ cooldown, steps: [model, answers('b')] });
    const [one, other, apart] = [make(primary.model), make(primary.model), make(switchable('a').model)];
    await ask(one);
    await ask(other);
    expect((await ask(one)).resting).toEqual(['mock/a']);
    expect((await ask(other)).resting).toEqual(['mock/a']);
    expect((await ask(apart)).tried).toEqual(['mock/a']);
    const without = cascade({ steps: [primary.model, answers('b')] });
    expect((await ask(without)).tried).toEqual(['mock/a', 'mock/b']); // nothing is remembered without the option
  });
});

describe('a shared cooldown', () => {
  /** What several processes share, as far as they reach it. */
  function sharedStore() {
    const entries = new Map<string, string>();
    const expiry = new Map<string, number>();
    const state = { fault: undefined as 'down' | 'slow' | 'throws' | undefined, asked: 0 };
    const reach = async <Value>(value: () => Value): Promise<Value> => {
      state.asked++;
      if (state.fault === 'slow') await new Promise(() => {});
      if (state.fault) throw new Error('connection lost');
      return value();
    };
    const store: KeyValueStore = {
      get(key) {
        if (state.fault === 'throws') throw new Error('not connected');
        return reach(() => (performance.now() < (expiry.get(key) ?? 0) ? entries.get(key)! : null));
      },
      set: (key, value, expiresInMs) =>
        reach(() => {
          entries.set(key, value);
          expiry.set(key, performance.now() + expiresInMs);
        }),
    };
    return { store, state, entries };
  }
  const instances = (store: KeyValueStore) => {
    const primary = switchable('a');
    primary.state.error = apiError(503);
    const make = () =>
      cascade({ id: 'shared', cooldown: { ...cooldown, store }, steps: [primary.model, answers('b')] });
    return { primary, one: make(), other: make() };
  };

  it('is seen by other instances, as is the recovery', async () => {
    const { store, entries } = sharedStore();
    const { primary, one, other } = instances(store);
    await ask(one);
    await ask(one);
    expect([...entries.keys()]).toEqual(['cooldown:shared:mock/a']);
    expect((await ask(other)).tried).toEqual(['mock/b']);
    later(1001);
    primary.state.error = undefined;
    expect((await ask(one)).tried).toEqual(['mock/a']);
    await vi.advanceTimersByTimeAsync(0);
    expect([...entries.values()]).toEqual([expect.stringMatching(/^over \w+$/)]);
    expect((await ask(other)).tried).toEqual(['mock/a']);
  });

  it('ends for all with the success of one that only heard of it', async () => {
    const { store, entries } = sharedStore();
    const { primary, one, other } = instances(store);
    const only = () => cascade({ id: 'only', cooldown: { ...cooldown, store }, steps: [primary.model] });
    const [first, second] = [only(), only()];
    await ask(first);
    await ask(first);
    primary.state.error = undefined;
    expect((await ask(second)).resting).toEqual(['mock/a']);
    await vi.advanceTimersByTimeAsync(0);
    expect(entries.get('cooldown:only:mock/a')).toMatch(/^over \w+$/);
    expect((await ask(first)).resting).toEqual([]);
    expect(one).not.toBe(other);
  });

  it('does not keep a member that is well again from resting anew', async () => {
    const { store } = sharedStore();
    const { primary, one, other } = instances(store);
    await ask(one);
    await ask(one);
    later(1001);
    primary.state.error = undefined;
    await ask(one);
    later(1);
    primary.state.error = apiError(503);
    for (const instance of [one, other]) {
      await ask(instance);
      expect((await ask(instance)).tried[0]).toBe(instance === one ? 'mock/a' : 'mock/b');
    }
  });

  it('is tried by one call of an instance that only heard of it', async () => {
    const { store } = sharedStore();
    const { one, other } = instances(store);
    await ask(one);
    await ask(one);
    await ask(other);
    later(1001);
    expect((await ask(other)).tried).toEqual(['mock/a', 'mock/b']);
    expect((await ask(other)).tried).toEqual(['mock/b']);
  });

  it.each(['down', 'slow', 'throws'] as const)(
    'a store that is %s fails no call, and delays few',
    async (fault) => {
      const { store, state } = sharedStore();
      const { one } = instances(store);
      state.fault = fault;
      const startedAt = Date.now();
      for (let call = 0; call < 20; call++) {
        const asking = ask(one);
        await vi.advanceTimersByTimeAsync(50);
        // What this process knows itself still holds.
        expect((await asking).tried).toEqual(call < 2 ? ['mock/a', 'mock/b'] : ['mock/b']);
        if (Date.now() - startedAt > 900) break;
      }
      // Then it is left alone for a second; that it is slow may be a pause, so it has to be repeated.
      const most = fault === 'slow' ? 8 : 2;
      expect(state.asked).toBeLessThanOrEqual(most);
      state.fault = undefined;
      later(1001);
      await ask(one);
      expect(state.asked).toBeGreaterThan(most);
    },
  );

  it('is over for good with a first content, though the store still says otherwise', async () => {
    const { store } = sharedStore();
    const a = fails('a', () => apiError(429, { headers: { 'retry-after': '3600' } }));
    const shared = { failures: 1, ms: 1000, store };
    const [one, other] = ['x', 'x'].map((id) => cascade({ id, cooldown: shared, steps: [a] }));
    await ask(one!);
    a.doGenerate = answers('a').doGenerate;
    await Promise.all(Array.from({ length: 5 }, () => ask(other!)));
    expect((await ask(other!)).resting).toEqual([]);
    expect((await ask(one!)).resting).toEqual([]);
  });

  it('R-50: holds by its presence in the store, whatever the clocks of the processes say', async () => {
    const { store } = sharedStore();
    const { one, other } = instances(store);
    await ask(one);
    await ask(one);
    expect((await ask(other)).resting).toEqual(['mock/a']);
    later(1001); // the entry has expired
    expect((await ask(other)).resting).toEqual([]);
  });

  it.each([58, -58])(
    'R-50: of a process whose clock is %i minutes ahead lasts as long as any other',
    async (minutes) => {
      const { store } = sharedStore();
      const { one, other } = instances(store);
      const now = Date.now();
      vi.setSystemTime(now + minutes * 60_000);
      await ask(one);
      await ask(one);
      vi.setSystemTime(now);
      expect((await ask(other)).resting).toEqual(['mock/a']);
      later(999);
      expect((await ask(other)).resting).toEqual(['mock/a']);
      later(2);
      expect((await ask(other)).resting).toEqual([]);
    },
  );

  it('R-50: of which others say that it is over leaves the failures that a process has counted', async () => {
    const { store, entries } = sharedStore();
    const key = 'cooldown:shared:mock/a';
    const one = instances(store).one;
    const { other } = instances(store);
    await ask(other); // its first failure
    await ask(one);
    await ask(one);
    expect((await ask(other)).resting).toEqual(['mock/a']);
    entries.set(key, entries.get(key)!.replace('on', 'over'));
    expect((await ask(other)).tried).toEqual(['mock/a', 'mock/b']); // its second
    expect((await ask(other)).resting).toEqual(['mock/a']);
  });

  it('R-50: is over by the clock of a process that can ask the store no more', async () => {
    const { store, state } = sharedStore();
    const { primary, one, other } = instances(store);
    await ask(one);
    await ask(one);
    expect((await ask(other)).resting).toEqual(['mock/a']);
    primary.state.error = undefined;
    state.fault = 'down';
    later(500);
    expect((await ask(other)).resting).toEqual(['mock/a']);
    later(501);
    expect((await ask(other)).tried).toEqual(['mock/a']);
  });

  it.each(['soon', '', 'NaN', '1e400', `${Date.now() * 10}`, '-1', 7, Symbol('odd'), {}])(
    'a store that says %s makes nobody rest',
    async (value) => {
      const store: KeyValueStore = { get: () => value as string, set() {} };
      const { primary, one } = instances(store);
      primary.state.error = undefined;
      expect((await ask(one)).resting).toEqual([]);
    },
  );
});

describe('what a call says of a member', () => {
  /** A member that is down for new calls, while an old stream of it goes on. */
  function longStream() {
    let finish = (): void => {};
    const state = { isDown: false };
    const model = new MockLanguageModelV4({
      provider: 'mock',
      modelId: 'a',
      doStream: async () => {
        if (state.isDown) throw apiError(429, { headers: { 'retry-after': '3600' } });
        const held = new Promise<void>((resolve) => (finish = resolve));
        const left = textParts('long');
        const stream = new ReadableStream<Part>({
          async pull(controller) {
            if (left.length === 2) await held;
            const part = left.shift();
            if (part) controller.enqueue(part);
            else controller.close();
          },
        });
        return { stream };
      },
    });
    return { model, state, finish: () => finish() };
  }

  it('the success of a call from before a rest does not end it', async () => {
    const a = longStream();
    const model = cascade({ cooldown, steps: [a.model, answers('b')] });
    const { stream } = await model.doStream(callOf('Hi'));
    later(1);
    a.state.isDown = true;
    await partsOf(model, callOf('Hi')); // the wait that it names starts the cooldown at once
    await partsOf(model, callOf('Hi'));
    a.finish();
    for await (const _ of stream);
    expect((await explain(model, { prompt: 'Hi' })).order).toEqual(['mock/b', 'mock/a']);
    expect(callsOf(a.model)).toBe(2);
  });

  it.each<[string, (model: RoutingModel) => Promise<unknown>]>([
    ['a bad request', (model) => errorOf(model.doGenerate(callOf('Hi')))],
    [
      'an abort',
      async (model) => {
        const controller = new AbortController();
        const call = errorOf(model.doGenerate(callOf('Hi', { abortSignal: controller.signal })));
        await vi.advanceTimersByTimeAsync(0);
        controller.abort();
        return call;
      },
    ],
  ])('a try after a rest that ends with %s leaves the next call to try', async (how, undecided) => {
    const errors: unknown[] = [apiError(503), apiError(503)];
    if (how === 'a bad request') errors.push(apiError(400));
    const a = new MockLanguageModelV4({
      provider: 'mock',
      modelId: 'a',
      doGenerate: async ({ abortSignal }) => {
        if (errors.length > 0) throw errors.shift();
        if (abortSignal) await new Promise(() => {});
        return textResult('a');
      },
    });
    const model = cascade({ cooldown, steps: [a, answers('b')] });
    await ask(model);
    await ask(model);
    later(1001);
    await undecided(model);
    expect((await ask(model)).tried).toEqual(['mock/a']);
  });

  it('of many calls that come at once after a rest, one tries', async () => {
    const a = fails('a');
    const model = cascade({ cooldown, steps: [a, answers('b')] });
    await ask(model);
    await ask(model);
    later(1001);
    const called = callsOf(a);
    const calls = await Promise.all(Array.from({ length: 20 }, () => ask(model)));
    expect(callsOf(a) - called).toBe(1);
    expect(calls.map(({ tried }) => tried.at(-1))).toEqual(Array.from({ length: 20 }, () => 'mock/b'));
    expect(calls.at(-1)!.order).toEqual(['mock/b', 'mock/a']);
  });

  it('a success breaks the row of failures, also that of a call from before them', async () => {
    const waiting: (() => void)[] = [];
    let isDown = false;
    const a = new MockLanguageModelV4({
      provider: 'mock',
      modelId: 'a',
      doGenerate: async () => {
        if (isDown) throw apiError(503);
        await new Promise<void>((resolve) => waiting.push(resolve));
        return textResult('a');
      },
    });
    const model = cascade({ cooldown, steps: [a, answers('b')] });
    const old = [ask(model), ask(model)];
    await vi.advanceTimersByTimeAsync(1);
    isDown = true;
    for (const call of old) {
      await ask(model); // fails
      waiting.shift()!();
      await call; // answers
    }
    expect((await explain(model, { prompt: 'Hi' })).order).toEqual(['mock/a', 'mock/b']);
  });

  it('a member that is deferred is said to rest', async () => {
    const model = cascade({ cooldown, steps: [fails('a'), answers('b')] });
    await ask(model);
    await ask(model);
    later(1001);
    const [, second] = await Promise.all([ask(model), ask(model)]);
    expect(second).toEqual({ tried: ['mock/b'], resting: ['mock/a'], order: ['mock/b', 'mock/a'] });
  });
});
