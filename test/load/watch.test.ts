import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProviderRegistry, generateText, NoSuchModelError, streamText, wrapLanguageModel } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  alloy,
  cascade,
  decisionOf,
  dispatcher,
  explain,
  failureOf,
  type RoutingModel,
} from '../../src/index.ts';
import {
  GatewayFileError,
  type GatewayReload,
  loadModelGateway,
  type LoadModelGatewayOptions,
  type WatchOptions,
} from '../../src/load/index.ts';
import type { ModelGateway } from '../../src/gateway/index.ts';
import { poll } from '../../src/load/poll-file.ts';
import { watchGateway } from '../../src/load/watch.ts';
import { answers, apiError, callOf, errorOf, fails, textResult } from '../support/models.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ai-alloy-watch-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A file whose `smart` goes to one model. */
const leadingTo = (model: string, more = ''): string =>
  `models: [{ id: ${model}, context_window: 8K }]\ncascades: [{ id: smart, steps: [${model}] }${more}]\n`;

/** Loads and watches `models.yaml`, and gives the reloads one after another. */
async function watched(
  text: string,
  { watch = {}, ...options }: Omit<LoadModelGatewayOptions, 'watch'> & { watch?: WatchOptions } = {},
) {
  const file = join(folder, 'models.yaml');
  await writeFile(file, text);
  const told: GatewayReload[] = [];
  const waiting: ((reload: GatewayReload) => void)[] = [];
  const onReload = (reload: GatewayReload): void => {
    const next = waiting.shift();
    if (next) next(reload);
    else told.push(reload);
  };
  const next = async (): Promise<GatewayReload> =>
    told.shift() ?? (await new Promise<GatewayReload>((resolve) => waiting.push(resolve)));
  const gateway = await loadModelGateway(file, {
    providers: (id: string) => answers(id),
    ...options,
    watch: { intervalMs: 3, onReload, ...watch },
  });
  onTestFinished(() => gateway.close());
  return {
    gateway,
    file,
    next,
    told,
    async becomes(changed: string): Promise<GatewayReload> {
      await writeFile(file, changed);
      return next();
    },
  };
}

function deferred<Value>() {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((settle) => (resolve = settle));
  return { promise, resolve };
}

const textOf = async (model: RoutingModel): Promise<string> =>
  (await generateText({ model, prompt: 'Hi' })).text;

