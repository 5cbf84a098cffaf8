import { readFileSync } from 'node:fs';
import { gatewayJsonSchema, parseGatewayConfig } from 'ai-alloy/gateway';
import { readGatewayFile } from 'ai-alloy/load';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { example } from './example.ts';

const schema = gatewayJsonSchema();
const ajv = new Ajv({ allErrors: true, strictTypes: false });
const validate = ajv.compile(schema);
const errorsOf = (data: unknown): unknown[] => (validate(data) ? [] : validate.errors!);

describe('the JSON Schema', () => {
  it('is the one that the package ships: npm run schema writes it', () => {
    const file = new URL('../../gateway.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema);
  });

  it('has keys in both spellings, with descriptions and defaults', () => {
    expect(schema['$schema']).toBe('http://json-schema.org/draft-07/schema#');
    expect(Object.keys(schema['properties'] as object)).toEqual(
      expect.arrayContaining(['$schema', 'model_defaults', 'modelDefaults', 'dispatchers', 'proxy']),
    );
    const text = JSON.stringify(schema);
    expect(text).toContain('"context_window":');
    expect(text).toContain('"contextWindow":');
    expect(text).toContain('"round_robin"');
    expect(text).toMatch(/"description":"Whether to use the input tokens[^"]*","default":true/);
  });

  it('names its definitions', () => {
    const names = Object.keys(schema['definitions'] as object);
    expect(names).toEqual(expect.arrayContaining(['variable', 'tokens', 'model', 'member', 'dispatcher']));
    expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
  });
});

const models = [{ id: 'a/b', context_window: '8K' }, { id: 'a/c' }];
const cascade = (rest: object) => ({ models, cascades: [{ id: 'c', steps: ['a/b'], ...rest }] });
const dispatcher = (rest: object) => ({ models, dispatchers: [{ id: 'd', targets: ['a/b'], ...rest }] });
const alloy = (rest: object) => ({
  models: [{ id: 'a/b', context_window: '8K' }],
  alloys: [{ id: 'x', constituents: ['a/b', 'a/b'], ...rest }],
});
const cooldown = { failures: 1, ms: 5 };
const rule = (when: object) => dispatcher({ rules: [{ target: 'a/b', when }] });
const time = { from: '22:00', to: '06:00', timeZone: 'UTC' };

describe('R-36: the JSON Schema and the parser agree', () => {
  it.each<[string, unknown]>([
    ['the example', example],
    ['the example as it is parsed', parseGatewayConfig(example).config],
    ['nothing', {}],
    ['its own address', { $schema: './gateway.schema.json', models }],
    ['an alias', { proxy: { token_estimator: { strategy: 'tokenizer', tokenizer: 'cl100k_base' } } }],
    ['the other name of steps', { models, cascades: [{ id: 'c', models: ['a/b'] }] }],
    ['the other name of targets', { models, dispatchers: [{ id: 'd', models: [{ model: 'a/b' }] }] }],
    ['a shortcut', { models, model_shortcuts: [{ alias: 'b', model: 'a/b' }] }],
    ['a shortcut in camelCase', { models, modelShortcuts: [{ alias: 'b', model: 'a/b' }] }],
    ['all of a fraction', { models: [{ id: 'a', capacity_fraction: 1 }] }],
    ['a fraction of an input limit', { models: [{ id: 'a', capacityFraction: 0.5, maxInputTokens: '1K' }] }],
    ['a kind and its setting', { tokenizer: { kind: 'byte_ratio', bytesPerToken: 2 } }],
    ['parts to buffer', cascade({ after_content: 'buffer', maxBufferedParts: 9 })],
    ['a failure kind', cascade({ fall_through_on: ['rate_limit', 'server-error'] })],
    ['the default failure kinds', cascade({ fall_through_on: ['default', 'auth'] })],
    ['escalations', dispatcher({ reevaluate: 'sticky_escalate', escalations: 2 })],
    ['the worst case', dispatcher({ reevaluate: 'worst-case', assume_session_max_tokens: '1K' })],
    ['a fallback on what', dispatcher({ fallback: true, fall_through_on: ['auth'], cooldown })],
    ['patience', dispatcher({ fallback: true, retries: 1, max_retry_after_ms: 5 })],
    ['what counts towards a rest', alloy({ fallback: false, fall_through_on: ['auth'], cooldown })],
    [
      'the largest size',
      {
        models: [
          { id: 'a', context_window: 1e12 },
          { id: 'b', context_window: '953674M' },
        ],
      },
    ],
    ['rules alone', dispatcher({ targets: [], rules: [{ target: 'a/b' }] })],
    ['a time', rule({ between: time, metadata: { tier: ['gold', 1, true], Own_Name: 'x' } })],
    [
      'both spellings in one file',
      cascade({ steps: [{ model: 'a/b', idle_ms: 5, totalMs: 5, vendor: 1.2 }] }),
    ],
  ])('%s is right', (_, data) => {
    expect(parseGatewayConfig(data).problems).toEqual([]);
    expect(errorsOf(data)).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['a list', []],
    ['an unknown part', { model: [] }],
    ['a part that is no list', { models: {} }],
    ['a part with nothing in it', { models: null }],
    ['nothing at all', null],
    ['no id', { models: [{ context_window: 8 }] }],
    ['an empty id', { models: [{ id: ' ' }] }],
    ['a size', { models: [{ id: 'a', context_window: '1.5M' }] }],
    ['a size that is too large', { models: [{ id: 'a', context_window: '9999999999M' }] }],
    ['a number that is too large', { models: [{ id: 'a', context_window: 1e12 + 1 }] }],
    ['a text that is', { models: [{ id: 'a', context_window: '1000000M' }] }],
    ['failures to fall through on without a fallback', dispatcher({ fall_through_on: ['auth'] })],
    ['a cooldown without one', dispatcher({ fallback: false, cooldown })],
    ['patience without one', dispatcher({ retries: 1, max_retry_after_ms: 5 })],
    ['failures of an alloy without one', alloy({ fallback: false, fallThroughOn: ['auth'] })],
    ['patience of an alloy without one', alloy({ fallback: false, retries: 1, maxRetryAfterMs: 5 })],
    ['a fraction', { models: [{ id: 'a', context_window: 8, capacity_fraction: 1.5 }] }],
    ['a fraction of nothing', { models: [{ id: 'a', capacityFraction: 0.5 }] }],
    ['a misspelt option', { models: [{ id: 'a', context_windw: 8 }] }],
    ['both spellings of an option', { models: [{ id: 'a', context_window: 8, contextWindow: 8 }] }],
    ['both spellings of a part', { model_defaults: {}, modelDefaults: {} }],
    ['two ratios', { model_defaults: { chars_per_token: 3, bytesPerToken: 3 } }],
    ['two ratios of a tokenizer', { tokenizer: { charsPerToken: 3, bytesPerToken: 3 } }],
    ['a tokenizer and a margin', { models: [{ id: 'a', tokenizer: { kind: 'auto' }, safety_margin: 2 }] }],
    ['a setting of another kind', { tokenizer: { kind: 'tiktoken', chars_per_token: 3 } }],
    ['a setting without its kind', { tokenizer: { encoding: 'o200k_base' } }],
    ['an encoding and a model', { tokenizer: { kind: 'tiktoken', encoding: 'gpt2', model: 'gpt-4o' } }],
    ['a kind', { tokenizer: { kind: 'sentencepiece' } }],
    ['a strategy that needs a tokenizer', { proxy: { token_estimator: { strategy: 'tokenizer' } } }],
    ['no steps', cascade({ steps: [] })],
    ['neither name of steps', { models, cascades: [{ id: 'c' }] }],
    ['both names of steps', cascade({ models: ['a/b'] })],
    ['both names of targets', dispatcher({ models: ['a/b'] })],
    ['no steps by the other name', { models, cascades: [{ id: 'c', models: [] }] }],
    ['no targets by the other name', { models, dispatchers: [{ id: 'd', models: [] }] }],
    ['that name of constituents', { models, alloys: [{ id: 'x', models: ['a/b', 'a/b'] }] }],
    ['a shortcut to nothing', { models, model_shortcuts: [{ alias: 'b' }] }],
    ['shortcuts as a table', { models, model_shortcuts: { b: 'a/b' } }],
    ['one constituent', { models, alloys: [{ id: 'x', constituents: ['a/b'] }] }],
    ['an option of another list', cascade({ steps: [{ model: 'a/b', weight: 2 }] })],
    ['an entry without a model', cascade({ steps: [{ id: 'x' }] })],
    ['parts to buffer without a buffer', cascade({ max_buffered_parts: 9 })],
    ['a failure kind', cascade({ fallThroughOn: ['expired'] })],
    ['half a cooldown', cascade({ cooldown: { ms: 5 } })],
    ['retries', cascade({ retries: 11 })],
    ['milliseconds', cascade({ deadline_ms: 0 })],
    ['neither targets nor rules', { models, dispatchers: [{ id: 'd' }] }],
    ['empty targets and rules', dispatcher({ targets: [], rules: [] })],
    ['no escalations', dispatcher({ reevaluate: 'sticky-escalate', escalations: 0 })],
    ['escalations where there are none', dispatcher({ reevaluate: 'sticky', escalations: 1 })],
    ['a worst case that is not said', dispatcher({ reevaluate: 'worst_case' })],
    ['a worst case of nothing', dispatcher({ assumeSessionMaxTokens: 8 })],
    ['a word', dispatcher({ reevaluate: 'stiky' })],
    ['empty metadata', rule({ metadata: {} })],
    ['metadata of an object', rule({ metadata: { tier: {} } })],
    ['an empty list of metadata', rule({ metadata: { tier: [] } })],
    ['half a time', rule({ between: { from: '22:00', timeZone: 'UTC' } })],
    ['a time without a zone', rule({ between: { from: '22:00', to: '06:00' } })],
    ['a time of day', rule({ between: { ...time, from: '24:00' } })],
    ['an unknown condition', rule({ tools: true })],
    ['a rule without a target', dispatcher({ rules: [{ when: { has_tools: true } }] })],
  ])('%s is wrong', (_, data) => {
    expect(parseGatewayConfig(data).problems).not.toEqual([]);
    expect(errorsOf(data)).not.toEqual([]);
  });

  // What draft 7 can't say: what stands in one place has to do with what stands in another, or means something.
  it.each<[string, unknown]>([
    ['a size of which nothing is left', { models: [{ id: 'a', context_window: 1, capacity_fraction: 0.5 }] }],
    ['patience without retries', cascade({ max_retry_after_ms: 5 })],
    [
      'an order of no targets',
      dispatcher({ targets: [], rules: [{ target: 'a/b' }], order: 'smallest_first' }),
    ],
    ['a reference to nothing', cascade({ steps: ['a/x'] })],
    ['a shortcut to itself', { model_shortcuts: [{ alias: 'b', model: 'b' }] }],
    ['an id twice', { models: [...models, ...models] }],
    ['a member id twice', cascade({ steps: Array.from({ length: 2 }, () => ({ model: 'a/b', id: 'x' })) })],
    [
      'too small a constituent',
      { models, alloys: [{ id: 'x', constituents: ['a/b', 'a/b'], minContextWindow: '9K' }] },
    ],
    ['a fraction of a model without a size', cascade({ steps: [{ model: 'a/c', capacity_fraction: 0.5 }] })],
    ['retries beside a primitive', dispatcher({ targets: [{ model: 'd2', retries: 1 }], id: 'd' })],
    ['a rule that never matches', rule({ min_input_tokens: 9, max_input_tokens: 8 })],
    ['no time at all', rule({ between: { ...time, to: '22:00' } })],
    ['a time zone', rule({ between: { ...time, timeZone: 'Mars' } })],
    [
      'a ratio of a kind, by its alias',
      { proxy: { token_estimator: { strategy: 'auto', chars_per_token: 3 } } },
    ],
    ['two kinds', { proxy: { token_estimator: { strategy: 'tiktoken', tokenizer: 'char_ratio' } } }],
    ['two names of the tokenizer', { tokenizer: {}, proxy: { token_estimator: {} } }],
  ])('the parser alone knows that %s is wrong', (_, data) => {
    expect(parseGatewayConfig(data).problems).not.toEqual([]);
    expect(errorsOf(data)).toEqual([]);
  });
});

describe('the JSON Schema takes files as they are written', () => {
  const toml = readFileSync(new URL('../../examples/gateway/models.toml', import.meta.url), 'utf8');

  it('the example', async () => {
    const { data } = await readGatewayFile({ text: toml, format: 'toml' });
    expect(errorsOf(data)).toEqual([]);
  });

  it('variables in the place of values, and not of lists and tables', () => {
    const data = {
      tokenizer: { kind: '${KIND}', safety_margin: '${MARGIN:-1.1}' },
      models: [
        { id: '${ID}', context_window: '${WINDOW:-8K}', capacity_fraction: '${FRACTION}', vendor: '${V}' },
      ],
      cascades: [{ id: 'c', steps: ['${STEP}'], warn_on_skip: '${WARN}', retries: '${RETRIES}' }],
      dispatchers: [
        { id: 'd', targets: ['c'], reevaluate: '${WHEN}' },
        { id: 'e', targets: ['c'], reevaluate: '${WHEN}', escalations: '${MANY}' },
        {
          id: 'f',
          rules: [{ target: 'c', when: { metadata: { t: '${T}' }, between: { ...time, from: '${T}' } } }],
        },
      ],
    };
    expect(errorsOf(data)).toEqual([]);
    for (const wrong of [
      { models: '${MODELS}' },
      { tokenizer: '${T}' },
      { models: [{ id: 'a', retries: 'N' }] },
    ]) {
      expect(errorsOf(wrong)).not.toEqual([]);
    }
  });
});
