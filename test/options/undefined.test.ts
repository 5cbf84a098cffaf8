import { describe, expect, it, vi } from 'vitest';
import {
  alloy,
  byteRatio,
  cascade,
  charRatio,
  dispatcher,
  explain,
  fitCheck,
  scriptAware,
} from '../../src/index.ts';
import { createModelGateway, parseGatewayConfig } from '../../src/gateway/index.ts';
import { mediaTokens } from '../../src/media/index.ts';
import { allOptions } from '../../src/options/all.ts';
import { sizes } from '../../src/options/member.ts';
import type { OptionTable } from '../../src/options/kinds.ts';
import { routerOf } from '../../src/routing/copies.ts';
import { tiktoken } from '../../src/tiktoken/index.ts';
import { answers, callOf } from '../support/models.ts';

type Values = Readonly<Record<string, unknown>>;

const tables = allOptions();
const undefinedIn = (options: OptionTable, name?: string): Values =>
  Object.fromEntries(
    Object.keys(options)
      .filter((each) => name === undefined || each === name)
      .map((each) => [each, undefined]),
  );

/** `options` with each option of the table that it doesn't have, alone and all together, as undefined. */
const variants = (table: OptionTable, options: Values): Values[] => {
  const absent = Object.keys(table).filter((name) => !(name in options));
  return [undefined, ...absent].map((name) => ({ ...undefinedIn(table, name), ...options }));
};

/** All data in a value, without what differs from one primitive to the next: functions by their names only. */
function dataOf(value: unknown, seen: readonly object[] = []): unknown {
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null || seen.includes(value))
    return seen.includes(value as object) ? 'again' : value;
  const entries =
    value instanceof Map || value instanceof Set
      ? [...value]
      : Object.entries(value).filter(([, each]) => each !== undefined);
  return entries.map((each: unknown) =>
    Array.isArray(each) ? each.map((part) => dataOf(part, [...seen, value])) : dataOf(each, [...seen, value]),
  );
}

/** What a primitive is, and what it does. */
async function behaviourOf(model: ReturnType<typeof cascade>): Promise<unknown> {
  const { members, planner, ...router } = routerOf(model)!;
  const { modelId } = model;
  const explained = await explain(model, { prompt: 'Hello' });
  const onCall = await model.doGenerate(callOf('Hello') as never);
  const attempts = onCall.providerMetadata?.['ai-alloy'];
  const planned = { ...planner, ...(planner.store && { store: true }) };
  const plain = members.map(({ id, limits, weight, price, deadlines, retries }) => ({
    id,
    limits,
    weight,
    price,
    deadlines,
    retries,
  }));
  return JSON.parse(
    JSON.stringify(dataOf([modelId, router, planned, plain, explained, attempts])).replaceAll(
      /\["(?:durationMs|startedAt)",[\d.]+\]/g,
      '"ms"',
    ),
  );
}

const model = answers('a');
const sized = { model, contextWindow: 100_000 };
const store = { get: () => undefined, set() {} };
const two = [sized, { ...sized, id: 'b' }];
const of = (...owners: (keyof typeof tables)[]): OptionTable =>
  Object.assign({}, ...owners.map((owner) => tables[owner].options)) as OptionTable;

/** Each table in its place: the table, options that have it, and a primitive with them. */
const places: Record<string, [OptionTable, Values, (options: never) => ReturnType<typeof cascade>]> = {
  cascade: [of('shared', 'cascade'), { steps: two }, cascade],
  alloy: [of('shared', 'alloy'), { constituents: two, random: () => 0 }, alloy],
  dispatcher: [of('shared', 'dispatcher'), { targets: two }, dispatcher],
  'dispatcher of rules': [of('shared', 'dispatcher'), { rules: [{ target: sized }] }, dispatcher],
  'sticky dispatcher': [
    of('dispatcher'),
    { id: 'd', targets: two, reevaluate: 'sticky', session: { store } },
    dispatcher,
  ],
  step: [of('member'), sized, (step) => cascade({ steps: [step, ...two] })],
  'step without a size': [of('member'), { model }, (step) => cascade({ steps: [step] })],
  constituent: [
    of('member', 'constituent'),
    sized,
    (each) => alloy({ constituents: [each, sized], random: () => 0 }),
  ],
  'nested primitive': [
    of('member'),
    {},
    (step) => cascade({ steps: [{ ...(step as object), model: cascade({ id: 'c', steps: two }) }] }),
  ],
  price: [of('price'), { input: 1, output: 2 }, (price) => cascade({ steps: [{ ...sized, price }] })],
  cooldown: [of('cooldown'), { failures: 1, ms: 1 }, (cooldown) => cascade({ steps: two, cooldown })],
  session: [
    of('session'),
    { store },
    (session) => dispatcher({ id: 'd', targets: two, reevaluate: 'sticky', session }),
  ],
  rule: [of('rule'), { target: sized }, (rule) => dispatcher({ rules: [rule], targets: two })],
  when: [
    of('when'),
    { hasTools: false },
    (when) => dispatcher({ rules: [{ when, target: sized }], targets: two }),
  ],
};