describe('a watched file', () => {
  it('is followed by the models that were handed out, whatever they are asked', async () => {
    const { gateway, becomes } = await watched(leadingTo('a'));
    const smart = gateway.languageModel('smart');
    expect(await textOf(smart)).toBe('a');
    expect(gateway.languageModel('smart')).toBe(smart);
    const kept = createProviderRegistry({ house: gateway }).languageModel('house:smart') as RoutingModel;
    expect(
      await becomes(leadingTo('b').replace('cascades', 'dispatchers').replace('steps', 'targets')),
    ).toEqual({
      ids: ['b', 'smart', 'dispatcher/smart'],
      removed: ['a', 'cascade/smart'],
    });
    expect(gateway.ids).toEqual(['b', 'smart', 'dispatcher/smart']);
    expect(await textOf(smart)).toBe('b');
    expect(await textOf(kept)).toBe('b');
    expect(await textOf(gateway.languageModel('dispatcher/smart'))).toBe('b');
    expect({ ...smart }).toMatchObject({ kind: 'dispatcher', modelId: 'smart', specificationVersion: 'v4' });
    const result = await streamText({ model: smart, prompt: 'Hi' });
    expect(await result.text).toBe('b');
    expect(decisionOf((await result.steps)[0])).toMatchObject({
      id: 'smart',
      kind: 'dispatcher',
      answeredBy: 'b',
    });
    expect(await explain(smart, { prompt: 'Hi' })).toMatchObject({ kind: 'dispatcher', order: ['b'] });
    expect(() => gateway.languageModel('a')).toThrow(/No such model in this gateway: "a"/);
  });

  it('says which URLs its models take now, also where they are nested or wrapped', async () => {
    const taking = { 'image/*': [/^https:/] };
    const { gateway, becomes } = await watched(leadingTo('a'), {
      providers: (id: string) =>
        new MockLanguageModelV4({ modelId: id, supportedUrls: id === 'a' ? taking : {} }),
    });
    const smart = gateway.languageModel('smart');
    const nested = cascade({ steps: [cascade({ steps: [smart] })] });
    const models = [smart, nested, wrapLanguageModel({ model: smart, middleware: [] })];
    for (const { supportedUrls } of models) expect(await supportedUrls).toEqual(taking);
    await becomes(leadingTo('b'));
    for (const { supportedUrls } of models) expect(await supportedUrls).toEqual({});
  });

  it('that is wrong leaves all as it was, and is told with its problems', async () => {
    const { gateway, file, becomes, next } = await watched(leadingTo('a'));
    const smart = gateway.languageModel('smart');
    const { error, ids, removed } = await becomes(leadingTo('b').replace('8K', 'much'));
    expect(error).toSatisfy(GatewayFileError.isInstance);
    expect((error as Error).message).toContain(`${file}:1:`);
    expect({ ids, removed }).toEqual({ ids: ['a', 'smart', 'cascade/smart'], removed: [] });
    expect(await textOf(smart)).toBe('a');
    await rm(file);
    expect((await next()).error).toMatchObject({ message: expect.stringMatching(/there is no such file/) });
    expect(await textOf(smart)).toBe('a');
    expect((await becomes(leadingTo('b'))).error).toBeUndefined();
    expect(await textOf(smart)).toBe('b');
  });

  it('is a warning without a listener, when it is wrong', async () => {
    const said = new Promise<unknown>((resolve) => {
      globalThis.AI_SDK_LOG_WARNINGS = resolve;
    });
    onTestFinished(() => void (globalThis.AI_SDK_LOG_WARNINGS = false));
    const { file } = await watched(leadingTo('a'), { watch: { onReload: undefined } as never });
    await writeFile(file, 'models: 1');
    expect(JSON.stringify(await said)).toMatch(
      /models\.yaml has changed, but the gateway is as it was: .*models/,
    );
  });

  it('is still watched when the listener throws or rejects', async () => {
    let calls = 0;
    let reach: () => void;
    const done = new Promise<void>((resolve) => (reach = resolve));
    const { gateway, file } = await watched(leadingTo('a'), {
      watch: {
        onReload: () => {
          if (++calls === 1) void writeFile(file, leadingTo('c'));
          else reach();
          throw new Error('oops');
        },
      },
    });
    await writeFile(file, leadingTo('b'));
    await done;
    expect(await textOf(gateway.languageModel('smart'))).toBe('c');
  });

  it.each<[string, (file: string, text: string) => Promise<void>]>([
    [
      'renames another one over it, as editors do',
      async (file, text) => {
        await writeFile(`${file}~`, text);
        await rename(`${file}~`, file);
      },
    ],
    [
      'swaps the link of its folder, as Kubernetes does',
      async (file, text) => {
        await mkdir(join(folder, 'second'));
        await writeFile(join(folder, 'second', 'models.yaml'), text);
        await symlink('second', join(folder, '..data_tmp'));
        await rename(join(folder, '..data_tmp'), join(folder, '..data'));
        expect(file).toContain('models.yaml');
      },
    ],
  ])('is found changed by who %s', async (name, change) => {
    const isLinked = name.startsWith('swaps');
    const file = join(folder, 'models.yaml');
    if (isLinked) {
      await mkdir(join(folder, 'first'));
      await writeFile(join(folder, 'first', 'models.yaml'), leadingTo('a'));
      await symlink('first', join(folder, '..data'));
      await symlink('..data/models.yaml', file);
    } else {
      await writeFile(file, leadingTo('a'));
    }
    const reloaded = deferred<GatewayReload>();
    const gateway = await loadModelGateway(file, {
      providers: (id: string) => answers(id),
      watch: { intervalMs: 3, onReload: reloaded.resolve },
    });
    onTestFinished(() => gateway.close());
    await change(file, leadingTo('b'));
    expect((await reloaded.promise).error).toBeUndefined();
    expect(await textOf(gateway.languageModel('smart'))).toBe('b');
  });

  it('does not disturb calls under way', async () => {
    const gate = deferred<void>();
    const slow = answers('a');
    slow.doGenerate = async () => {
      await gate.promise;
      return textResult('a, late');
    };
    const { gateway, becomes } = await watched(leadingTo('a'), {
      providers: (id: string) => (id === 'a' ? slow : answers(id)),
    });
    const smart = gateway.languageModel('smart');
    const outer = cascade({ id: 'outer', steps: [smart] });
    const early = [textOf(smart), textOf(outer)];
    await becomes(leadingTo('b'));
    expect(await textOf(smart)).toBe('b');
    gate.resolve();
    expect(await Promise.all(early)).toEqual(['a, late', 'a, late']);
  });

  it('does not disturb calls under way that plan what is nested anew, since a step before it has failed', async () => {
    const { gateway, becomes } = await watched(leadingTo('a'));
    const smart = gateway.languageModel('smart');
    const failing = fails('first');
    failing.doGenerate = async () => {
      await becomes(leadingTo('b'));
      throw new Error('outage');
    };
    const inner = cascade({ steps: [cascade({ steps: [smart] })] });
    expect(await textOf(cascade({ steps: [failing, inner] }))).toBe('a');
    expect(await textOf(inner)).toBe('b');
  });

  it('does not disturb calls that are still being planned', async () => {
    const gate = deferred<number>();
    const begun = deferred<void>();
    const estimateCall = (): Promise<number> => {
      begun.resolve();
      return gate.promise;
    };
    const estimator = { id: 'slow', estimateText: () => 1, estimateCall };
    const { gateway, becomes } = await watched(leadingTo('a'));
    const backup = { model: answers('backup'), contextWindow: '8K', estimator } as const;
    const outer = cascade({ steps: [gateway.languageModel('smart'), backup] });
    const early = [textOf(outer), streamText({ model: outer, prompt: 'Hi' }).text];
    await begun.promise;
    // Its members and cooldowns are others.
    await becomes(leadingTo('c').replace('[c] }', '[c], cooldown: { failures: 1, ms: 1000 } }'));
    gate.resolve(1);
    expect(await Promise.all(early)).toEqual(['a', 'a']);
    expect(await textOf(outer)).toBe('c');
  });

  it('that declares an id no more makes its models fail by that, until it is back', async () => {
    const { gateway, becomes } = await watched(leadingTo('a', ', { id: other, steps: [a] }'));
    const smart = gateway.languageModel('smart');
    const { removed } = await becomes(leadingTo('a').replace('smart', 'clever'));
    expect(removed).toEqual(['smart', 'cascade/smart', 'other', 'cascade/other']);
    const error = await errorOf(generateText({ model: smart, prompt: 'Hi' }));
    expect(NoSuchModelError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ message: expect.stringMatching(/No such model in this gateway: "smart"/) });
    expect(failureOf(error).kind).toBe('not-found');
    expect(decisionOf(error)).toMatchObject({ id: 'smart', attempts: [{ failure: 'not-found' }] });
    expect({ ...smart }).toMatchObject({ modelId: 'smart', specificationVersion: 'v4' });
    expect(await textOf(cascade({ steps: [smart, answers('next')], fallThroughOn: ['not-found'] }))).toBe(
      'next',
    );
    await becomes(leadingTo('b'));
    expect(await textOf(smart)).toBe('b');
  });

  it.each<[string, (smart: RoutingModel) => RoutingModel]>([
    ['a cascade', (smart) => cascade({ steps: [smart] })],
    ['an alloy', (smart) => alloy({ constituents: [smart, { model: smart, id: 'again' }] })],
    ['a dispatcher in a cascade', (smart) => cascade({ steps: [dispatcher({ targets: [smart] })] })],
  ])('is followed inside primitives made in code: %s', async (_, around) => {
    const { gateway, becomes } = await watched(leadingTo('a'));
    const model = around(gateway.languageModel('smart'));
    expect(await textOf(model)).toBe('a');
    await becomes(leadingTo('b').replace('8K', '5K'));
    expect(await textOf(model)).toBe('b');
    const answer = await generateText({ model, prompt: 'Hi' });
    expect(JSON.stringify(decisionOf(answer))).toMatch(/"id":"smart".*"answeredBy":"b"/);
    expect(JSON.stringify(await explain(model, { prompt: 'Hi' }))).toMatch(/"id":"b".*"ceiling":5120/);
    const long = 'word '.repeat(3000);
    expect(await errorOf(generateText({ model, prompt: long }))).toMatchObject({
      name: 'AI_ContextWindowExceededError',
    });
  });

  it('is followed by string ids of the global provider', async () => {
    const { gateway, becomes } = await watched(leadingTo('a'));
    globalThis.AI_SDK_DEFAULT_PROVIDER = gateway as never;
    onTestFinished(
      () => void delete (globalThis as { AI_SDK_DEFAULT_PROVIDER?: unknown }).AI_SDK_DEFAULT_PROVIDER,
    );
    const model = cascade({ steps: ['smart'] });
    expect(await textOf(model)).toBe('a');
    await becomes(leadingTo('b'));
    expect(await textOf(model)).toBe('b');
  });

  it('has its variables read again', async () => {
    const environment = { MODEL: 'a' };
    const text = leadingTo('${MODEL}').replaceAll('${MODEL}', '"${MODEL}"');
    const { gateway, becomes } = await watched(text, { environment });
    const smart = gateway.languageModel('smart');
    expect(await textOf(smart)).toBe('a');
    environment.MODEL = 'b';
    await becomes(`${text}\n`);
    expect(await textOf(smart)).toBe('b');
  });

  it('keeps the models that are in it still, and with them their cooldowns', async () => {
    const made: MockLanguageModelV4[] = [];
    const providers = (id: string): MockLanguageModelV4 => {
      made.push(id === 'a' ? fails(id) : answers(id));
      return made.at(-1)!;
    };
    const text = (steps: string): string =>
      `models: [{ id: a, context_window: 8K }, { id: b, context_window: 8K }]\n` +
      `cascades: [{ id: smart, steps: ${steps}, cooldown: { failures: 1, ms: 60000 } }]\n`;
    const { gateway, becomes } = await watched(text('[a, b]'), { providers });
    const smart = gateway.languageModel('smart');
    expect(await textOf(smart)).toBe('b');
    await becomes(`${text('[{ model: a, id: first }, b]')}`);
    const answer = await generateText({ model: smart, prompt: 'Hi' });
    expect(decisionOf(answer)).toMatchObject({
      order: ['b', 'first'],
      candidates: [{ id: 'first', skipped: 'resting' }, { id: 'b' }],
    });
    expect(made).toHaveLength(2);
  });

  it('is not read again after close, and the gateway goes on', async () => {
    const { gateway, file, told } = await watched(leadingTo('a'));
    gateway.close();
    gateway.close();
    await writeFile(file, leadingTo('b'));
    // A second watch of the same file has seen the change by the time that this one would have.
    const { promise, resolve } = deferred<GatewayReload>();
    const other = await loadModelGateway(file, {
      providers: (id: string) => answers(id),
      watch: { intervalMs: 20, onReload: resolve },
    });
    onTestFinished(() => other.close());
    await writeFile(file, leadingTo('c'));
    await promise;
    expect(told).toEqual([]);
    expect(await textOf(gateway.languageModel('smart'))).toBe('a');
  });

  it('is left alone if it was closed while it was loaded again', async () => {
    const file = join(folder, 'models.yaml');
    await writeFile(file, leadingTo('a'));
    const begun = deferred<void>();
    const loading = deferred<ModelGateway>();
    const loaded = async (text: string) =>
      loadModelGateway({ text, format: 'yaml' }, { providers: (id: string) => answers(id) });
    const first = await loaded(leadingTo('a'));
    const onReload = vi.fn();
    const load = vi.fn(async () => first as ModelGateway);
    const { gateway, close } = await watchGateway({ name: file, file, load, intervalMs: 3, onReload });
    load.mockImplementation(() => {
      begun.resolve();
      return loading.promise;
    });
    await writeFile(file, leadingTo('b'));
    await begun.promise;
    close();
    loading.resolve(await loaded(leadingTo('b')));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await textOf(gateway.languageModel('smart'))).toBe('a');
    expect(onReload).not.toHaveBeenCalled();
  });
});

