import { createModelGateway, formatPath, parseGatewayConfig, type GatewayData } from 'ai-alloy/gateway';
import { describe, expect, it } from 'vitest';
import { cpuMs } from '../support/cpu.ts';
import { answers } from '../support/models.ts';

const linesOf = (data: unknown): string[] =>
  parseGatewayConfig(data).problems.map(({ path, message }) => `${formatPath(path)}: ${message}`);

/** The limit is generous: what is bounded takes a fraction, what isn't takes for ever. */
function quickly<Result>(run: () => Result): Result {
  let result: Result | undefined;
  expect(cpuMs(() => (result = run()))).toBeLessThan(10_000);
  return result!;
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
    expect(lines[0]).toMatch(/^cascades\[12\]: nests 13 levels and 16382 members/);
    const chain = Array.from({ length: 1000 }, (_, index) => ({ id: `c${index}`, steps: [`c${index + 1}`] }));
    const data = { models: [{ id: 'c1000' }], cascades: chain };
    expect(quickly(() => linesOf(data)).join()).toMatch(/nests 33 levels/);
  });

  it('so are the cycles that are told', () => {
    const pad = 'x'.repeat(190);
    const name = (index: number) => (index === 0 ? 'a' : `c${index}${pad}`);
    const chain = Array.from({ length: 1000 }, (_, index) => ({
      id: name(index),
      steps: index < 999 ? [name(index + 1)] : Array.from({ length: 20_000 }, () => 'a'),
    }));
    const lines = quickly(() => linesOf({ cascades: chain }));
    const cycles = lines.filter((line) => line.includes('contains itself'));
    expect(cycles).toHaveLength(1);
    expect(cycles[0]).toMatch(/^cascades\[999\]\.steps\[0\]: "a" contains itself: a → c1x+… → .* → … → /);
    expect(cycles[0]!.length).toBeLessThan(2000);

    const many = Array.from({ length: 1000 }, (_, index) => ({
      id: name(index),
      steps: [name(Math.min(index + 1, 999)), ...Array.from({ length: 40 }, () => 'a')],
    }));
    const told = quickly(() => linesOf({ cascades: many })).filter((line) =>
      line.includes('contains itself'),
    );
    expect(told).toHaveLength(100);
    const lists = { alloys: 'constituents', cascades: 'steps', dispatchers: 'targets' };
    const deep = Object.entries(lists).map(([section, list], part) => [
      section,
      Array.from({ length: 1000 }, (_, index) => ({
        id: `p${part * 1000 + index}`,
        [list]: [`p${(part * 1000 + index + 1) % 3000}`],
      })),
    ]);
    expect(quickly(() => linesOf(Object.fromEntries(deep))).join()).toContain('contains itself');
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
