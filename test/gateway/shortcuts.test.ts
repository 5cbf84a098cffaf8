import { createProviderRegistry, generateText } from 'ai';
import { decisionOf, explain } from 'ai-alloy';
import { createModelGateway, formatPath, parseGatewayConfig, type GatewayData } from 'ai-alloy/gateway';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answers } from '../support/models.ts';

const models = [
  { id: 'openai/gpt-5', context_window: '400K' },
  { id: 'local/qwen', context_window: '32K' },
] as const;

const providers = (id: string) => answers(id);

const problemsOf = (data: unknown, undeclared: 'error' | 'ai-sdk' = 'error'): string[] =>
  parseGatewayConfig(data, { undeclared }).problems.map(
    ({ path, message }) => `${formatPath(path)}: ${message}`,
  );

const shortcut = (alias: string, model: string) => ({ alias, model });

describe('R-35: shortcuts', () => {
  const data = {
    models,
    model_shortcuts: [
      shortcut('auto', 'dispatcher/smart'),
      shortcut('best', 'gpt'),
      shortcut('gpt', 'openai/gpt-5'),
      shortcut('small', 'local/qwen'),
    ],
    alloys: [{ id: 'blend', constituents: ['gpt', { model: 'best', weight: 2 }] }],
    cascades: [{ id: 'safe', steps: ['best', { model: 'small', context_window: '8K' }] }],
    dispatchers: [
      {
        id: 'smart',
        targets: ['small', 'safe'],
        rules: [
          { when: { metadata: { tier: 'gold' } }, target: 'best' },
          { when: { metadata: { tier: 'free' } }, target: { model: 'small' } },
        ],
      },
    ],
  } as const;

  it('are ids to ask for, and members in every list', async () => {
    const gateway = createModelGateway(data, { providers });
    expect(gateway.ids.slice(0, 3)).toEqual(['openai/gpt-5', 'local/qwen', 'blend']);
    expect(gateway.ids.slice(6)).toEqual(['smart', 'dispatcher/smart', 'auto', 'best', 'gpt', 'small']);
    expect(gateway.languageModel('auto')).toBe(gateway.languageModel('smart'));
    expect(gateway.languageModel('best')).toBe(gateway.languageModel('openai/gpt-5'));
    const result = await generateText({
      model: gateway.languageModel('auto'),
      prompt: 'Hi',
      providerOptions: { 'ai-alloy': { tier: 'gold' } },
    });
    expect(result.text).toBe('openai/gpt-5');
    expect(decisionOf(result)).toMatchObject({
      id: 'smart',
      rule: 0,
      order: ['openai/gpt-5', 'local/qwen', 'safe'],
    });
  });

  it('are resolved in decisions, which name the model', async () => {
    const gateway = createModelGateway(data, { providers });
    const idsOf = async (id: 'blend' | 'safe' | 'smart'): Promise<string[]> => {
      const { candidates } = await explain(gateway.languageModel(id), { prompt: 'Hi' });
      return candidates.map((each) => each.id);
    };
    expect(await idsOf('blend')).toEqual(['openai/gpt-5', 'openai/gpt-5#2']);
    expect(await idsOf('safe')).toEqual(['openai/gpt-5', 'local/qwen']);
    // A rule's table without options of its own names the target, whichever name it uses.
    expect(await idsOf('smart')).toEqual(['local/qwen', 'safe', 'openai/gpt-5', 'local/qwen#2']);
  });

  it('a rule uses the target that is the same model by another name', async () => {
    const targets = ['openai/gpt-5', 'small'];
    const rules = [{ target: 'gpt' }];
    const own = {
      models,
      model_shortcuts: data.model_shortcuts.slice(2),
      dispatchers: [{ id: 'd', targets, rules }],
    };
    const { candidates } = await explain(createModelGateway(own, { providers }).languageModel('d'), {
      prompt: 'Hi',
    });
    expect(candidates.map(({ id }) => id)).toEqual(['openai/gpt-5', 'local/qwen']);
  });

  it('are asked for through a registry of the AI SDK', async () => {
    const registry = createProviderRegistry({ my: createModelGateway(data, { providers }) });
    expect((await generateText({ model: registry.languageModel('my:best'), prompt: 'Hi' })).text).toBe(
      'openai/gpt-5',
    );
  });

  it('a normalised configuration has them, and means the same', () => {
    const { config } = parseGatewayConfig(data);
    expect(config?.modelShortcuts).toEqual([
      shortcut('auto', 'smart'),
      shortcut('best', 'openai/gpt-5'),
      shortcut('gpt', 'openai/gpt-5'),
      shortcut('small', 'local/qwen'),
    ]);
    expect(config?.cascades?.[0]?.steps).toEqual([
      'openai/gpt-5',
      { model: 'local/qwen', contextWindow: '8K' },
    ]);
    expect(parseGatewayConfig(config).config).toEqual(config);
  });

  it('to a model that is not declared declare it, without a size', async () => {
    const undeclared = {
      model_shortcuts: [shortcut('sonnet', 'anthropic/claude'), shortcut('fable', 'anthropic/claude')],
      cascades: [{ id: 'c', steps: [{ model: 'sonnet', context_window: '8K' }, 'anthropic/claude'] }],
    } as const;
    expect(problemsOf(undeclared)).toEqual([]);
    const { config } = parseGatewayConfig(undeclared);
    expect(config?.models).toBeUndefined();
    const gateway = createModelGateway(undeclared, { providers });
    expect(gateway.ids).toEqual(['c', 'cascade/c', 'anthropic/claude', 'sonnet', 'fable']);
    const { candidates } = await explain(gateway.languageModel('c'), { prompt: 'Hi' });
    expect(candidates.map(({ id, ceiling }) => [id, ceiling])).toEqual([
      ['anthropic/claude', 8192],
      ['anthropic/claude#2', null],
    ]);
    expect(() => createModelGateway(undeclared, { providers: { openai: providers } })).toThrow(
      'model_shortcuts[0].model: "anthropic/claude": no provider has this prefix',
    );
  });

  it('to a model that a member declares need no prefix', () => {
    const cascades = [{ id: 'c', steps: [{ model: 'qwen', context_window: '8K' }] }];
    expect(problemsOf({ cascades, model_shortcuts: [shortcut('q', 'qwen')] })).toEqual([]);
  });

  it('with undeclared models, lead to what the AI SDK resolves', () => {
    const own = { model_shortcuts: [shortcut('mini', 'gpt-5-mini')] };
    expect(problemsOf(own, 'ai-sdk')).toEqual([]);
    expect(problemsOf(own)).toEqual([
      'model_shortcuts[0].model: unknown model "gpt-5-mini": declare it under models',
    ]);
  });

  it.each<[string, GatewayData, string[]]>([
    [
      'a cycle',
      { model_shortcuts: [shortcut('a', 'b'), shortcut('b', 'c'), shortcut('c', 'b')] },
      ['model_shortcuts[2].model: "b" leads to itself: b → c → b: take one of them out'],
    ],
    [
      'to itself, in camelCase',
      { modelShortcuts: [shortcut('openai/gpt-5', 'openai/gpt-5')] },
      [
        'modelShortcuts[0].model: "openai/gpt-5" leads to itself: openai/gpt-5 → openai/gpt-5: take one of them out',
      ],
    ],
    [
      'a cycle with a primitive in it',
      { model_shortcuts: [shortcut('a', 'cascade/c')], cascades: [{ id: 'c', steps: ['a'] }] },
      ['cascades[0].steps[0]: "a" contains itself: c → a → c: take one of them out'],
    ],
    [
      'the name of a model',
      { models, model_shortcuts: [shortcut('local/qwen', 'openai/gpt-5')] },
      ['model_shortcuts[0].alias: "local/qwen": the model has that name already: rename one'],
    ],
    [
      'the name of a primitive',
      {
        models,
        model_shortcuts: [shortcut('cascade/c', 'openai/gpt-5')],
        cascades: [{ id: 'c', steps: ['local/qwen'] }],
      },
      ['model_shortcuts[0].alias: "cascade/c": the cascade has that name already: rename one'],
    ],
    [
      'the name of another',
      { models, model_shortcuts: [shortcut('a', 'local/qwen'), shortcut('a', 'openai/gpt-5')] },
      ['model_shortcuts[1].alias: "a": another shortcut has that name already: rename one'],
    ],
    [
      'to a misspelt model',
      { models, model_shortcuts: [shortcut('a', 'local/qwne')] },
      ['model_shortcuts[0].model: unknown model "local/qwne", did you mean "local/qwen"?'],
    ],
    [
      'to a misspelt shortcut',
      { models, model_shortcuts: [shortcut('quick', 'local/qwen'), shortcut('b', 'quikc')] },
      ['model_shortcuts[1].model: unknown model "quikc", did you mean "quick"?'],
    ],
    [
      'to a primitive that is another kind of primitive',
      {
        cascades: [{ id: 'c', steps: ['a/b'] }],
        models: [{ id: 'a/b' }],
        model_shortcuts: [shortcut('a', 'alloy:c')],
      },
      ['model_shortcuts[0].model: unknown model "alloy:c", did you mean "cascade/c"?'],
    ],
    [
      'to a primitive that is not there',
      { model_shortcuts: [shortcut('a', 'alloy/x')] },
      ['model_shortcuts[0].model: unknown model "alloy/x": declare it'],
    ],
  ])('%s', (_, wrong, expected) => {
    expect(problemsOf(wrong)).toEqual(expected);
  });

  it('with a problem cause no further ones where they are used', () => {
    const members = ['a', 'unreadable', { model: 'a', context_window: '8K' }];
    const wrong = {
      models,
      model_shortcuts: [shortcut('a', 'a'), shortcut('unreadable', 'nothing at all')],
      cascades: [{ id: 'c', steps: [...members, { modl: 'x' }] }],
      alloys: [{ id: 'x', constituents: members }],
      dispatchers: [{ id: 'd', targets: members, rules: [{ target: 'a' }] }],
    };
    expect(problemsOf(wrong).map((line) => line.split(': ')[0])).toEqual([
      'model_shortcuts[0].model',
      'model_shortcuts[1].model',
      'cascades[0].steps[3].model',
      'cascades[0].steps[3].modl',
    ]);
  });

  it('say nothing of what an unreadable list may declare', () => {
    const torn = {
      cascades: 'none',
      model_shortcuts: [shortcut('a', 'safe'), shortcut('b', 'cascade/safe')],
    };
    expect(problemsOf(torn).map((line) => line.split(': ')[0])).toEqual(['cascades']);
  });

  it('written as a table, or by the words of other routers', () => {
    expect(problemsOf({ models, model_shortcuts: { a: 'local/qwen' } })).toEqual([
      'model_shortcuts: an object: write it as a list: - alias: … (TOML: [[model_shortcuts]])',
    ]);
    expect(problemsOf({ models, model_group_alias: { a: 'local/qwen' }, chat_mode: [] })[0]).toBe(
      'model_group_alias: no such part of a gateway: did you mean "model_shortcuts"?',
    );
    expect(problemsOf({ model_shortcuts: [{ name: 'a', to: 'x/y' }] })).toEqual(
      expect.arrayContaining([
        'model_shortcuts[0].name: no such option, did you mean "alias"?',
        'model_shortcuts[0].to: no such option, did you mean "model"?',
      ]),
    );
  });

  it('any chain leads where it ends, in any order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 12 }),
        fc.integer(),
        (aliases, seed) => {
          const chain = aliases.map((alias, index) => shortcut(alias, aliases[index + 1] ?? 'x/last'));
          const shuffled = chain.toSorted(
            (a, b) => ((a.alias.charCodeAt(0) * seed) % 7) - ((b.alias.charCodeAt(0) * seed) % 7),
          );
          const { config } = parseGatewayConfig({ model_shortcuts: shuffled });
          expect(config?.modelShortcuts?.map(({ model }) => model)).toEqual(aliases.map(() => 'x/last'));
        },
      ),
    );
  });

  it('thousands of them are read in bounded time', () => {
    const many = Array.from({ length: 5000 }, (_, index) => shortcut(`a${index}`, `a${index + 1}`));
    expect(problemsOf({ model_shortcuts: many })).toEqual([
      'model_shortcuts[4999].model: unknown model "a5000", did you mean "a500"?',
    ]);
    const circle = [...many.slice(0, -1), shortcut('a4999', 'a0')];
    expect(problemsOf({ model_shortcuts: circle })).toHaveLength(1);
  });
});