describe('polling', () => {
  /** Looks at these states, one after another, and tells at which of them a change was found. */
  async function changesIn(stamps: readonly string[]): Promise<number[]> {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const found: number[] = [];
    let looks = 0;
    const stop = poll({
      intervalMs: 1000,
      stamp: stamps[0]!,
      stampNow: async () => stamps[Math.min(++looks, stamps.length - 1)]!,
      changed: async () => void found.push(looks),
    });
    await vi.advanceTimersByTimeAsync(1000 * stamps.length);
    stop();
    expect(vi.getTimerCount()).toBe(0);
    return found;
  }

  it.each([
    ['aaaa', []],
    ['abbb', [2]],
    ['abcdd', [4]], // while it is written, it is not read
    ['abaca', []],
    ['aabbccc', [3, 5]],
    ['abbaa', [2, 4]],
  ])('of %s finds changes at %j', async (stamps, expected) => {
    expect(await changesIn([...stamps])).toEqual(expected);
  });

  it('waits for one reload before the next look, so that the last change wins', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const log: string[] = [];
    let stamp = 'a';
    let finish: () => void = () => {};
    const stop = poll({
      intervalMs: 10,
      stamp,
      stampNow: async () => stamp,
      changed: async () => {
        const loading = stamp;
        log.push(`begin ${loading}`);
        await new Promise<void>((resolve) => (finish = resolve));
        log.push(`end ${loading}`);
      },
    });
    stamp = 'b';
    await vi.advanceTimersByTimeAsync(50);
    stamp = 'c';
    await vi.advanceTimersByTimeAsync(50);
    expect(log).toEqual(['begin b']);
    finish();
    await vi.advanceTimersByTimeAsync(50);
    expect(log).toEqual(['begin b', 'end b', 'begin c']);
    stop();
    finish();
    await vi.advanceTimersByTimeAsync(50);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('R-36: bad input', () => {
  it.each([
    [
      { watch: 'yes' },
      /^loadModelGateway: watch is a string: use true, false, or \{ intervalMs, onReload \}/,
    ],
    [{ watch: { interval: 5 } }, /^loadModelGateway: watch\.interval .*did you mean intervalMs\?/],
    [{ watch: { intervalMs: 0 } }, /^loadModelGateway: watch\.intervalMs is 0: use milliseconds above 0/],
    [{ watch: { onReload: 5 } }, /^loadModelGateway: watch\.onReload is 5: pass a function/],
  ])('%j', async (options, message) => {
    const error = await errorOf(loadModelGateway('models.yaml', options as never));
    expect((error as Error).message).toMatch(message);
  });

  it('a text can not be watched', async () => {
    const source = { text: leadingTo('a'), format: 'yaml' } as const;
    const providers = (id: string) => answers(id);
    const error = await errorOf(loadModelGateway(source, { providers, watch: true }));
    expect((error as Error).message).toMatch(
      /watch is true: a text does not change: pass the path of a file/,
    );
    const gateway = await loadModelGateway(source, { providers, watch: false });
    gateway.close();
    expect(await gateway.languageModel('smart').doGenerate(callOf('Hi'))).toMatchObject({ finishReason: {} });
  });
});

it('R-25, R-46: a call under way retries a model as the file said when it began', async () => {
  const called: string[] = [];
  const { gateway, becomes } = await watched(
    'models: [{ id: a, context_window: 8K, retries: 1 }]\ncascades: [{ id: c, steps: [a] }]',
    {
      providers: (id) =>
        new MockLanguageModelV4({
          modelId: id,
          async doGenerate() {
            if (called.push(id) === 1) {
              await becomes('models: [{ id: a, context_window: 8K }]\ncascades: [{ id: c, steps: [a] }]');
            }
            throw apiError(503, { headers: { 'retry-after-ms': '1' } });
          },
        }),
    },
  );
  await errorOf(cascade({ retries: 2, steps: [gateway.languageModel('a')] }).doGenerate(callOf('Hi')));
  expect(called).toHaveLength(2);
});
