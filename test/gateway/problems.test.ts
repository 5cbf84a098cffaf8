import { createModelGateway, formatPath, parseGatewayConfig } from 'ai-alloy/gateway';
import { describe, expect, it, vi } from 'vitest';
import { answers } from '../support/models.ts';

/** Problems as lines: `models[0].context_window: …`. */
const problemsOf = (data: unknown): string[] =>
  parseGatewayConfig(data).problems.map(({ path, message }) => `${formatPath(path)}: ${message}`);

const sized = { id: 'a/b', context_window: '8K' };

describe('R-36: what is wrong with a configuration, with its place', () => {
  it.each([
    ['no table', 'text', ': a string: use a table with models, alloys, cascades or dispatchers'],
    ['nothing', undefined, ': missing'],
    ['an unknown part', { model: [] }, 'model: no such part of a gateway: did you mean "models"?'],
    ['null', null, ': nothing is declared: use a table with models'],
    [
      'a list that is none',
      { models: { qwen: sized }, cascades: [{ id: 'c', steps: ['qwen'] }] },
      'models: an object: write it as a list: - id: … (TOML: [[models]])',
    ],
    [
      'a list with nothing in it',
      { models: null, cascades: [{ id: 'c', steps: ['x'] }] },
      'models: null: write it as a list',
    ],
    ['a table with nothing in it', { model_defaults: null }, 'model_defaults: null: use a table of options'],
    [
      'rules that are no list',
      { models: [sized], dispatchers: [{ id: 'd', rules: { target: 'a/b' } }] },
      'dispatchers[0].rules: an object: use a list of 0 to 500 rules: in TOML, each of them begins with [[…]]',
    ],
    [
      'a size',
      { models: [{ id: 'a', context_window: '1.5M' }] },
      'models[0].context_window: "1.5M": use a whole number of tokens above 0',
    ],
    [
      'no size at all',
      { models: [{ id: 'a', context_window: null }] },
      'models[0].context_window: null: use a whole number',
    ],
    [
      'a fraction',
      { models: [{ ...sized, capacity_fraction: 1.2 }] },
      'models[0].capacity_fraction: 1.2: use a number above 0 and at most 1',
    ],
    [
      'a fraction of nothing',
      { models: [{ id: 'a', capacityFraction: 0.5 }] },
      'models[0].capacityFraction: 0.5: declare the contextWindow',
    ],
    [
      'no id',
      { models: [{ context_window: 1 }] },
      'models[0].id: missing: use a name of 1 to 200 characters',
    ],
    [
      'a misspelt strategy',
      {
        models: [sized],
        alloys: [{ id: 'x', strategy: 'round_robbin', constituents: ['a/b', 'a/b'] }],
      },
      'alloys[0].strategy: "round_robbin": did you mean round-robin? use one of weighted, round-robin',
    ],
    [
      'a misspelt failure',
      { models: [sized], cascades: [{ id: 'x', fall_through_on: ['defualt'], steps: ['a/b'] }] },
      'cascades[0].fall_through_on[0]: "defualt": did you mean default? use one of timeout, ',
    ],
    [
      'a misspelt vendor',
      { models: [{ ...sized, vendor: 'qwem' }] },
      'models[0].vendor: "qwem": did you mean qwen? use one of ',
    ],
    [
      'a misspelt kind of tokenizer',
      { tokenizer: { kind: 'tiktokn' } },
      'tokenizer.kind: "tiktokn": did you mean tiktoken? use one of char-ratio, ',
    ],
    [
      'a misspelt encoding',
      { tokenizer: { kind: 'tiktoken', encoding: 'o200_base' } },
      'tokenizer.encoding: "o200_base": did you mean o200k_base? use one of gpt2, ',
    ],
    [
      'a misspelt strategy in the notation of calciforge',
      { proxy: { token_estimator: { strategy: 'byte-ration' } } },
      'proxy.token_estimator.strategy: "byte-ration": did you mean byte-ratio? use one of char-ratio, ',
    ],
    [
      'a misspelt option',
      { models: [{ ...sized, context_windw: 1 }] },
      'models[0].context_windw: no such option, did you mean "context_window"?',
    ],
    [
      'a key twice',
      { models: [{ ...sized, contextWindow: 1 }] },
      'models[0].contextWindow: also there as context_window: keep one of the two',
    ],
    [
      'sentencepiece',
      { tokenizer: { kind: 'sentencepiece' } },
      'tokenizer.kind: "sentencepiece": sentencepiece is not supported',
    ],
    [
      'sentencepiece by its alias',
      { proxy: { token_estimator: { strategy: 'tokenizer', tokenizer: 'sentencepiece' } } },
      'proxy.token_estimator.tokenizer: "sentencepiece": sentencepiece is not supported',
    ],
    [
      'a strategy that needs a tokenizer',
      { proxy: { token_estimator: { strategy: 'tokenizer', safety_margin: 1.2 } } },
      "proxy.token_estimator.tokenizer: missing: strategy 'tokenizer' needs it: name the kind",
    ],
    ...[
      ['char_ratio', 'byte_ratio'],
      ['tiktoken', 'char_ratio'],
      ['auto', 'o200k_base'],
    ].map(([strategy = '', tokenizer]): [string, unknown, string] => [
      `strategy ${strategy} beside ${tokenizer}`,
      { proxy: { token_estimator: { strategy, tokenizer } } },
      `proxy.token_estimator.tokenizer: "${tokenizer}": strategy ${strategy.replace('_', '-')} is another kind: keep one`,
    ]),
    [
      'both names of a tokenizer',
      { tokenizer: { kind: 'auto' }, proxy: { tokenEstimator: { strategy: 'auto' } } },
      'proxy.tokenEstimator: another name of tokenizer',
    ],
    [
      'a setting of another kind',
      { tokenizer: { kind: 'tiktoken', chars_per_token: 3 } },
      'tokenizer.chars_per_token: 3: kind tiktoken has no such setting',
    ],
    [
      'a tokenizer and a ratio',
      { models: [{ ...sized, tokenizer: { kind: 'auto' }, chars_per_token: 3 }] },
      'models[0].chars_per_token: 3: there is also a tokenizer',
    ],
    [
      'a strategy',
      {
        alloys: [
          {
            id: 'x',
            strategy: 'random',
            constituents: [
              { model: 'p', context_window: 9 },
              { model: 'q', context_window: 9 },
            ],
          },
        ],
      },
      'alloys[0].strategy: "random": use one of weighted, round-robin',
    ],
    [
      'one constituent',
      { alloys: [{ id: 'x', constituents: [{ model: 'p', context_window: 9 }] }] },
      'alloys[0].constituents: a list of 1: use a list of 2 to 500 models',
    ],
    [
      'a constituent below the minimum',
      {
        alloys: [
          {
            id: 'x',
            min_context_window: 100,
            constituents: [
              { model: 'p', context_window: 99 },
              { model: 'q', context_window: 999 },
            ],
          },
        ],
      },
      'alloys[0].constituents[0].context_window: 99: "p" is below min_context_window (100)',
    ],
    [
      'an option inside a member',
      { cascades: [{ id: 'c', steps: [{ model: 'p', context_window: 8, weight: 1 }] }] },
      'cascades[0].steps[0].weight: no such option',
    ],
    [
      'a misspelt option inside a member',
      { cascades: [{ id: 'c', steps: [{ model: 'p', context_window: 8, idle_mss: 1 }] }] },
      'cascades[0].steps[0].idle_mss: no such option, did you mean "idle_ms"?',
    ],
    [
      'a wrong value inside a member',
      { cascades: [{ id: 'c', steps: [{ model: 'p', context_window: '8' }] }] },
      'cascades[0].steps[0].context_window: "8": use a whole number of tokens',
    ],
    [
      'a failure kind',
      {
        models: [sized],
        cascades: [{ id: 'c', steps: ['a/b'], fall_through_on: ['rate_limit', 'expired'] }],
      },
      'cascades[0].fall_through_on[1]: "expired": use one of timeout, rate-limit',
    ],
    [
      'retries beside a primitive',
      {
        models: [sized],
        cascades: [
          { id: 'c', steps: ['a/b'] },
          { id: 'd', steps: [{ model: 'c', retries: 2 }] },
        ],
      },
      'cascades[1].steps[0].retries: 2: a primitive retries by its own',
    ],
    [
      'a tokenizer beside a primitive',
      {
        models: [sized],
        cascades: [
          { id: 'c', steps: ['a/b'] },
          { id: 'd', steps: [{ model: 'c', chars_per_token: 2 }] },
        ],
      },
      'cascades[1].steps[0].chars_per_token: 2: a primitive counts by its own options: set it there, or declare a context_window here',
    ],
    ['no targets', { dispatchers: [{ id: 'd' }] }, 'dispatchers[0].targets: missing: name a model at least'],
    [
      'a time',
      {
        models: [sized],
        dispatchers: [
          {
            id: 'd',
            rules: [{ target: 'a/b', when: { between: { from: '9', to: '10:00', time_zone: 'UTC' } } }],
          },
        ],
      },
      `dispatchers[0].rules[0].when.between.from: "9": use a time of day such as '22:00', two digits each`,
    ],
    [
      'a time zone',
      {
        models: [sized],
        dispatchers: [
          {
            id: 'd',
            rules: [{ target: 'a/b', when: { between: { from: '09:00', to: '10:00', time_zone: 'Mars' } } }],
          },
        ],
      },
      'dispatchers[0].rules[0].when.between.time_zone: "Mars": name a time zone',
    ],
    [
      'metadata',
      {
        models: [sized],
        dispatchers: [{ id: 'd', rules: [{ target: 'a/b', when: { metadata: { cost_tier: {} } } }] }],
      },
      'dispatchers[0].rules[0].when.metadata.cost_tier: an object: use a string, a number',
    ],
    [
      'empty metadata',
      { models: [sized], dispatchers: [{ id: 'd', rules: [{ target: 'a/b', when: { metadata: {} } }] }] },
      'dispatchers[0].rules[0].when.metadata: an object: it is empty: name what has to hold',
    ],
    [
      'equal ids of members',
      {
        models: [sized],
        cascades: [
          {
            id: 'c',
            steps: [
              { model: 'a/b', id: 'x' },
              { model: 'a/b', id: 'x' },
            ],
          },
        ],
      },
      'cascades[0].steps[1].id: "x": another member has that id',
    ],
    [
      'buffered parts without a buffer',
      { models: [sized], cascades: [{ id: 'c', steps: ['a/b'], max_buffered_parts: 5 }] },
      "cascades[0].max_buffered_parts: 5: it has no effect without after_content 'buffer'",
    ],
    [
      'a function',
      { models: [{ ...sized, name: () => 'x' }] },
      'models[0].name: a function, a function: use plain data',
    ],
    ['a date', { models: [{ ...sized, name: new Date(0) }] }, 'models[0].name: a date: use plain data'],
  ])('%s', (_, data, problem) => {
    expect(problemsOf(data)).toEqual([expect.stringContaining(problem)]);
    expect(problemsOf(data)[0]!.indexOf(problem)).toBe(0);
  });
});

