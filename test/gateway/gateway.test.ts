import { NoSuchModelError } from 'ai';
import { decisionOf, explain } from 'ai-alloy';
import {
  createModelGateway,
  parseGatewayConfig,
  type GatewayData,
  type MemberConfig,
} from 'ai-alloy/gateway';
import { tiktoken } from 'ai-alloy/tiktoken';
import { describe, expect, it, vi } from 'vitest';
import { answers, callOf, generated, textOfTokens } from '../support/models.ts';
import { example } from './example.ts';

const providers = (id: string) => answers(id);
const gateway = createModelGateway(example, { providers, tiktoken });

const demandOf = async (model: ReturnType<typeof gateway.languageModel>, text = 'x'.repeat(3500)) =>
  (await explain(model, { prompt: text })).candidates.map(({ demand }) => demand);

describe('R-35: the example of the format', () => {
  it('loads', () => {
    expect(parseGatewayConfig(example).problems).toEqual([]);
    expect(gateway.ids).toEqual([
      'local/qwen3.5-35b',
      'opencode-go/kimi-k2.6',
      'fast-smart-blend',
      'alloy/fast-smart-blend',
      'kimi-with-fallback',
      'cascade/kimi-with-fallback',
      'kimi-smart',
      'dispatcher/kimi-smart',
      'cost-aware',
      'dispatcher/cost-aware',
    ]);
  });

  it('sends a small request to the small model', async () => {
    expect(await generated(gateway.languageModel('kimi-smart') as never, callOf('Hi'))).toBe(
      'local/qwen3.5-35b',
    );
  });

  it('has the sizes that it reads', async () => {
    const { candidates } = await explain(gateway.languageModel('kimi-smart'), { prompt: 'Hi' });
    const sizes = candidates.map(({ id, ceiling }) => [id, ceiling]);
    expect(sizes[0]).toEqual(['local/qwen3.5-35b', 24_576]);
    expect(sizes[1]![0]).toBe('fast-smart-blend');
    expect(sizes[2]![0]).toBe('kimi-with-fallback');
    const cascade = await explain(gateway.languageModel('kimi-with-fallback'), { prompt: 'Hi' });
    expect(cascade.candidates.map(({ ceiling }) => ceiling)).toEqual([222_822, 24_576]);
    const alloy = await explain(gateway.languageModel('alloy/fast-smart-blend'), { prompt: 'Hi' });
    expect(alloy.candidates.map(({ share, id }) => [id, share])).toEqual([
      ['gemini-2.5-flash', 0.8],
      ['claude-haiku-4-6', 0.2],
    ]);
  });

  it.each([
    ['a small request', 100, {}, 'local/qwen3.5-35b'],
    ['a larger one', 30_000, {}, /gemini|claude/],
    ['a larger one of a gold customer', 30_000, { tier: 'gold' }, 'opencode-go/kimi-k2.6'],
    ['a larger one of a silver customer', 30_000, { tier: 'silver' }, /gemini|claude/],
  ])('routes %s by the rules', async (_, tokens, metadata, answer) => {
    const call = callOf(textOfTokens(tokens), { providerOptions: { 'ai-alloy': metadata } });
    expect(await generated(gateway.languageModel('cost-aware') as never, call)).toMatch(answer);
  });

  it('normalises to what reads the same again', () => {
    const { config } = parseGatewayConfig(example);
    expect(config!.alloys![0]).toMatchObject({ strategy: 'weighted', minContextWindow: 200_000 });
    expect(config!.tokenizer).toEqual({ kind: 'char-ratio', charsPerToken: 3.5, safetyMargin: 1.1 });
    expect(config!.dispatchers![1]!.rules![1]!.when).toEqual({ metadata: { tier: 'gold' } });
    expect(parseGatewayConfig(config)).toEqual({ config, problems: [], warnings: [] });
  });
});