describe('R-35: models as the name of steps and targets', () => {
  const aliased = {
    models,
    cascades: [{ id: 'c', models: ['local/qwen', { model: 'openai/gpt-5', timeout: 5 }] }],
    dispatchers: [{ id: 'd', models: ['c', 'local/qwne'], order: 'smalest_first' }],
  };

  it('is normalised', () => {
    const right = {
      models,
      cascades: [{ id: 'c', models: ['local/qwen'] }],
      dispatchers: [{ id: 'd', models: ['c', { model: 'local/qwen' }] }],
    };
    expect(parseGatewayConfig(right).config).toMatchObject({
      cascades: [{ id: 'c', steps: ['local/qwen'] }],
      dispatchers: [{ id: 'd', targets: ['c', { model: 'local/qwen' }] }],
    });
  });

  it('is what problems are told about', () => {
    expect(problemsOf(aliased)).toEqual([
      'cascades[0].models[1].timeout: no such option, did you mean "total_ms"?',
      'dispatchers[0].models[1]: unknown model "local/qwne", did you mean "local/qwen"?',
      expect.stringContaining('dispatchers[0].order: "smalest_first": '),
    ]);
    expect(problemsOf({ models, cascades: [{ id: 'c', models: [] }] })).toEqual([
      'cascades[0].models: a list of 0: use a list of 1 to 500 models',
    ]);
  });

  it.each([
    [
      { cascades: [{ id: 'c', models: ['local/qwen'], steps: ['local/qwen'] }] },
      'cascades[0].steps: also there as models: keep steps',
    ],
    [
      { cascades: [{ id: 'c', steps: ['local/qwen'], models: [] }] },
      'cascades[0].models: also there as steps: keep steps',
    ],
    [
      { dispatchers: [{ id: 'd', targets: ['local/qwen'], models: ['x'] }] },
      'dispatchers[0].models: also there as targets: keep targets',
    ],
  ])('beside the other name, it says which to keep: %j', (data, problem) => {
    expect(problemsOf({ models, ...data })).toEqual([problem]);
  });

  it('is no name of constituents, nor of anything deeper', () => {
    expect(problemsOf({ models, alloys: [{ id: 'x', models: ['local/qwen', 'local/qwen'] }] })).toContain(
      'alloys[0].models: no such option, did you mean "constituents"?',
    );
    const rules = [{ target: 'local/qwen', models: 1 }];
    expect(problemsOf({ models, dispatchers: [{ id: 'd', rules }] })[0]).toMatch(
      /^dispatchers\[0\]\.rules\[0\]\.models: no such option/,
    );
  });
});
