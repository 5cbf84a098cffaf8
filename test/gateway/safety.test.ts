import { InvalidConfigurationError } from 'ai-alloy';
import { createModelGateway, formatPath, parseGatewayConfig, type GatewayData } from 'ai-alloy/gateway';
import { tiktoken } from 'ai-alloy/tiktoken';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answers } from '../support/models.ts';
import { example } from './example.ts';

const linesOf = (data: unknown): string[] =>
  parseGatewayConfig(data).problems.map(({ path, message }) => `${formatPath(path)}: ${message}`);

/** Milliseconds are generous: what is bounded takes a fraction, what isn't takes for ever. */
function quickly<Result>(run: () => Result): Result {
  const start = performance.now();
  const result = run();
  expect(performance.now() - start).toBeLessThan(5000);
  return result;
}

describe('hostile data', () => {
  it.each(['__proto__', 'constructor', 'prototype'])('%s is refused as a key, anywhere', (key) => {
    const nest = (json: string) => JSON.parse(json.replace('KEY', key));
    expect(linesOf(nest('{"KEY":{"polluted":1}}'))).toEqual([`${key}: this name is not allowed: remove it`]);
    expect(linesOf(nest('{"models":[{"id":"a","KEY":1}]}'))).toEqual([
      `models[0].${key}: this name is not allowed: remove it`,
    ]);
    const rule =
      '{"dispatchers":[{"id":"d","rules":[{"target":{"model":"a","context_window":9},"when":{"metadata":{"t":1,"KEY":1}}}]}]}';
    expect(linesOf(nest(rule))).toEqual([
      `dispatchers[0].rules[0].when.metadata.${key}: this name is not allowed: remove it`,
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'toString', 'alloy/__proto__'])('%s is but a name as an id', (id) => {
    expect(linesOf({ cascades: [{ id: 'c', steps: [id] }] })[0]).toContain('unknown model');
    const gateway = createModelGateway(
      { models: [{ id }], cascades: [{ id: 'c', steps: [id] }] } as GatewayData,
      {
        providers: answers,
      },
    );
    expect(gateway.languageModel(id).modelId).toBe(id);
  });

  it('nesting is bounded', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = { when: [deep] };
    expect(quickly(() => linesOf({ models: [deep] }))).toContainEqual(
      expect.stringMatching(/nested more than 16 levels/),
    );
    const circular: Record<string, unknown> = {};
    circular['models'] = [circular];
    expect(quickly(() => linesOf(circular)).join()).toContain('nested more than 16 levels');
  });

  it('what a YAML file multiplies by aliases is bounded', () => {
    let bomb: unknown = Array.from({ length: 10 }, () => 'x');
    for (let i = 0; i < 9; i++) bomb = Array.from({ length: 10 }, () => bomb);
    expect(quickly(() => linesOf({ models: bomb })).join()).toContain('there are more than 50000 values');
  });

  it('strings and lists are bounded', () => {
    expect(linesOf({ models: [{ id: 'x'.repeat(1e6) }] })[0]).toMatch(/a string of 1000000 characters/);
    const many = Array.from({ length: 5001 }, (_, index) => ({ id: `${index}` }));
    expect(linesOf({ models: many })).toEqual(['models: a list of 5001: use a list of at most 5000']);
    expect(quickly(() => linesOf({ models: Array(1e8) }))).not.toEqual([]);
  });

  it('so are primitives in primitives', () => {
    const doubled = Array.from({ length: 30 }, (_, index) => ({
      id: `c${index}`,
      steps: index === 0 ? ['m', 'm'] : [`c${index - 1}`, `c${index - 1}`],
    }));
    const lines = quickly(() => linesOf({ models: [{ id: 'm' }], cascades: doubled }));
    expect(lines[0]).toMatch(/^cascades\[13\]: nests 14 levels and 16384 models/);
    const chain = Array.from({ length: 1000 }, (_, index) => ({ id: `c${index}`, steps: [`c${index + 1}`] }));
    const data = { models: [{ id: 'c1000' }], cascades: chain };
    expect(quickly(() => linesOf(data)).join()).toMatch(/nests 33 levels/);
  });

  it('thousands of mistakes are found in a moment', () => {
    const models = Array.from({ length: 4000 }, (_, index) => ({ id: `provider/model-${index}` }));
    const cascades = Array.from({ length: 100 }, (_, index) => ({
      id: `cascade-${index}`,
      steps: Array.from({ length: 300 }, (__, step) => `provider/modle-${step}`),
    }));
    expect(quickly(() => linesOf({ models, cascades })).length).toBeGreaterThan(29_000);
  });
});

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every place in a value, as a path. */
function placesOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  const children = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [
    path,
    ...children.flatMap(([key, each]) => placesOf(each, [...path, Array.isArray(value) ? Number(key) : key])),
  ];
}