describe('R-31: when a target is picked', () => {
  it('per turn is what a dispatcher does', () => {
    const dispatchers = [{ id: 'd', reevaluate: 'per_turn', targets: ['a/b'] }];
    const { config, problems } = parseGatewayConfig({ models: [{ id: 'a/b' }], dispatchers });
    expect(problems).toEqual([]);
    expect(config!.dispatchers![0]!.reevaluate).toBe('per-turn');
  });

  it.each(['sticky', 'sticky_escalate', 'sticky-escalate', 'worst_case'])('%s', async (word) => {
    const assumed = word === 'worst_case' ? { assume_session_max_tokens: '100K' } : {};
    const config = {
      models: [
        { id: 'a/small', context_window: '32K' },
        { id: 'a/large', context_window: '256K' },
      ],
      dispatchers: [{ id: 'd', reevaluate: word, targets: ['a/small', 'a/large'], ...assumed }],
    };
    const sticky = createModelGateway(config, { providers: (id) => answers(id) as never });
    const { order, reason } = await explain(sticky.languageModel('d'), {
      messages: [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: [{ type: 'text', text: 'Yes.', providerOptions: { 'ai-alloy': { d: 'a/large' } } }],
        },
        { role: 'user', content: 'And now?' },
      ],
    });
    expect({ first: order![0], reason }).toEqual({
      first: 'a/large',
      reason: word === 'worst_case' ? 'worst-case' : 'sticky',
    });
  });

  it('what has no effect together has its place', () => {
    const dispatchers = [
      { id: 'd', reevaluate: 'sticky', assume_session_max_tokens: '1K', targets: ['a/b'] },
    ];
    const { problems } = parseGatewayConfig({ models: [{ id: 'a/b' }], dispatchers });
    expect(problems.map(({ path }) => path.slice(0, 2))).toEqual([['dispatchers', 0]]);
  });

  it('a session store keeps picks by session', async () => {
    const entries = new Map<string, string>();
    const sessionStore = {
      get: (key: string) => entries.get(key),
      set: (key: string, value: string) => void entries.set(key, value),
    };
    const sticky = createModelGateway(
      { models: [{ id: 'a/b' }], dispatchers: [{ id: 'd', reevaluate: 'sticky', targets: ['a/b'] }] },
      { providers: (id) => answers(id) as never, sessionStore },
    );
    const call = callOf('Hi', { providerOptions: { 'ai-alloy': { session: 's' } } as never });
    await sticky.languageModel('d').doGenerate(call as never);
    expect([...entries]).toEqual([['session:d:s', '["a/b"]']]);
  });

  it('R-45: it serves an alloy that keeps conversations as well', async () => {
    const entries = new Map<string, string>();
    const sessionStore = {
      get: (key: string) => entries.get(key),
      set: (key: string, value: string) => void entries.set(key, value),
    };
    const models = ['a', 'b'].map((id) => ({ id, context_window: 8000 }));
    const make = (redraw: 'call' | 'conversation', sharing: object) =>
      createModelGateway(
        { models, alloys: [{ id: 'blend', strategy: 'round_robin', redraw, constituents: ['a', 'b'] }] },
        { providers: (id) => answers(id) as never, ...sharing },
      ).languageModel('blend');
    const call = callOf('Hi', { providerOptions: { 'ai-alloy': { session: 's' } } as never });
    const blend = make('conversation', { sessionStore });
    for (let turn = 0; turn < 3; turn++) {
      expect(decisionOf(await blend.doGenerate(call as never))).toMatchObject({ answeredBy: 'a' });
    }
    expect([...entries]).toEqual([['session:blend:s', '["a"]']]);
    // The store is for them alone: others draw for each call.
    await make('call', { sessionStore }).doGenerate(call as never);
    expect(entries.size).toBe(1);
  });
});

