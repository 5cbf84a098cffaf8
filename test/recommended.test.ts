import { describe, expect, it, vi } from 'vitest';
import { MockLanguageModelV4 } from 'ai/test';
import { readdirSync, readFileSync } from 'node:fs';
import { alloy, cascade, dispatcher, InvalidConfigurationError, recommended } from '../src/index.ts';
import { createModelGateway, parseGatewayConfig } from '../src/gateway/index.ts';
import { readGatewayFile } from '../src/load/index.ts';
import { allOptions } from '../src/options/all.ts';
import { routerOf } from '../src/routing/copies.ts';
import { answers, callOf, generated, partsOf, textParts, type Part } from './support/models.ts';
import { inTime, useFakeTime } from './support/fake-time.ts';

const sized = { model: answers('a'), contextWindow: 100_000 };
const { firstContentMs, idleMs, totalMs, deadlineMs, retries, cooldown } = recommended;
const timeouts = { firstContentMs, idleMs, totalMs };

/** The timeouts, retries and cooldown that a primitive has. */
function attemptsOf(model: unknown): object {
  const router = routerOf(model)!;
  return {
    ...router.deadlines,
    deadlineMs: router.deadlineMs,
    retries: router.retries,
    hasCooldown: router.cooldown !== undefined,
  };
}

const whole = { ...timeouts, deadlineMs, retries, hasCooldown: true };

describe('recommended, in code', () => {
  it('is for every primitive, and what stands behind it takes precedence', () => {
    const { model } = sized;
    const fallback = true;
    const two = [sized, { ...sized, id: 'b' }];
    expect(attemptsOf(cascade({ ...recommended, steps: [model] }))).toEqual(whole);
    expect(attemptsOf(alloy({ ...recommended, constituents: two }))).toEqual(whole);
    expect(attemptsOf(alloy({ ...recommended, constituents: two, fallback: false }))).toEqual(whole);
    expect(attemptsOf(dispatcher({ ...recommended, targets: [sized], fallback }))).toEqual(whole);
    const changed = cascade({ ...recommended, steps: [model], idleMs: 5, retries: 0 });
    expect(attemptsOf(changed)).toEqual({ ...whole, idleMs: 5, retries: 0 });
  });

  it('has no cooldown in a dispatcher without a fallback, where one of your own is an error', async () => {
    const model = dispatcher({ ...recommended, targets: [sized] });
    expect(attemptsOf(model)).toEqual({ ...whole, hasCooldown: false });
    expect(await generated(model, callOf('Hello'))).toBe('a');
    const own = { ...recommended, cooldown: { ...cooldown } };
    expect(() => dispatcher({ ...own, targets: [sized] })).toThrow(InvalidConfigurationError);
  });

  it('can be spread into primitives inside one another', () => {
    const inner = dispatcher({ ...recommended, targets: [sized] });
    const outer = cascade({
      ...recommended,
      steps: [inner, alloy({ ...recommended, constituents: [sized, sized] })],
    });
    expect(attemptsOf(outer)).toEqual(whole);
  });

  it("can't be changed", () => {
    expect(() => Object.assign(recommended, { idleMs: 1 })).toThrow(TypeError);
    expect(() => Object.assign(cooldown, { ms: 1 })).toThrow(TypeError);
  });

  it('has the values that options and docs recommend', () => {
    const { shared, member } = allOptions();
    const sentences = [shared, member].flatMap(({ docs }) =>
      Object.entries(docs).flatMap(([name, { sentence }]) => {
        const [, value] = /Recommended: (\d+)/.exec(sentence) ?? [];
        return value === undefined ? [] : [[name, Number(value)] as const];
      }),
    );
    expect(sentences).toHaveLength(7);
    for (const [name, value] of sentences)
      expect({ name, value }).toEqual({ name, value: (recommended as never)[name] });
    const text = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
    for (const file of ['src/faults/attempt-options.ts', 'src/routing/options.ts']) {
      const said = [
        ...text(file).matchAll(/Recommended:[\s*]+([\d_]+)(?:(?!\*\/).)*?\*\/\n +readonly (\w+)\?/gs),
      ];
      expect(said.length).toBeGreaterThan(0);
      for (const [, value, name] of said)
        expect({ name, value: Number(value!.replaceAll('_', '')) }).toEqual({
          name,
          value: (recommended as never)[name!],
        });
    }
    const chapter = text('docs/timeouts-retries-cooldown.md');
    const rows = [...chapter.matchAll(/^\| `(\w+)` \| (\d[\d_]*) \|/gm)];
    expect(
      Object.fromEntries(rows.map(([, name, value]) => [name, Number(value!.replaceAll('_', ''))])),
    ).toEqual({
      ...timeouts,
      deadlineMs,
      retries,
    });
  });

  it('no page recommends an idleMs that is shorter than the silence of healthy models', () => {
    const root = new URL('../', import.meta.url);
    const pages = [
      'README.md',
      'AGENTS.md',
      ...readdirSync(new URL('docs', root))
        .filter((file) => file.endsWith('.md'))
        .map((page) => `docs/${page}`),
    ];
    const found = pages.flatMap((page) =>
      [...readFileSync(new URL(page, root), 'utf8').matchAll(/idleMs: ([\d_]+)/g)].map(([, value]) => ({
        page,
        ms: Number(value!.replaceAll('_', '')),
      })),
    );
    expect(found.length).toBeGreaterThan(1);
    // 60 seconds only where the same fence asks for pings.
    expect(found.filter(({ ms }) => ms < 120_000)).toEqual([
      { page: 'docs/timeouts-retries-cooldown.md', ms: 60_000 },
    ]);
  });
});

