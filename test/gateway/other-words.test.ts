import { formatPath, parseGatewayConfig } from 'ai-alloy/gateway';
import { describe, expect, it } from 'vitest';
import { allOptions } from '../../src/options/all.ts';

const small = { id: 'a/x', context_window: 8192 };
const large = { id: 'a/y', context_window: 16_384 };
const both = ['a/x', 'a/y'];

/** What is said of one place. */
function saidAt(data: object, place: string): string | undefined {
  const { problems } = parseGatewayConfig({ models: [small, large], ...data });
  return problems.find(({ path }) => formatPath(path) === place)?.message;
}

describe('R-36: the words of other routers', () => {
  it.each<[place: string, list: string, word: string, ours: string]>([
    ...['members', 'fallbacks', 'deployments', 'chain', 'targets', 'providers'].map(
      (word) => ['cascades', 'steps', word, 'steps'] as [string, string, string, string],
    ),
    ...['models', 'members', 'pool', 'steps', 'targets'].map(
      (word) => ['alloys', 'constituents', word, 'constituents'] as [string, string, string, string],
    ),
    ...['members', 'choices', 'default'].map(
      (word) => ['dispatchers', 'targets', word, 'targets'] as [string, string, string, string],
    ),
    ['dispatchers', '', 'routes', 'rules'],
    ['cascades', '', 'num_retries', 'retries'],
    ['cascades', '', 'max_retries', 'retries'],
    ['cascades', '', 'timeout', 'total_ms'],
    ['cascades', '', 'ttft', 'first_content_ms'],
    ['cascades', '', 'cooldown_time', 'cooldown'],
    ['cascades', '', 'retry_on', 'fall_through_on'],
    ['cascades', '', 'failover_criteria', 'fall_through_on'],
    ['cascades', '', 'max_tokens', 'default_output_tokens'],
    ['alloys', '', 'routing_strategy', 'strategy'],
    ['models', '', 'context_length', 'context_window'],
    ['models', '', 'num_ctx', 'context_window'],
    ['models', '', 'max_model_len', 'context_window'],
    ['models', '', 'max_tokens', 'max_output_tokens'],
    ['models', '', 'model_name', 'id'],
  ])('%s[].%s%s', (section, _, word, ours) => {
    const own = {
      models: { context_window: '8K' },
      cascades: { steps: both },
      alloys: { constituents: both },
      dispatchers: { targets: both },
    }[section];
    const data = { [section]: [{ id: 'mine', ...own, [word]: both }] };
    expect(saidAt(data, `${section}[0].${word}`)).toBe(`no such option, did you mean "${ours}"?`);
  });

  it.each<[entry: object, place: string, ours: string]>([
    [{ model_name: 'a/x' }, 'model_name', 'model'],
    [{ ref: 'a/x' }, 'ref', 'model'],
    [{ model: 'a/x', percent: 80 }, 'percent', 'weight'],
    [{ model: 'a/x', context_size: 8192 }, 'context_size', 'context_window'],
  ])('of a constituent %j', (entry, word, ours) => {
    const data = { alloys: [{ id: 'blend', constituents: [entry, 'a/y'] }] };
    expect(saidAt(data, `alloys[0].constituents[0].${word}`)).toBe(`no such option, did you mean "${ours}"?`);
  });

  it.each<[rule: object, place: string, ours: string]>([
    [{ if: {}, target: 'a/x' }, 'if', 'when'],
    [{ condition: {}, target: 'a/x' }, 'condition', 'when'],
    [{ when: {}, then: 'a/x' }, 'then', 'target'],
    [{ when: {}, model: 'a/x' }, 'model', 'target'],
    [{ when: { max_tokens: 5 }, target: 'a/x' }, 'when.max_tokens', 'max_input_tokens'],
    [{ when: { tags: { a: 1 } }, target: 'a/x' }, 'when.tags', 'metadata'],
    [{ when: { contains: 'x' }, target: 'a/x' }, 'when.contains', 'text'],
  ])('of a rule %j', (rule, word, ours) => {
    const data = { dispatchers: [{ id: 'd', rules: [rule] }] };
    expect(saidAt(data, `dispatchers[0].rules[0].${word}`)).toBe(`no such option, did you mean "${ours}"?`);
  });

  it.each([
    ['model_list', 'did you mean "models"?'],
    ['fallbacks', 'did you mean "cascades"?'],
    ['context_window_fallbacks', 'did you mean "cascades"?'],
    ['Router', 'did you mean "dispatchers"?'],
    ['targets', 'did you mean "dispatchers"?'],
    ['Providers', 'set it in code'],
    ['router_settings', 'set options on the alloy, cascade or dispatcher'],
    ['plugins', 'there are $schema, tokenizer, model_defaults'],
  ])('of a part %s', (part, remedy) => {
    expect(saidAt({ [part]: [] }, part)).toContain(`no such part of a gateway: ${remedy}`);
  });

  it.each([
    ['api_key', 'set it in code, on the providers that you pass'],
    ['litellm_params', 'set it in code'],
    ['provider', 'it is the prefix of the id: provider/model'],
  ])('of a model %s, which has no name here', (word, advice) => {
    expect(saidAt({ models: [{ ...small, [word]: 'x' }] }, `models[0].${word}`)).toContain(
      `no such option: ${advice}`,
    );
  });

  it.each<[unknown, string]>([
    [429, 'rate-limit'],
    [503, 'server-error'],
    ['408', 'timeout'],
    ['http_401', 'auth'],
    ['RateLimitError', 'rate-limit'],
    ['AuthenticationError', 'auth'],
  ])('of a failure %j', (failure, kind) => {
    const data = { cascades: [{ id: 'c', steps: both, fall_through_on: [failure] }] };
    expect(saidAt(data, 'cascades[0].fall_through_on[0]')).toContain(
      `did you mean ${kind}? use one of timeout, rate-limit`,
    );
  });

  it.each([
    ['cascade:safe', 'cascade/safe'],
    ['alloy:safe', 'cascade/safe'],
    ['cascades/safe', 'cascade/safe'],
    ['cascade.safe', 'cascade/safe'],
    ['@cascade/safe', 'cascade/safe'],
    ['group:safe', 'cascade/safe'],
    ['model:a/x', 'a/x'],
    ['openrouter/a/x', 'a/x'],
    ['a:x', 'a/x'],
    ['claude-x', 'anthropic/claude-x'],
    ['x', 'a/x'],
  ])('of a reference %s', (reference, meant) => {
    const data = {
      models: [small, large, { id: 'anthropic/claude-x' }],
      cascades: [{ id: 'safe', steps: both }],
      dispatchers: [{ id: 'd', targets: [reference] }],
    };
    expect(saidAt(data, 'dispatchers[0].targets[0]')).toBe(
      `unknown model "${reference}", did you mean "${meant}"?`,
    );
  });
});