describe('R-35: references', () => {
  it.each([
    [
      'unknown, with the nearest name',
      { models: [{ id: 'qwen' }], cascades: [{ id: 'c', steps: ['qwne'] }] },
      ['cascades[0].steps[0]: unknown model "qwne", did you mean "qwen"?'],
    ],
    [
      'unknown, in an entry',
      { models: [{ id: 'qwen' }], cascades: [{ id: 'c', steps: [{ model: 'nothing-like-it' }] }] },
      [
        'cascades[0].steps[0].model: unknown model "nothing-like-it": declare it under models, or give it a context_window here',
      ],
    ],
    [
      'unknown, in a rule',
      { models: [{ id: 'qwen' }], dispatchers: [{ id: 'd', rules: [{ target: 'dispacher/d' }] }] },
      ['dispatchers[0].rules[0].target: unknown model "dispacher/d", did you mean "dispatcher/d"?'],
    ],
    [
      'of another kind',
      {
        models: [sized],
        cascades: [{ id: 'c', steps: ['a/b'] }],
        dispatchers: [{ id: 'd', targets: ['alloy/c'] }],
      },
      ['dispatchers[0].targets[0]: unknown model "alloy/c", did you mean "cascade/c"?'],
    ],
    [
      'R-37: of another kind, with a size beside it, which is no model then',
      {
        models: [sized],
        cascades: [
          { id: 'fast', steps: ['a/b'] },
          { id: 'q', steps: [{ model: 'alloy/fast', context_window: '8K' }] },
        ],
      },
      ['cascades[1].steps[0].model: unknown model "alloy/fast", did you mean "cascade/fast"?'],
    ],
    [
      'R-37: to a primitive that is like none',
      { cascades: [{ id: 'q', steps: [{ model: 'dispatcher/elsewhere', context_window: '8K' }] }] },
      ['cascades[0].steps[0].model: unknown model "dispatcher/elsewhere": declare it'],
    ],
    [
      'to itself',
      { cascades: [{ id: 'a', steps: ['a'] }] },
      ['cascades[0].steps[0]: "a" contains itself: a → a: take one of them out'],
    ],
    [
      'in a cycle',
      {
        cascades: [{ id: 'a', steps: ['dispatcher/b'] }],
        dispatchers: [{ id: 'b', targets: ['cascade/a'] }],
      },
      ['dispatchers[0].targets[0]: "cascade/a" contains itself: a → b → a: take one of them out'],
    ],
    [
      'two models of one id',
      { models: [sized, sized] },
      ['models[1].id: duplicate id "a/b", models[0] has it: rename one'],
    ],
    [
      'a model and a primitive of one id',
      { models: [{ id: 'x' }], cascades: [{ id: 'x', steps: ['x'] }] },
      ['cascades[0].id: duplicate id "x", models[0] has it: rename one'],
    ],
    [
      'two primitives of one id',
      {
        models: [sized],
        cascades: [{ id: 'x', steps: ['a/b'] }],
        dispatchers: [{ id: 'x', targets: ['a/b'] }],
      },
      ['dispatchers[0].id: duplicate id "x", cascades[0] has it: rename one'],
    ],
    [
      'a model that is called like a primitive',
      { models: [{ id: 'cascade/x' }], cascades: [{ id: 'x', steps: ['cascade/x'] }] },
      ['cascades[0].id: duplicate id "cascade/x", models[0] has it: rename one'],
    ],
  ])('%s', (_, data, problems) => {
    expect(problemsOf(data)).toEqual(problems);
  });

  it('a model needs no declaration where its window is said', () => {
    expect(problemsOf({ cascades: [{ id: 'c', steps: [{ model: 'x/y', context_window: 9 }] }] })).toEqual([]);
  });

  it("undeclared: 'ai-sdk' leaves the others to the AI SDK", () => {
    const data = { cascades: [{ id: 'c', steps: ['openai/gpt-5'] }] };
    expect(parseGatewayConfig(data, { undeclared: 'ai-sdk' }).problems).toEqual([]);
    const gateway = createModelGateway(data, { undeclared: 'ai-sdk' });
    expect(gateway.languageModel('c').modelId).toBe('c');
  });

  it("R-37: undeclared: 'ai-sdk' takes a primitive's name for no model", () => {
    const data = { models: [sized], cascades: [{ id: 'c', steps: ['a/b'] }] };
    const wrong = { ...data, dispatchers: [{ id: 'd', targets: ['alloy/c'] }] };
    expect(parseGatewayConfig(wrong, { undeclared: 'ai-sdk' }).problems).toEqual([
      {
        path: ['dispatchers', 0, 'targets', 0],
        message: 'unknown model "alloy/c", did you mean "cascade/c"?',
      },
    ]);
    const gateway = createModelGateway(data, { undeclared: 'ai-sdk' });
    expect(() => gateway.languageModel('dispatcher/c')).toThrow(/did you mean "cascade\/c"/);
  });
});