describe('recommended, with fake time', () => {
  useFakeTime();

  /** A stream that is silent for so long between its text and the input of a tool call. */
  const quiet = (seconds: number, begins = 0): MockLanguageModelV4 => {
    const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
    const [start, open, text, close, finish] = textParts('Writing. ') as [Part, Part, Part, Part, Part];
    const tool = { toolCallId: '1', toolName: 't', input: '{}' };
    return new MockLanguageModelV4({
      doStream: async ({ abortSignal }) => ({
        stream: new ReadableStream<Part>({
          async start(controller) {
            abortSignal?.addEventListener('abort', () => controller.error(abortSignal.reason));
            controller.enqueue(start);
            await wait(begins * 1000);
            for (const part of [open, text, close]) controller.enqueue(part);
            await wait(seconds * 1000);
            if (abortSignal?.aborted) return;
            for (const part of [{ type: 'tool-call' as const, ...tool }, finish]) controller.enqueue(part);
            controller.close();
          },
        }),
      }),
    });
  };
  const endOf = async (model: MockLanguageModelV4): Promise<unknown> => {
    const parts = await inTime(partsOf(cascade({ ...recommended, steps: [model] }), callOf('Hello')));
    return parts.some(({ type }) => type === 'error') ? 'error' : parts.at(-2)!.type;
  };

  it.each([30, 120, 170])('waits %d seconds for a tool input', async (seconds) => {
    expect(await endOf(quiet(seconds))).toBe('tool-call');
  });

  it('waits as long as a thinking model needs before its first content', async () => {
    expect(await endOf(quiet(0, 110))).toBe('tool-call');
  });

  it('ends a stream that has died', async () => {
    expect(await endOf(quiet(400))).toBe('error');
  });
});

describe('recommended: true, in files', () => {
  const a = 'mock/a';
  const b = 'mock/b';
  const declared = {
    models: [
      { id: a, contextWindow: 100_000 },
      { id: b, contextWindow: 100_000 },
    ],
    cascades: [
      { id: 'chat', steps: [a, b] },
      { id: 'own', steps: [a, b], idle_ms: 5, cooldown: { failures: 9, ms: 9 } },
      { id: 'off', steps: [a], recommended: false },
    ],
    alloys: [{ id: 'blend', constituents: [a, b] }],
    dispatchers: [
      { id: 'plain', targets: [a, b] },
      { id: 'fallback', targets: [a, b], fallback: true },
    ],
  };
  const providers = { mock: answers };
  const of = (config: object, id: string, options: object = {}): object =>
    attemptsOf(
      createModelGateway({ ...declared, ...config } as never, { providers, ...options }).languageModel(
        id as never,
      ),
    );

  it.each([
    ['chat', whole],
    ['own', { ...whole, idleMs: 5 }],
    ['off', { deadlineMs: undefined, retries: undefined, hasCooldown: false }],
    ['blend', whole],
    ['plain', { ...whole, hasCooldown: false }],
    ['fallback', whole],
    // The AI SDK retries a model by itself, and without another member a cooldown has no effect.
    [a, { ...timeouts, deadlineMs, retries: undefined, hasCooldown: false }],
  ])('at the top, is for every primitive that sets nothing else: %s', (id, expected) => {
    expect(of({ recommended: true }, id)).toEqual(expected);
  });

  it('shares the cooldown through the store of the gateway', () => {
    const store = { get: vi.fn(), set: vi.fn() };
    for (const id of ['chat', 'plain', 'fallback'])
      expect(of({ recommended: true }, id, { cooldownStore: store })).toEqual({
        ...whole,
        hasCooldown: id !== 'plain',
      });
  });

  it('of one primitive, is for that one', () => {
    const cascades = [
      { id: 'chat', steps: [a], recommended: true },
      { id: 'other', steps: [a] },
    ];
    expect(of({ cascades }, 'chat')).toEqual(whole);
    expect(of({ cascades }, 'other')).toMatchObject({ retries: undefined });
  });

  it('gives way to model_defaults, as options of a primitive do not', () => {
    const gateway = createModelGateway(
      { ...declared, recommended: true, model_defaults: { retries: 4, idle_ms: 7 } } as never,
      { providers },
    );
    const [member] = routerOf(gateway.languageModel('chat' as never))!.members;
    expect(member).toMatchObject({ retries: 4, deadlines: { idleMs: 7 } });
    const [own] = routerOf(gateway.languageModel('own' as never))!.members;
    expect(own!.deadlines).toEqual({});
  });

  it.each([['true'], [1], [null], [{}]])('is an error if it is %j', (value) => {
    const { problems } = parseGatewayConfig({ ...declared, recommended: value });
    expect(problems).toEqual([
      expect.objectContaining({
        path: ['recommended'],
        message: expect.stringMatching(/: use true or false$/),
      }),
    ]);
  });

  it('is part of the configuration that a file is parsed to, and may be a variable', async () => {
    const text = 'recommended: ${ON}\nmodels: [{ id: mock/a, context_window: 8K }]';
    const { data } = await readGatewayFile({ format: 'yaml', text }, { environment: { ON: 'true' } });
    const { config, problems } = parseGatewayConfig(data);
    expect(problems).toEqual([]);
    expect(config).toMatchObject({ recommended: true });
    expect(parseGatewayConfig(config).config).toEqual(config);
  });
});
