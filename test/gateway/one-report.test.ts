import { InvalidConfigurationError } from 'ai-alloy';
import {
  createModelGateway,
  formatPath,
  GatewayConfigurationError,
  parseGatewayConfig,
} from 'ai-alloy/gateway';
import { describe, expect, it } from 'vitest';
import { answers } from '../support/models.ts';

/** Problems as lines: `models[0].context_window: …`. */
const problemsOf = (data: unknown): string[] =>
  parseGatewayConfig(data).problems.map(({ path, message }) => `${formatPath(path)}: ${message}`);

const sized = { id: 'a/b', context_window: '8K' };

function errorOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe('R-36: one report', () => {
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
    const construct = () => createModelGateway(data as object, { providers: answers });
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
    [
      'behind a misspelt word that another option needs',
      {
        alloys: [
          {
            id: 'x',
            after_content: 'bufer',
            max_buffered_parts: 5,
            min_context_window: '16K',
            constituents: [
              { model: 'p', context_window: '8K' },
              { model: 'q', context_window: '32K' },
            ],
          },
        ],
      },
      ['alloys[0].after_content', 'alloys[0].constituents[0].context_window'],
    ],
  ])('has what only a primitive knows, too: %s', (_, wrong, paths) => {
    expect(pathsOf(wrong)).toEqual(paths);
  });

  it('has what only a provider knows of an entry that is wrong, too', () => {
    const models = [{ id: 'nope/b', context_window: '8X' }, { id: '' }, { id: 'a/b', capacity_fraction: 2 }];
    const construct = () => createModelGateway({ models } as object, { providers: { a: answers } });
    const { problems } = errorOf(construct) as GatewayConfigurationError;
    expect(problems.map(({ path }) => formatPath(path))).toEqual([
      'models[0].id',
      'models[0].context_window',
      'models[1].id',
      'models[2].capacity_fraction',
    ]);
  });

  it.each(['(unreadable)', 'unreadable'])('%s is but a name, also beside what is unreadable', (id) => {
    const config = {
      models: [{ id }, sized],
      cascades: [{ id: 'c', steps: [id, { model: id, retries: 1 }] }],
      dispatchers: [{ id: 'd', targets: ['a/b'], rules: [{ target: id }] }],
    };
    expect(createModelGateway(config, { providers: answers }).languageModel('c').modelId).toBe('c');
    const dispatchers = [{ id: 'd', targets: [{ model: 5 }, 'a/b'], rules: [{ target: id }, { when: {} }] }];
    expect(pathsOf({ ...config, models: [{ id, retries: 99 }, sized], dispatchers })).toEqual([
      'models[0].retries',
      'dispatchers[0].targets[0].model',
      'dispatchers[0].rules[1].target',
    ]);
  });

  it('names options as the file spells them, also those that are missing', () => {
    const targets = [{ model: 'p', contextWindow: 9 }];
    const words = "reevaluate 'worst-case' needs it: say how many input tokens to expect, such as '128K'";
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
