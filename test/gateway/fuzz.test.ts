import { InvalidConfigurationError } from 'ai-alloy';
import { createModelGateway, parseGatewayConfig, type GatewayData } from 'ai-alloy/gateway';
import { tiktoken } from 'ai-alloy/tiktoken';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answers } from '../support/models.ts';
import { example } from './example.ts';

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
  for (const each of path.slice(0, -1)) parent = (parent?.[each] ?? null) as Record<string | number, Json>;
  if (typeof parent !== 'object' || parent === null) return copy; // `__proto__` isn't copied
  const last = path.at(-1)!;
  const old = parent[last]!;
  if (how === 'remove') delete parent[last];
  else if (how === 'replace') parent[last] = value;
  else if (how === 'rename' && !Array.isArray(parent))
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

/** Whether a gateway can be made; throws what is no InvalidConfigurationError. */
function isMade(data: Json): boolean {
  try {
    const gateway = createModelGateway(data as GatewayData, { providers: answers, tiktoken });
    return gateway.ids.every((id) => gateway.languageModel(id));
  } catch (error) {
    if (!InvalidConfigurationError.isInstance(error)) throw error;
    return false;
  }
}

describe('R-36: random mutations', () => {
  it('the one to be mutated is valid', () => {
    expect(parseGatewayConfig(rich).problems).toEqual([]);
  });

  it('give a gateway or problems, never another error', () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const data = mutations.reduce(mutate, rich);
        const { config, problems } = parseGatewayConfig(data);
        const paths = problems.flatMap(({ path }) => path).map((key) => typeof key);
        expect(new Set([...paths, 'string', 'number']).size).toBe(2);
        expect(problems.map(({ message }) => message)).not.toContain('');
        // What was accepted is accepted again, and made; what was not, is not.
        expect(config === undefined || parseGatewayConfig(config).config !== undefined).toBe(true);
        expect(isMade(data)).toBe(config !== undefined);
      }),
      { numRuns: 700 },
    );
  }, 60_000);

  it('so does anything', () => {
    fc.assert(
      fc.property(
        fc.anything({ withMap: true, withDate: true, withBigInt: true, withSparseArray: true }),
        (data) => {
          expect(parseGatewayConfig(data)).toHaveProperty('problems');
          const parts = {
            models: [data],
            dispatchers: data,
            cascades: [{ id: 'c', steps: [data], cooldown: data }],
          };
          expect(parseGatewayConfig(parts).problems).not.toEqual([]);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