describe('R-13: the levels of an estimator', () => {
  const levels = (model: object, primitive: object, rest: object): GatewayData => ({
    ...rest,
    models: [{ id: 'a/b', context_window: 100_000, ...model }],
    cascades: [{ id: 'c', steps: ['a/b'], ...primitive }],
  });
  const global = { tokenizer: { kind: 'script_aware' } };
  const defaults = { model_defaults: { bytes_per_token: 2 } };
  const primitive = { tokenizer: { kind: 'byte_ratio' } };

  it.each([
    ['built-in', {}, {}, {}, 'guarded-char-ratio(3.5, 1.1)'],
    ['global', {}, {}, global, 'script-aware(1.1)'],
    ['model defaults', {}, {}, { ...global, ...defaults }, 'byte-ratio(2, 1.15)'],
    ['primitive', {}, primitive, { ...global, ...defaults }, 'byte-ratio(3, 1.15)'],
    ['model', { chars_per_token: 3 }, primitive, global, 'char-ratio(3, 1.1)'],
    ['a bare margin keeps the kind', { safety_margin: 1.3 }, primitive, global, 'byte-ratio(3, 1.3)'],
    [
      'a kind starts from its defaults',
      { tokenizer: { kind: 'char-ratio' } },
      primitive,
      global,
      'char-ratio(3.5, 1.1)',
    ],
  ])('%s', async (_, model, holder, rest, estimator) => {
    const made = createModelGateway(levels(model, holder, rest), { providers });
    expect((await demandOf(made.languageModel('c')))[0]!.estimator).toBe(estimator);
  });

  it('a member’s inline value overrides the model’s own', async () => {
    const steps = [{ model: 'a/b', chars_per_token: 2, context_window: '1M' }, 'a/b'];
    const made = createModelGateway(levels({ chars_per_token: 3, capacity_fraction: 0.5 }, { steps }, {}), {
      providers,
    });
    const { candidates } = await explain(made.languageModel('c'), { prompt: 'Hi' });
    expect(candidates.map(({ id, ceiling, demand }) => [id, ceiling, demand.estimator])).toEqual([
      ['a/b', 524_288, 'char-ratio(2, 1.1)'],
      ['a/b#2', 50_000, 'char-ratio(3, 1.1)'],
    ]);
  });

  it.each([
    ['built-in', {}, {}, {}, 4096],
    ['model defaults', {}, {}, { model_defaults: { default_output_tokens: 100 } }, 100],
    [
      'primitive',
      {},
      { default_output_tokens: '1K' },
      { model_defaults: { default_output_tokens: 100 } },
      1024,
    ],
    ['model', { default_output_tokens: 7 }, { default_output_tokens: 9 }, {}, 7],
  ])('R-2: the output to reserve, by the %s', async (_, model, holder, rest, output) => {
    const made = createModelGateway(levels(model, holder, rest), { providers });
    expect((await demandOf(made.languageModel('c')))[0]!.output).toBe(output);
  });

  it('model defaults hold where neither a model, a member nor the primitive says', async () => {
    const made = createModelGateway(
      {
        model_defaults: { capacity_fraction: 0.5, retries: 1, anchor: false },
        models: [
          { id: 'a', context_window: 1000 },
          { id: 'b', context_window: 1000, capacity_fraction: 0.9 },
          { id: 'unsized' },
        ],
        cascades: [{ id: 'c', steps: ['a', 'b', 'unsized', { model: 'a', capacity_fraction: 0.1 }] }],
      },
      { providers },
    );
    const { candidates } = await explain(made.languageModel('c'), { prompt: 'Hi' });
    expect(candidates.map(({ ceiling }) => ceiling)).toEqual([500, 900, null, 100]);
  });

  it('auto is tiktoken for a model whose encoding is known', async () => {
    const config = {
      tokenizer: { kind: 'auto' },
      models: [{ id: 'openai/gpt-4o' }, { id: 'local/qwen' }],
      cascades: [{ id: 'c', steps: ['openai/gpt-4o', 'local/qwen'] }],
    };
    const made = createModelGateway(config, { providers, tiktoken });
    expect((await demandOf(made.languageModel('c'))).map(({ estimator }) => estimator)).toEqual([
      'tiktoken(o200k_base, 1.02)',
      'script-aware(qwen, 1.1)',
    ]);
  });

  it.each([
    [{ strategy: 'byte_ratio', bytes_per_token: 2 }, 'byte-ratio(2, 1.15)'],
    [{ strategy: 'tokenizer', tokenizer: 'tiktoken' }, 'tiktoken(o200k_base, 1.02)'],
    [{ strategy: 'tiktoken', tokenizer: 'cl100k_base' }, 'tiktoken(cl100k_base, 1.02)'],
    [{ strategy: 'tiktoken', tokenizer: 'p50k' }, 'tiktoken(p50k_base, 1.02)'],
    [{ tokenizer: 'gpt-2' }, 'tiktoken(gpt2, 1.02)'],
    [{ tokenizer: 'o200k_base', safety_margin: 1.5 }, 'tiktoken(o200k_base, 1.5)'],
    [{ strategy: 'char_ratio', tokenizer: 'char-ratio', chars_per_token: 3 }, 'char-ratio(3, 1.1)'],
    [{ strategy: 'char_ratio' }, 'char-ratio(3.5, 1.1)'],
  ])('proxy.token_estimator is another name of tokenizer: %j', async (token_estimator, estimator) => {
    const made = createModelGateway(levels({}, {}, { proxy: { token_estimator } }), { providers, tiktoken });
    expect((await demandOf(made.languageModel('c')))[0]!.estimator).toBe(estimator);
  });
});