describe('R-36: messages spell options as the configuration does', () => {
  const small = { models: ['x'] };
  it.each([
    ['a list of texts, which has no keys', small, 'use a table with id and context_window'],
    ['snake_case', { ...small, model_defaults: {} }, 'use a table with id and context_window'],
    ['camelCase', { ...small, modelDefaults: {} }, 'use a table with id and contextWindow'],
    ['both', { ...small, modelDefaults: {}, model_shortcuts: [] }, 'use a table with id and context_window'],
  ])('%s', (_, data, said) => {
    expect(problemsOf(data)).toEqual([`models[0]: a string: ${said}`]);
  });

  it('names of the application tell nothing', () => {
    const rules = [{ when: { metadata: { userTier: 'x' } }, target: 'b' }];
    expect(problemsOf({ models: ['x', { id: 'b' }], dispatchers: [{ id: 'd', rules }] })).toEqual([
      'models[0]: a string: use a table with id and context_window',
    ]);
  });

  it('a reference to a model that is not declared', () => {
    const data = { modelDefaults: {}, cascades: [{ id: 'c', steps: ['nothing-like-it'] }] };
    expect(problemsOf(data)).toEqual([
      'cascades[0].steps[0]: unknown model "nothing-like-it": declare it under models, or give it a contextWindow here',
    ]);
  });

  it.each(['context_window', 'contextWindow'])('a warning: %s', (contextWindow) => {
    const models = [{ id: 'any' }, { id: 'sized', [contextWindow]: '8K' }];
    const data = { models, dispatchers: [{ id: 'd', targets: ['any', 'sized'] }] };
    const said = expect.stringContaining(`declare its ${contextWindow}, or put it last`);
    expect(parseGatewayConfig(data)).toMatchObject({ problems: [], warnings: [said] });
    const logger = vi.fn<(warned: unknown) => void>();
    vi.stubGlobal('AI_SDK_LOG_WARNINGS', logger);
    createModelGateway(data as never, { providers: (id: string) => answers(id) });
    vi.stubGlobal('AI_SDK_LOG_WARNINGS', false);
    expect(logger.mock.calls).toEqual([
      [{ warnings: [{ type: 'other', message: said }], provider: 'ai-alloy', model: 'd' }],
    ]);
  });
});
