import { InvalidConfigurationError } from 'ai-alloy';
import {
  createModelGateway,
  formatPath,
  GatewayConfigurationError,
  type GatewayData,
  parseGatewayConfig,
} from 'ai-alloy/gateway';
import { tiktoken } from 'ai-alloy/tiktoken';
import { describe, expect, it } from 'vitest';
import { answers } from '../support/models.ts';

/** Problems as lines: `models[0].context_window: …`. */
const problemsOf = (data: unknown): string[] =>
  parseGatewayConfig(data).problems.map(({ path, message }) => `${formatPath(path)}: ${message}`);

const sized = { id: 'a/b', context_window: '8K' };

describe('R-36: what is wrong with a configuration, with its place', () => {
  it.each([
    ['no table', 'text', ': "text": use a table with models, alloys, cascades or dispatchers'],
    ['nothing', undefined, ': missing'],
    ['an unknown part', { model: [] }, 'model: no such part of a gateway: did you mean "models"?'],
    ['a list that is none', { models: {} }, 'models: an object: use a list of at most 5000'],
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
      'models[0].chars_per_token: 3: there is a tokenizer beside it',
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
      'dispatchers[0].rules[0].when.between.from: "9": use a time of day',
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
      'cascades[0].max_buffered_parts: 5: it has no effect without after_content "buffer"',
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
});

function errorOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe('one report', () => {
  const data = {
    tokenizer: { kind: 'tiktokn' },
    models: [
      { id: 'a/b', context_window: 0 },
      { id: 'c/d', retries: 99 },
    ],
    cascades: [
      { id: 'k', steps: ['c/e'], warn_on_skip: 'yes' },
      { id: 'l', steps: ['l'] },
    ],
    dispatchers: [{ id: 'm', targets: ['a/b'], order: 'smallest' }],
  };

  it('has all problems, each once, in the order of the file', () => {
    expect(problemsOf(data).map((line) => line.split(': ')[0])).toEqual([
      'tokenizer.kind',
      'models[0].context_window',
      'models[1].retries',
      'cascades[0].steps[0]',
      'cascades[0].warn_on_skip',
      'cascades[1].steps[0]',
      'dispatchers[0].order',
    ]);
  });

  it('is one error of createModelGateway', () => {
    const construct = () => createModelGateway(data, { providers: answers });
    expect(construct).toThrow(InvalidConfigurationError);
    const error = errorOf(construct) as GatewayConfigurationError;
    expect(GatewayConfigurationError.isInstance(error)).toBe(true);
    expect(error.problems).toHaveLength(7);
    expect(error.message).toContain('the gateway has 7 problems:\n- tokenizer.kind: "tiktokn": ');
  });

  it('has no trouble that follows from another', () => {
    const alloys = [{ id: 'x', constituents: ['nowhere', { model: 'p', context_window: 99 }] }];
    expect(problemsOf({ alloys, dispatchers: [{ id: 'd', targets: ['x'] }] })).toHaveLength(1);
  });

  const pathsOf = (wrong: unknown): string[] => problemsOf(wrong).map((line) => line.split(': ')[0]!);
  const small = { model: 'p', context_window: 99 };

  it.each([
    [
      'of several members, beside a schema problem',
      {
        models: [sized, { id: 'a/c' }, { id: 'a/d', retries: 'x' }],
        alloys: [
          {
            id: 'x',
            min_context_window: '10K',
            constituents: [small, 'a/b', 'a/c', 'a/d', { ...small, contxt: 1 }, { ...small, id: 'z' }],
            redraw: 'never',
          },
        ],
      },
      [
        'models[2].retries',
        'alloys[0].constituents[0].context_window',
        'alloys[0].constituents[1]',
        'alloys[0].constituents[2]',
        'alloys[0].constituents[4].contxt',
        'alloys[0].constituents[5].context_window',
        'alloys[0].redraw',
      ],
    ],
    [
      'of members, options and ids of one primitive',
      {
        models: [sized],
        cascades: [
          { id: 'c', steps: ['a/b'] },
          {
            id: 'd',
            max_buffered_parts: 9,
            steps: [
              { model: 'c', retries: 1, id: 'same' },
              'nowhere',
              { model: 'a/b', id: 'same' },
              { model: 'c', vendor: 'openai' },
            ],
          },
        ],
      },
      [
        'cascades[1].max_buffered_parts',
        'cascades[1].steps[0].retries',
        'cascades[1].steps[1]',
        'cascades[1].steps[2].id',
        'cascades[1].steps[3].vendor',
      ],
    ],
    [
      'in a cycle and beside it',
      {
        cascades: [
          { id: 'c', steps: ['d', 'c', { model: 'e', retries: 1 }] },
          { id: 'd', steps: ['c'], max_buffered_parts: 9 },
          { id: 'e', steps: [small] },
        ],
        alloys: [{ id: 'x', min_context_window: 100, constituents: [small, 'c'] }],
      },
      [
        'cascades[0].steps[1]',
        'cascades[0].steps[2].retries',
        'cascades[1].steps[0]',
        'cascades[1].max_buffered_parts',
        'alloys[0].constituents[0].context_window',
      ],
    ],
    [
      'of several rules',
      {
        models: [sized, { id: 'a/c' }],
        dispatchers: [
          {
            id: 'd',
            rules: [
              { id: 'r', target: 'a/b', when: { min_input_tokens: '2K', max_input_tokens: 2000 } },
              { id: 'r', target: 'a/b', when: { metadata: {} } },
              {
                target: { model: 'a/c', capacity_fraction: 0.5 },
                when: { between: { from: '09:00', to: '09:00', time_zone: 'Mars' } },
              },
            ],
          },
        ],
      },
      [
        'dispatchers[0].rules[0].when.min_input_tokens',
        'dispatchers[0].rules[1].id',
        'dispatchers[0].rules[1].when.metadata',
        'dispatchers[0].rules[2].target.capacity_fraction',
        'dispatchers[0].rules[2].when.between.to',
        'dispatchers[0].rules[2].when.between.time_zone',
      ],
    ],
    [
      'of reevaluate',
      {
        models: [sized],
        dispatchers: [
          { id: 'd', targets: ['a/b'], reevaluate: 'worst_case', escalations: 1 },
          { id: 'e', targets: ['a/b'], assume_session_max_tokens: '9K', escalations: 1 },
          { id: 'f', targets: ['a/b'], reevaluate: 'sticky_escalate', escalations: 0 },
          { id: 'g', targets: ['a/b'], reevaluate: 'stiky', escalations: 1 },
        ],
      },
      [
        'dispatchers[0].assume_session_max_tokens',
        'dispatchers[0].escalations',
        'dispatchers[1].assume_session_max_tokens',
        'dispatchers[1].escalations',
        'dispatchers[2].escalations',
        'dispatchers[3].reevaluate',
      ],
    ],
  ])('has what only a primitive knows, too: %s', (_, wrong, paths) => {
    expect(pathsOf(wrong)).toEqual(paths);
  });

  it('names options as the file spells them, also those that are missing', () => {
    const targets = [{ model: 'p', contextWindow: 9 }];
    const words =
      'reevaluate "worst-case" needs it: say how many input tokens to reckon with, such as "128K"';
    expect(problemsOf({ dispatchers: [{ id: 'd', reevaluate: 'worst-case', targets }] })).toEqual([
      `dispatchers[0].assumeSessionMaxTokens: missing: ${words}`,
    ]);
    const alloys = [{ id: 'x', min_context_window: 9, constituents: ['maxInputTokens', 'b'] }];
    expect(problemsOf({ alloys, models: [{ id: 'maxInputTokens' }, { id: 'b' }] })).toEqual([
      'alloys[0].constituents[0]: context_window is missing: an alloy has to know what "maxInputTokens" holds: declare it, in tokens',
      'alloys[0].constituents[1]: context_window is missing: an alloy has to know what "b" holds: declare it, in tokens',
    ]);
  });

  it('goes on past what the primitives refuse', () => {
    const weak = (id: string) => ({
      id,
      min_context_window: 100,
      constituents: [
        { model: 'p', context_window: 99 },
        { model: 'q', context_window: 999 },
      ],
    });
    expect(problemsOf({ models: [{ id: 1 }], alloys: [weak('x'), weak('y')] })).toHaveLength(3);
  });
});

describe('what data can’t say', () => {
  const refusal = (config: GatewayData, options: object = {}): string => {
    try {
      createModelGateway(config, options);
    } catch (error) {
      if (GatewayConfigurationError.isInstance(error)) {
        return error.problems.map(({ path, message }) => `${formatPath(path)}: ${message}`).join('\n');
      }
      return (error as Error).message;
    }
    return 'none';
  };

  it.each([
    [
      'no provider',
      { models: [sized] },
      { providers: { openai: answers } },
      /^models\[0\]\.id: "a\/b": no provider has this prefix, there is only openai/,
    ],
    ['no providers', { models: [sized] }, {}, /there is none at all/],
    [
      'an inherited name',
      { models: [{ id: 'toString/x' }] },
      { providers: {} },
      /no provider has this prefix/,
    ],
    [
      'a key in place of a provider',
      { models: [sized] },
      { providers: { a: 'sk-1234' } },
      /^models\[0\]\.id: .*pass AI SDK providers/,
    ],
    ['no model', { models: [sized] }, { providers: () => undefined }, /gives no language model/],
    [
      'a provider that throws',
      { models: [sized] },
      {
        providers: () => {
          throw new Error('no such thing');
        },
      },
      /^models\[0\]\.id: "a\/b": no such thing/,
    ],
    [
      'a model of another age',
      { models: [sized] },
      { providers: () => ({ ...answers('x'), doGenerate() {}, specificationVersion: 'v1' }) },
      /^models\[0\]: "v1": the installed ai takes v2, v3, v4/,
    ],
    [
      'no provider for an entry',
      { cascades: [{ id: 'c', steps: [{ model: 'x/y', context_window: 9 }] }] },
      { providers: {} },
      /^cascades\[0\]\.steps\[0\]: "x\/y": no provider/,
    ],
    [
      'tiktoken that isn’t there',
      { models: [{ ...sized, tokenizer: { kind: 'tiktoken' } }] },
      { providers: answers },
      /^models\[0\]\.tokenizer\.kind: "tiktoken": it needs js-tiktoken/,
    ],
    [
      'tiktoken for all',
      { tokenizer: { kind: 'auto' }, models: [sized, { id: 'c/d' }] },
      { providers: answers },
      /^tokenizer\.kind: "auto": it needs js-tiktoken.*$/,
    ],
    [
      'a model without an encoding',
      { tokenizer: { kind: 'tiktoken', model: 'llama' }, models: [sized] },
      { providers: answers, tiktoken },
      /^tokenizer\.model: "llama": its encoding isn't known/,
    ],
    ['an unknown option', {}, { provider: {} }, /createModelGateway: options\.provider/],
    [
      'an unknown policy',
      {},
      { undeclared: 'ignore' },
      /undeclared is "ignore": use one of "error", "ai-sdk"/,
    ],
  ])('%s', (_, config, options, message) => {
    expect(refusal(config, options)).toMatch(message);
  });
});