describe('where models come from', () => {
  const models = [{ id: 'openai/gpt-5' }, { id: 'local/org/qwen' }];

  it('a provider is asked for what follows its prefix, * for whole ids', () => {
    const openai = vi.fn<(id: string) => ReturnType<typeof answers>>(answers);
    const languageModel = vi.fn<(id: string) => ReturnType<typeof answers>>(answers);
    createModelGateway(
      { models: [...models, { id: 'bare' }, { id: 'x/y' }] },
      {
        providers: { openai, local: { languageModel }, '*': openai },
      },
    );
    expect(openai.mock.calls).toEqual([['gpt-5'], ['bare'], ['x/y']]);
    expect(languageModel.mock.calls).toEqual([['org/qwen']]);
  });

  it('a registry is asked for whole ids', () => {
    const languageModel = vi.fn<(id: string) => ReturnType<typeof answers>>(answers);
    createModelGateway({ models }, { providers: { languageModel } });
    expect(languageModel.mock.calls).toEqual([['openai/gpt-5'], ['local/org/qwen']]);
  });

  it('each is asked for once', () => {
    const one = vi.fn<(id: string) => ReturnType<typeof answers>>(answers);
    createModelGateway(
      { models: [{ id: 'a/b' }], cascades: [{ id: 'c', steps: ['a/b', 'a/b'] }] },
      { providers: one },
    );
    expect(one).toHaveBeenCalledTimes(1);
  });

  it('a model by itself has its sizes', async () => {
    const made = createModelGateway({ models: [{ id: 'a/b', context_window: '8K' }] }, { providers });
    const { candidates } = await explain(made.languageModel('a/b'), { prompt: 'Hi' });
    expect(candidates).toMatchObject([{ id: 'a/b', ceiling: 8192, fits: true }]);
  });

  const others = ['imageModel', 'transcriptionModel', 'speechModel', 'rerankingModel', 'videoModel'] as const;

  it.each([...others, 'embeddingModel', 'textEmbeddingModel'] as const)(
    '%s is that of the provider, if it has one',
    (method) => {
      const openai = Object.assign((id: string) => answers(id), {
        [method]: (id: string) => (id === 'none' ? undefined : { id }),
      });
      const made = createModelGateway({}, { providers: { openai, local: answers } });
      expect(made[method]('openai/org/some')).toEqual({ id: 'org/some' });
      for (const id of [
        'openai/none',
        'local/some',
        'nobody/some',
        'some',
        'toString/some',
        undefined as never,
      ]) {
        expect(() => made[method](id)).toThrow(NoSuchModelError);
      }
      const whole = createModelGateway({}, { providers: { '*': openai } });
      expect(whole[method]('x/some')).toEqual({ id: 'x/some' });
      expect(createModelGateway({}, { providers: openai })[method]('some')).toEqual({ id: 'some' });
    },
  );

  it('embedding models have two names', () => {
    const made = (name: string) =>
      createModelGateway({}, { providers: { a: Object.assign(answers, { [name]: (id: string) => id }) } });
    expect(made('textEmbeddingModel').embeddingModel('a/b')).toBe('b');
    expect(made('embeddingModel').textEmbeddingModel('a/b')).toBe('b');
  });

  it('what there is not is a NoSuchModelError', () => {
    expect(() => gateway.embeddingModel('x')).toThrow(NoSuchModelError);
    expect(() => gateway.languageModel('kimi-smrt' as never)).toThrow(/did you mean "kimi-smart"/);
  });

  it('R-29: a rule that names a target is about that very member', async () => {
    const dispatchers = [
      {
        id: 'd',
        targets: [{ model: 'a/b', id: 'mine' }],
        rules: [{ target: 'a/b', when: { has_tools: true } }, { target: 'c/d' }],
      },
    ];
    const made = createModelGateway({ models: [{ id: 'a/b' }, { id: 'c/d' }], dispatchers }, { providers });
    const { candidates } = await explain(made.languageModel('d'), { prompt: 'Hi' });
    expect(candidates.map(({ id }) => id)).toEqual(['mine', 'c/d']);
  });

  it.each<[readonly (string | MemberConfig)[], string, number]>([
    [[{ model: 'a/b', contextWindow: '8K' }, { model: 'a/b' }, 'c/d'], 'a/b#2', 3],
    [['c/d', { model: 'a/b', contextWindow: '8K' }], 'a/b#2', 3],
  ])('R-29: a rule that names a model means it as declared: %j', async (targets, first, members) => {
    const made = createModelGateway(
      {
        models: [{ id: 'a/b', context_window: '16K' }, { id: 'c/d' }],
        dispatchers: [{ id: 'd', targets, rules: [{ target: 'a/b' }] }],
      },
      { providers },
    );
    const { candidates, order } = await explain(made.languageModel('d'), { prompt: 'Hi' });
    expect(order![0]).toBe(first);
    expect(candidates).toHaveLength(members);
    expect(candidates.find(({ id }) => id === first)!.ceiling).toBe(16_384);
  });

  it('what is not declared is no concern of the providers', () => {
    const one = vi.fn<(id: string) => ReturnType<typeof answers>>(answers);
    const steps = ['a/b', { model: 'c/d', context_window: '8K' }, 'e/f'] as const;
    createModelGateway(
      { models: [{ id: 'a/b' }], cascades: [{ id: 'c', steps }] },
      { providers: one, undeclared: 'ai-sdk' },
    );
    expect(one.mock.calls).toEqual([['a/b'], ['c/d']]);
  });

  it('R-27: a target without a size ahead of one that has one is warned of once, and told by a check', () => {
    const data = {
      models: [{ id: 'any' }, { id: 'sized', context_window: '8K' }],
      dispatchers: [
        { id: 'd', targets: ['any', 'sized'] },
        { id: 'sorted', order: 'smallest-first', targets: ['any', 'sized'] },
      ],
    } as const satisfies GatewayData;
    const logger = vi.fn();
    vi.stubGlobal('AI_SDK_LOG_WARNINGS', logger);
    const { warnings } = parseGatewayConfig(data);
    expect(warnings).toEqual([
      expect.stringMatching(/^dispatcher "d": target "any" has no size .* also after "sized": declare/),
    ]);
    expect(logger).not.toHaveBeenCalled();
    createModelGateway(data, { providers });
    expect(logger).toHaveBeenCalledTimes(1);
    const wrong = { ...data, cascades: [{ id: 'c', steps: ['nobody'] }] } as never;
    expect(() => createModelGateway(wrong, { providers })).toThrow('unknown model "nobody"');
    vi.stubGlobal('AI_SDK_LOG_WARNINGS', false);
  });

  it('R-18: an alloy that draws nothing has no use for a source of randomness', () => {
    const alloys = [{ id: 'x', strategy: 'round-robin', constituents: ['a', 'a'] }] as const;
    const data = { models: [{ id: 'a', context_window: '8K' }], alloys } as const;
    expect(() => createModelGateway(data, { providers, random: () => 0 })).not.toThrow();
  });
});