describe('an option that is undefined is as if it were left out', () => {
  it.each(Object.entries(places))('of a %s', async (_, [table, options, make]) => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const expected = await behaviourOf(make(options as never));
    for (const each of variants(table, options))
      expect(await behaviourOf(make(each as never))).toEqual(expected);
  });

  it('of an estimator, a fit check or a counter of media', () => {
    const none = { charsPerToken: undefined, bytesPerToken: undefined, safetyMargin: undefined };
    const { charsPerToken, bytesPerToken, safetyMargin } = none;
    expect(charRatio({ charsPerToken, safetyMargin }).id).toBe(charRatio().id);
    expect(byteRatio({ bytesPerToken, safetyMargin }).id).toBe(byteRatio().id);
    expect(scriptAware({ safetyMargin }).id).toBe(scriptAware().id);
    expect(tiktoken({ encoding: undefined, model: undefined, safetyMargin }).id).toBe(tiktoken().id);
    expect(() => mediaTokens({ detail: undefined })).not.toThrow();
    for (const each of variants(sizes, { contextWindow: 8000 })) expect(() => fitCheck(each)).not.toThrow();
  });

  it('in a gateway, where defaults of other levels hold', async () => {
    const model_defaults = { idleMs: 7, retries: 2, safetyMargin: 1.5, capacityFraction: 0.5 };
    const declared = {
      recommended: true,
      modelDefaults: model_defaults,
      models: [{ id: 'mock/a', contextWindow: 100_000, totalMs: 9 }],
      cascades: [{ id: 'c', steps: [{ model: 'mock/a' }] }],
      alloys: [{ id: 'x', constituents: [{ model: 'mock/a' }, { model: 'mock/a' }] }],
      dispatchers: [{ id: 'd', targets: [{ model: 'mock/a' }] }],
    };
    const inData = ({ options }: { readonly options: OptionTable }): Values =>
      undefinedIn(
        Object.fromEntries(
          Object.entries(options).filter(
            ([, { type }]) => !['function', 'store', 'estimator'].includes(type),
          ),
        ),
      );
    const {
      estimator: _,
      mediaTokens: __,
      ...shared
    } = inData(tables.shared) as { estimator?: never; mediaTokens?: never };
    const member = { ...inData(tables.member), ...inData(tables.counting) };
    const extra = {
      ...shared,
      ...inData(tables.inFile),
      ...inData(tables.named),
      ...inData(tables.counting),
    };
    const withUndefined = {
      ...declared,
      $schema: undefined,
      tokenizer: undefined,
      proxy: undefined,
      modelDefaults: { ...inData({ options: of('counting') }), ...model_defaults },
      models: declared.models
        .map(({ id, ...own }) => ({ ...member, model: undefined, ...own, id }))
        .map(({ model: ___, ...own }) => own),
      cascades: declared.cascades.map((own) => ({
        ...extra,
        ...inData(tables.cascade),
        ...own,
        steps: [{ ...member, model: 'mock/a' }],
      })),
      alloys: declared.alloys.map((own) => ({ ...extra, ...inData(tables.alloy), ...own })),
      dispatchers: declared.dispatchers.map(({ id, targets }) => {
        const { session: ____, ...own } = inData(tables.dispatcher) as { session?: never };
        return { ...extra, ...own, id, targets };
      }),
    };
    expect(parseGatewayConfig(withUndefined).problems).toEqual([]);
    const providers = { mock: answers };
    const [left, right] = [declared, withUndefined].map((data) =>
      createModelGateway(
        data as never,
        {
          providers,
          random: () => 0,
          undeclared: undefined,
          tiktoken: undefined,
          cooldownStore: undefined,
          sessionStore: undefined,
          mediaTokens: undefined,
          huggingFaceTokenizer: undefined,
        } as never,
      ),
    );
    for (const id of ['c', 'x', 'd', 'mock/a'])
      expect(await behaviourOf(right!.languageModel(id as never))).toEqual(
        await behaviourOf(left!.languageModel(id as never)),
      );
    const [step] = routerOf(right!.languageModel('c' as never))!.members;
    expect(step).toMatchObject({
      retries: 2,
      deadlines: { idleMs: 7, totalMs: 9 },
      limits: { declared: { ceiling: 50_000 } },
    });
  });
});