/** A copy that has something else at one place: another value, a misspelt key, nothing, or what stands elsewhere. */
function mutate(data: Json, { at, how, value, key }: Mutation): Json {
  const places = placesOf(data);
  const path = places[at % places.length]!;
  const copy = structuredClone(data);
  if (path.length === 0) return how === 'replace' ? value : copy;
  let parent = copy as Record<string | number, Json>;
  for (const each of path.slice(0, -1)) parent = parent[each] as Record<string | number, Json>;
  const last = path.at(-1)!;
  const old = parent[last]!;
  if (how === 'remove') delete parent[last];
  else if (how === 'replace') parent[last] = value;
  else if (how === 'rename')
    Object.defineProperty(parent, key, { value: old, enumerable: true, configurable: true, writable: true });
  else if (how === 'slip' && typeof old === 'string') parent[last] = `${old.slice(1)}${old[0] ?? ''}`;
  else if (how === 'copy') parent[last] = structuredClone(valueAt(copy, places[(at * 7) % places.length]!));
  return copy;
}

const valueAt = (data: Json, path: (string | number)[]): Json => {
  let here = data;
  for (const key of path) here = ((here ?? {}) as Record<string | number, Json>)[key] ?? null;
  return here;
};

interface Mutation {
  readonly at: number;
  readonly how: 'remove' | 'replace' | 'rename' | 'slip' | 'copy';
  readonly value: Json;
  readonly key: string;
}

/** All words of the format, so that mutations get far. */
const words = [...new Set(JSON.stringify(example).match(/[\w./-]+/g))];
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(10_000),
  how: fc.constantFrom('remove', 'replace', 'rename', 'slip', 'copy'),
  value: fc.oneof(
    fc.constantFrom<Json>(
      ...words,
      null,
      0,
      -1,
      1,
      0.5,
      1e300,
      '12K',
      '1M',
      '',
      true,
      [],
      {},
      'sticky',
      'auto',
    ),
    fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  ),
  key: fc.oneof(
    fc.constantFrom(...words, '__proto__', 'contextWindow', 'retries', 'cooldown', 'when'),
    fc.string(),
  ),
});

const rich: Json = {
  ...(structuredClone(example) as unknown as Record<string, Json>),
  cascades: [
    ...(structuredClone(example.cascades) as unknown as Json[]),
    {
      id: 'rich',
      fall_through_on: ['timeout', 'rate_limit'],
      after_content: 'buffer',
      max_buffered_parts: 10,
      cooldown: { failures: 3, ms: 1000 },
      deadline_ms: 1000,
      retries: 2,
      on_truncation: 'error',
      steps: [
        { model: 'local/qwen3.5-35b', vendor: 1.2, anchor: false, first_content_ms: 5 },
        'cascade/kimi-with-fallback',
      ],
    },
  ],
};

describe('R-36: random mutations', () => {
  it('the one to be mutated is valid', () => {
    expect(linesOf(rich)).toEqual([]);
  });

  it('give a gateway or problems, never another error', () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const data = mutations.reduce(mutate, rich);
        const { config, problems } = parseGatewayConfig(data);
        expect(config === undefined).toBe(problems.length > 0);
        for (const { path, message } of problems) {
          expect(message).not.toBe('');
          expect(path.every((key) => ['string', 'number'].includes(typeof key))).toBe(true);
        }
        if (config) expect(parseGatewayConfig(config).problems).toEqual([]);
        try {
          const gateway = createModelGateway(data as GatewayData, { providers: answers, tiktoken });
          expect(problems).toEqual([]);
          for (const id of gateway.ids) gateway.languageModel(id);
        } catch (error) {
          if (!InvalidConfigurationError.isInstance(error)) throw error;
          expect(problems.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 3000 },
    );
  }, 60_000);

  it('so does anything', () => {
    fc.assert(
      fc.property(
        fc.anything({ withMap: true, withDate: true, withBigInt: true, withSparseArray: true }),
        (data) => {
          parseGatewayConfig(data);
          parseGatewayConfig({
            models: [data],
            dispatchers: data,
            cascades: [{ id: 'c', steps: [data], cooldown: data }],
          });
        },
      ),
      { numRuns: 1000 },
    );
  });
});