describe('R-36: with undeclared "ai-sdk"', () => {
  const referring = (reference: string): readonly string[] =>
    parseGatewayConfig(
      {
        models: [{ id: 'anthropic/claude-sonnet-4-5', context_window: 200_000 }, { id: 'openai/gpt-4.1' }],
        cascades: [{ id: 'safe', steps: ['openai/gpt-4.1'] }],
        dispatchers: [{ id: 'd', targets: [reference] }],
      },
      { undeclared: 'ai-sdk' },
    ).problems.map(({ message }) => message);

  it.each([
    ['cascade:safe', 'cascade/safe'],
    ['anthropic/claude-sonet-4-5', 'anthropic/claude-sonnet-4-5'],
    ['anthropic/claude-sonnet-4.5', 'anthropic/claude-sonnet-4-5'],
    ['Anthropic/claude-sonnet-4-5', 'anthropic/claude-sonnet-4-5'],
    ['anthropic:claude-sonnet-4-5', 'anthropic/claude-sonnet-4-5'],
    ['opneai/gpt-4.1', 'openai/gpt-4.1'],
  ])('%s is taken for a slip', (reference, meant) => {
    expect(referring(reference)).toEqual([`unknown model "${reference}", did you mean "${meant}"?`]);
  });

  it.each([
    'anthropic/claude-sonnet-4',
    'anthropic/claude-opus-4-5',
    'openai/gpt-4o',
    'openai/gpt-4.1-mini',
    'openai/gpt-5',
    'xai/grok-4',
  ])('%s is left to the AI SDK', (reference) => {
    expect(referring(reference)).toEqual([]);
  });
});

describe('R-36: options that only code has', () => {
  const gateway = (option: string) =>
    `only in code: pass ${option} to loadModelGateway or createModelGateway`;
  const member =
    'only in code: make an alloy, cascade or dispatcher there, whose members are gateway.languageModel(id)';

  it.each([
    ['accept_answer', member],
    ['acceptAnswer', member],
    ['shorten', member],
    ['on_decision', 'only in code: call onDecision of ai-alloy, which reports every call'],
    ['media_tokens', gateway('mediaTokens')],
    ['session', gateway('sessionStore')],
    ['random', gateway('random')],
  ])('%s', (option, said) => {
    expect(saidAt({ alloys: [{ id: 'a', constituents: both, [option]: {} }] }, `alloys[0].${option}`)).toBe(
      said,
    );
  });

  it.each([
    ['session_store', gateway('sessionStore')],
    ['cooldown_store', gateway('cooldownStore')],
    ['tiktoken', gateway('tiktoken')],
    ['undeclared', gateway('undeclared')],
  ])('%s at the top', (part, said) => {
    expect(saidAt({ [part]: {} }, part)).toBe(said);
  });

  it('inside members, rules, conditions and cooldowns', () => {
    const rule = { when: { predicate: 'x' }, when_ms: 5, target: 'a/x' };
    const data = {
      cascades: [
        { id: 'c', steps: [{ model: 'a/x', transform: 'x' }], cooldown: { failures: 1, ms: 5, store: {} } },
      ],
      dispatchers: [{ id: 'd', targets: both, rules: [rule] }],
    };
    expect(saidAt(data, 'cascades[0].steps[0].transform')).toBe(member);
    expect(saidAt(data, 'cascades[0].cooldown.store')).toBe(gateway('cooldownStore'));
    expect(saidAt(data, 'dispatchers[0].rules[0].when_ms')).toBe(member);
    expect(saidAt(data, 'dispatchers[0].rules[0].when.predicate')).toBe(member);
  });

  it('no option of the tables is denied as if there were none of that name', () => {
    const { shared, alloy, cascade, dispatcher, member: ofMember, constituent } = allOptions();
    const named = (...tables: readonly { readonly options: object }[]): object =>
      Object.fromEntries(tables.flatMap(({ options }) => Object.keys(options)).map((name) => [name, 1]));
    const { problems } = parseGatewayConfig({
      models: [named(ofMember)],
      alloys: [
        named(shared, alloy),
        { id: 'a', constituents: [named(ofMember, constituent), named(ofMember, constituent)] },
      ],
      cascades: [named(shared, cascade)],
      dispatchers: [named(shared, dispatcher)],
    });
    const denied = problems.filter(({ message }) => message.includes('no such option: there are'));
    expect(denied.map(({ path }) => formatPath(path))).toEqual([]);
    expect(problems.filter(({ message }) => message.startsWith('only in code')).length).toBeGreaterThan(10);
  });
});
