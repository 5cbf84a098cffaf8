import type { MockLanguageModelV4 } from 'ai/test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  alloy,
  cascade,
  ContextWindowExceededError,
  decisionOf,
  dispatcher,
  explain,
  NoRuleMatchedError,
  type DispatcherRule,
  type RoutingModel,
  type RuleConditions,
  type RuleRequest,
} from '../../src/index.ts';
import {
  answers,
  callOf,
  callOfTokens,
  callsOf,
  errorOf,
  fails,
  textOfTokens,
  tooLong,
  type Call,
} from '../support/models.ts';

afterEach(() => void vi.useRealTimers());

const tool = { type: 'function', name: 'weather', inputSchema: { type: 'object' } } as const;
const image = { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } } as const;
const pdf = { type: 'file', mediaType: 'application/pdf', data: { type: 'data', data: 'AAAA' } } as const;

const said = (metadata: object): Partial<Call> => ({ providerOptions: { 'ai-alloy': metadata as never } });
const withParts = (...parts: readonly object[]): Call => ({
  prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }, ...parts] as never }],
});

const sizedAs = (id: string, contextWindow: number) => ({ id, model: answers(id), contextWindow });
const fitting: DispatcherRule = { target: sizedAs('small', 1000), fitsTarget: true };

/** A dispatcher whose one rule sends what it matches to `chosen`, and the rest to `other`. */
const withRule = (when: DispatcherRule['when']): RoutingModel =>
  dispatcher({ rules: [{ when, target: answers('chosen') }], targets: [answers('other')] });
const decisionFor = async (model: RoutingModel, call: Call) =>
  decisionOf(await Promise.resolve(model.doGenerate(call)).catch((error: unknown) => error))!;
const isChosen = async (when: DispatcherRule['when'], call: Call) =>
  (await decisionFor(withRule(when), call)).answeredBy === 'mock/chosen';

describe('R-29: rules', () => {
  it('the first that matches decides, and is in the decision', async () => {
    const model = dispatcher({
      rules: [
        { when: { text: 'never' }, target: answers('a') },
        { when: { hasTools: false }, target: answers('b') },
        { id: 'third', target: answers('c') },
      ],
      targets: [answers('d')],
    });
    expect(await decisionFor(model, callOf('Hi'))).toMatchObject({
      reason: 'rule',
      rule: 1,
      order: ['mock/b', 'mock/d'],
      answeredBy: 'mock/b',
    });
    expect(await decisionFor(model, callOf('Hi', { tools: [tool] }))).toMatchObject({ rule: 'third' });
    expect(await explain(model, { prompt: 'Hi' })).toMatchObject({ rule: 1, order: ['mock/b', 'mock/d'] });
  });

  it('where none matches, the targets are asked, and nobody else', async () => {
    const own = answers('own');
    const model = dispatcher({
      rules: [{ when: { text: 'never' }, target: own }],
      targets: [{ model: answers('small'), contextWindow: 20 }, answers('large')],
    });
    const decision = await decisionFor(model, callOf('Hi'));
    expect(decision).toMatchObject({ reason: 'first-fit', order: ['mock/large'], answeredBy: 'mock/large' });
    expect(decision.rule).toBeUndefined();
    expect(callsOf(own)).toBe(0);
  });

  it('without targets that is an error, before anything is sent', async () => {
    const own = answers('own');
    const model = dispatcher({ id: 'd', rules: [{ when: { text: 'never' }, target: own }] });
    const error = await errorOf(model.doGenerate(callOf('Hi')));
    expect(NoRuleMatchedError.isInstance(error)).toBe(true);
    expect(ContextWindowExceededError.isInstance(error)).toBe(false);
    expect(error).toMatchObject({ message: expect.stringMatching(/^dispatcher "d": no rule matches/) });
    expect(decisionOf(error)).toMatchObject({ id: 'd', candidates: [{ id: 'mock/own', fits: true }] });
    expect(callsOf(own)).toBe(0);
  });

  it.each<[string, readonly DispatcherRule[], RegExp]>([
    [
      'targets that rules fit',
      [
        { target: sizedAs('small', 1000), fitsTarget: true },
        { target: sizedAs('mid', 2000), fitsTarget: true },
      ],
      /small: (at least )?\d+ input .* ceiling 1000; mid: (at least )?\d+ input .* ceiling 2000\./,
    ],
    [
      'limits of rules',
      [
        { when: { maxInputTokens: 500 }, target: sizedAs('small', 100_000) },
        { when: { maxInputTokens: 1500 }, target: sizedAs('mid', 200_000) },
      ],
      /small: .* ceiling 100000, maxInputTokens 500; mid: 9000 input .* ceiling 200000, maxInputTokens 1500\./,
    ],
    [
      'the largest limit of several rules',
      [
        { when: { maxInputTokens: 1500 }, target: sizedAs('mid', 200_000) },
        { when: { maxInputTokens: 500, hasTools: false }, target: 'mid' },
      ],
      /mid: 9000 input .* ceiling 200000, maxInputTokens 1500\.$/,
    ],
  ])('R-32: where size alone stands in the way, the error has numbers: %s', async (_, rules, numbers) => {
    const model = dispatcher({ id: 'd', rules });
    const call = callOfTokens(9000, { maxOutputTokens: 10 });
    const error = await errorOf(model.doGenerate(call));
    expect(ContextWindowExceededError.isInstance(error)).toBe(true);
    expect((error as Error).message).toMatch(/^dispatcher "d": the request does not fit, nothing was sent\./);
    expect((error as Error).message).toMatch(numbers);
    expect(decisionOf(error)!.candidates.every(({ fits, skipped }) => !fits && skipped === 'too-large')).toBe(
      true,
    );
    expect(decisionOf(error)!.unmatched).toHaveLength(rules.length);
    const nested = await errorOf(cascade({ steps: [model] }).doGenerate(call));
    expect(decisionOf(nested)!.candidates).toMatchObject([{ id: 'd', fits: false, skipped: 'too-large' }]);
    const dry = await explain(cascade({ steps: [model, answers('large')] }), { prompt: textOfTokens(9000) });
    expect(dry.order).toEqual(['mock/large']);
  });

  it.each<[string, readonly DispatcherRule[]]>([
    ['one asks for tools', [{ when: { hasTools: true }, target: sizedAs('a', 1000) }, fitting]],
    ['one is for larger requests', [{ when: { minInputTokens: 50_000 }, target: sizedAs('a', 1000) }]],
  ])('R-32: where something else does as well, no rule matches: %s', async (_, rules) => {
    const error = await errorOf(dispatcher({ rules }).doGenerate(callOfTokens(9000)));
    expect(NoRuleMatchedError.isInstance(error)).toBe(true);
  });

  it.each<[string, RuleConditions, Call, boolean]>([
    ['hasTools', { hasTools: true }, callOf('Hi', { tools: [tool] }), true],
    ['hasTools, none', { hasTools: true }, callOf('Hi'), false],
    ['no tools', { hasTools: false }, callOf('Hi'), true],
    ['hasImages', { hasImages: true }, withParts(image), true],
    ['hasImages, a PDF', { hasImages: true }, withParts(pdf), false],
    ['hasFiles', { hasFiles: true }, withParts(pdf), true],
    ['hasFiles, an image', { hasFiles: true }, withParts(image), false],
    ['hasFiles, a text file', { hasFiles: true }, withParts({ ...pdf, mediaType: 'text/csv' }), true],
    [
      'responseFormat json',
      { responseFormat: 'json' },
      callOf('Hi', { responseFormat: { type: 'json' } }),
      true,
    ],
    ['responseFormat text', { responseFormat: 'text' }, callOf('Hi'), true],
    [
      'responseFormat text, json',
      { responseFormat: 'text' },
      callOf('Hi', { responseFormat: { type: 'json' } }),
      false,
    ],
    ['metadata', { metadata: { tier: 'gold' } }, callOf('Hi', said({ tier: 'gold', more: 1 })), true],
    ['metadata, another value', { metadata: { tier: 'gold' } }, callOf('Hi', said({ tier: 'Gold' })), false],
    ['metadata, none', { metadata: { tier: 'gold' } }, callOf('Hi'), false],
    ['metadata, one of a list', { metadata: { tier: ['gold', 2] } }, callOf('Hi', said({ tier: 2 })), true],
    [
      'metadata, not of a list',
      { metadata: { tier: ['gold', 2] } },
      callOf('Hi', said({ tier: '2' })),
      false,
    ],
    ['metadata, all of it', { metadata: { a: 1, b: true } }, callOf('Hi', said({ a: 1, b: true })), true],
    ['metadata, half of it', { metadata: { a: 1, b: true } }, callOf('Hi', said({ a: 1 })), false],
    ['metadata, of the prototype', { metadata: { constructor: 'x' } }, callOf('Hi', said({})), false],
    ['text', { text: 'translate' }, callOf('Please translate this'), true],
    ['text, another spelling', { text: 'translate' }, callOf('Translate this'), false],
    ['all of several', { hasTools: true, text: 'Hi' }, callOf('Hi', { tools: [tool] }), true],
    ['not all of several', { hasTools: true, text: 'Ho' }, callOf('Hi', { tools: [tool] }), false],
    ['nothing at all', {}, callOf('Hi'), true],
  ])('%s', async (_, when, call, matches) => {
    expect(await isChosen(when, call)).toBe(matches);
  });

  it('text is of the last user message only', async () => {
    const call: Call = {
      prompt: [
        { role: 'system', content: 'secret' },
        { role: 'user', content: [{ type: 'text', text: 'secret' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'secret' }] },
        { role: 'user', content: [{ type: 'text', text: 'plain' }] },
      ],
    };
    expect(await isChosen({ text: 'secret' }, call)).toBe(false);
    expect(await isChosen({ text: 'plain' }, call)).toBe(true);
  });

  it('sizes are those of the input, by the own estimator, and inclusive', async () => {
    const estimator = { id: 'one', estimateText: (text: string) => text.length };
    const rules = (when: RuleConditions) =>
      dispatcher({ estimator, rules: [{ when, target: answers('chosen') }], targets: [answers('other')] });
    const { candidates } = await decisionFor(rules({}), callOf('x'.repeat(100)));
    const { input } = candidates[0]!.demand;
    for (const [when, matches] of [
      [{ maxInputTokens: input }, true],
      [{ maxInputTokens: input - 1 }, false],
      [{ minInputTokens: input }, true],
      [{ minInputTokens: input + 1 }, false],
      [{ minInputTokens: 1, maxInputTokens: '1K' }, true],
    ] as const) {
      const { answeredBy } = await decisionFor(rules(when), callOf('x'.repeat(100)));
      expect(answeredBy).toBe(matches ? 'mock/chosen' : 'mock/other');
    }
  });

  it.each<[string, RuleConditions['between'], string, boolean]>([
    ['within a day', { from: '09:00', to: '17:00', timeZone: 'UTC' }, '2026-11-26T12:00:00Z', true],
    ['its first minute', { from: '09:00', to: '17:00', timeZone: 'UTC' }, '2026-11-26T09:00:00Z', true],
    ['its end is not in it', { from: '09:00', to: '17:00', timeZone: 'UTC' }, '2026-11-26T17:00:00Z', false],
    [
      'over midnight, before it',
      { from: '22:00', to: '06:00', timeZone: 'UTC' },
      '2026-11-26T23:30:00Z',
      true,
    ],
    [
      'over midnight, behind it',
      { from: '22:00', to: '06:00', timeZone: 'UTC' },
      '2026-11-26T00:00:00Z',
      true,
    ],
    [
      'over midnight, at noon',
      { from: '22:00', to: '06:00', timeZone: 'UTC' },
      '2026-11-26T12:00:00Z',
      false,
    ],
    ['in another zone', { from: '09:00', to: '10:00', timeZone: 'Asia/Tokyo' }, '2026-11-26T00:30:00Z', true],
    [
      'in summer time',
      { from: '09:00', to: '10:00', timeZone: 'Europe/Berlin' },
      '2026-07-01T07:30:00Z',
      true,
    ],
  ])('between: %s', async (_, between, now, matches) => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) });
    expect(await isChosen({ between: between! }, callOf('Hi'))).toBe(matches);
  });

  it('predicates get the request; what they throw counts as no', async () => {
    const seen: RuleRequest[] = [];
    const when = (request: RuleRequest) => seen.push(request) > 0;
    const call = callOf('Hi there', { tools: [tool], ...said({ tier: 'gold' }) });
    expect(await isChosen(when, call)).toBe(true);
    expect(seen[0]).toEqual({
      call,
      metadata: { tier: 'gold' },
      text: 'Hi there',
      hasTools: true,
      hasImages: false,
      hasFiles: false,
      responseFormat: 'text',
    });
    const throws = (): never => {
      throw new Error('oops');
    };
    expect(await isChosen(throws, callOf('Hi'))).toBe(false);
    expect(await isChosen({ predicate: throws }, callOf('Hi'))).toBe(false);
    expect(await isChosen({ predicate: () => 1 as never }, callOf('Hi'))).toBe(false);
  });

  it('R-38: the decision says why the rules ahead did not match', async () => {
    const model = dispatcher({
      rules: [
        { id: 'tools', when: { hasTools: true, text: 'x' }, target: answers('a') },
        { when: { text: 'nothing' }, target: answers('b') },
        { when: { metadata: { tier: 'gold' } }, target: answers('c') },
        { when: { minInputTokens: 5000 }, target: answers('d') },
        { when: { maxInputTokens: 1 }, target: answers('e') },
        {
          when: () => {
            throw new Error('oops');
          },
          target: answers('f'),
        },
        {
          when: { predicate: (async () => Promise.reject(new Error('oops'))) as never },
          target: answers('g'),
        },
        { when: () => false, target: answers('h') },
        { fitsTarget: true, target: { model: answers('i'), contextWindow: 10 } },
        { id: 'last', target: answers('j') },
        { target: answers('k') },
      ],
    });
    const unmatched = [
      { rule: 'tools', because: 'hasTools' },
      { rule: 1, because: 'text' },
      { rule: 2, because: 'metadata' },
      { rule: 3, because: 'minInputTokens' },
      { rule: 4, because: 'maxInputTokens' },
      { rule: 5, because: 'predicate-error' },
      { rule: 6, because: 'predicate-error' },
      { rule: 7, because: 'predicate' },
      { rule: 8, because: 'fitsTarget' },
    ];
    expect(await decisionFor(model, callOf('Hi'))).toMatchObject({ rule: 'last', unmatched });
    expect(await explain(model, { prompt: 'Hi' })).toMatchObject({ rule: 'last', unmatched });
    const none = dispatcher({ rules: [{ when: { hasImages: true }, target: answers('a') }] });
    expect(decisionOf(await errorOf(none.doGenerate(callOf('Hi'))))).toMatchObject({
      unmatched: [{ rule: 0, because: 'hasImages' }],
    });
  });

  it('R-38: a hundred rules that did not match are cut to the size of a record', async () => {
    const target = answers('a');
    const rules = Array.from({ length: 500 }, () => ({ when: { hasTools: true }, target }));
    const decision = await decisionFor(dispatcher({ rules, targets: [answers('b')] }), callOf('Hi'));
    expect(JSON.stringify(decision).length).toBeLessThanOrEqual(4096);
    expect(decision.omitted!.rules).toBe(500 - decision.unmatched!.length);
  });

  it('a target is named by its id as well', async () => {
    const inner = cascade({ id: 'inner', steps: [answers('in')] });
    const model = dispatcher({
      rules: [
        { when: { text: 'nested' }, target: 'inner' },
        { when: { text: 'named' }, target: 'small' },
      ],
      targets: [answers('first'), { id: 'small', model: answers('x') }, inner],
    });
    expect(await decisionFor(model, callOf('nested'))).toMatchObject({ answeredBy: 'inner' });
    const decision = await decisionFor(model, callOf('named'));
    expect(decision).toMatchObject({ answeredBy: 'small' });
    expect(decision.candidates).toHaveLength(3);
    const called = dispatcher({
      rules: [
        { when: { text: 'id' }, target: 'mock/first' },
        { when: { text: 'string' }, target: 'openai/gpt-5' },
      ],
      targets: [answers('first'), { model: 'openai/gpt-5', contextWindow: 1000 }],
    });
    const { candidates } = await explain(called, { prompt: 'string', maxOutputTokens: 10 });
    expect(candidates.map(({ id, ceiling }) => [id, ceiling])).toEqual([
      ['mock/first', null],
      ['openai/gpt-5', 1000],
    ]);
    expect((await explain(called, { prompt: 'id' })).order).toEqual(['mock/first']);
    const named = dispatcher({
      rules: [
        { when: { text: 'first' }, target: { id: 'foo', model: answers('foo'), contextWindow: 1000 } },
        { when: { text: 'again' }, target: 'foo' },
        { when: { text: 'other' }, target: 'openai/gpt-5' }, // which the target of an id of its own is not
      ],
      targets: [{ id: 'eu', model: 'openai/gpt-5', contextWindow: 1000 }],
    });
    const again = await explain(named, { prompt: 'again', maxOutputTokens: 10 });
    expect(again.order?.[0]).toBe('foo');
    expect(again.candidates.map(({ id, ceiling }) => [id, ceiling])).toEqual([
      ['eu', 1000],
      ['foo', 1000],
      ['openai/gpt-5', null],
    ]);
  });

  it('a target may be a primitive, and the very one from targets is one member', async () => {
    const shared = { model: answers('shared'), contextWindow: '8K' } as const;
    const inner = cascade({ id: 'inner', steps: [answers('in')] });
    const model = dispatcher({
      rules: [
        { when: { text: 'nested' }, target: inner },
        { when: { text: 'shared' }, target: shared },
      ],
      targets: [answers('first'), shared],
    });
    expect(await decisionFor(model, callOf('nested'))).toMatchObject({ answeredBy: 'inner', rule: 0 });
    const decision = await decisionFor(model, callOf('shared'));
    expect(decision).toMatchObject({ answeredBy: 'mock/shared', rule: 1 });
    expect(decision.candidates.map(({ id }) => id)).toEqual(['mock/first', 'mock/shared', 'inner']);
  });

  it('hold inside other primitives, which ask a dispatcher by its rules', async () => {
    const routed = dispatcher({
      id: 'routed',
      rules: [{ when: { hasTools: true }, target: { model: answers('tools'), contextWindow: 30 } }],
      targets: [answers('any')],
    });
    const model = cascade({ steps: [routed, answers('next')] });
    expect(await decisionFor(model, callOf('Hi'))).toMatchObject({ answeredBy: 'routed' });
    const decision = await decisionFor(model, callOf('Hi', { tools: [tool] }));
    expect(decision).toMatchObject({ answeredBy: 'mock/next' });
    expect(decision.candidates[0]).toMatchObject({ id: 'routed', fits: false, skipped: 'too-large' });
    expect(() => alloy({ constituents: [routed, { model: answers('b'), contextWindow: '8K' }] })).toThrow(
      /has to know what "routed" holds/,
    );
  });
});

describe('R-30: the target of a rule', () => {
  const small = (when: RuleConditions, fitsTarget?: boolean) =>
    dispatcher({
      rules: [
        { when, target: { model: answers('small'), contextWindow: 200 }, ...(fitsTarget && { fitsTarget }) },
      ],
      targets: [answers('large')],
    });
  const large = callOfTokens(300, { maxOutputTokens: 10 });

  it('is fit-checked: a match that does not fit is refused', async () => {
    const error = await errorOf(small({}).doGenerate(large));
    expect(ContextWindowExceededError.isInstance(error)).toBe(true);
    expect(decisionOf(error)).toMatchObject({ rule: 0, reason: 'rule' });
  });

  it('with fitsTarget, what does not fit does not match', async () => {
    expect(await decisionFor(small({}, true), large)).toMatchObject({ answeredBy: 'mock/large' });
    expect(await decisionFor(small({}, true), callOfTokens(100, { maxOutputTokens: 10 }))).toMatchObject({
      answeredBy: 'mock/small',
      rule: 0,
    });
  });
});

describe('a target that is named', () => {
  const toTarget = (target: string): RoutingModel =>
    dispatcher({
      rules: [{ when: { hasTools: true }, target }],
      targets: [
        { id: 'large', model: answers('l'), contextWindow: '1M' },
        { model: answers('claude-sonnet-4-5', 'anthropic.messages'), contextWindow: '200K' },
        cascade({ id: 'safe', steps: [answers('s')] }),
        { id: 'eco', model: answers('e'), contextWindow: '8K' },
        answers('gpt-4o', 'openai.responses'),
      ],
    });

  it.each([
    ['lrage', 'large'],
    ['Large', 'large'],
    ['larg', 'large'],
    ['eoc', 'eco'],
    ['econ', 'eco'],
    ['anthropc.messages/claude-sonet-4-5', 'anthropic.messages/claude-sonnet-4-5'],
    ['cascade/safe', 'safe'],
    ['cascade:safe', 'safe'],
    ['openai/gpt-4o', 'openai.responses/gpt-4o'],
    ['gpt-4o', 'openai.responses/gpt-4o'],
    ['openai.responses/gpt4o', 'openai.responses/gpt-4o'],
    ['anthropic.mesages/claude-sonnet-4-5', 'anthropic.messages/claude-sonnet-4-5'],
    ['anthropic/claude-sonnet-4-5', 'anthropic.messages/claude-sonnet-4-5'],
    ['anthropic.messages/claude-sonnet-4.5', 'anthropic.messages/claude-sonnet-4-5'],
  ])('R-29: %s, with a slip, is an error at construction', (target, meant) => {
    expect(() => toTarget(target)).toThrow(
      `dispatcher: rules[0].target is "${target}": no target is called so, did you mean "${meant}"?`,
    );
  });

  it.each([
    'large',
    'safe',
    'openai/gpt-4.1',
    'openai/gpt-4',
    'openai/gpt-5',
    'openai/gpt-4o-mini',
    'anthropic/claude-opus-4-5',
    'anthropic/claude-sonnet-4',
    'xai/grok-4',
    'ec',
    'largest-of-all',
  ])('R-29: %s is a target, or a model of its own', (target) => {
    expect(() => toTarget(target)).not.toThrow();
  });

  it('R-29: a model that is called nearly so is written as an object', () => {
    const rules = [{ target: { model: 'openai/gpt-4o' } }];
    expect(() => dispatcher({ rules, targets: [answers('gpt-4o', 'openai.responses')] })).not.toThrow();
  });

  it('R-29: so are the targets of other rules', () => {
    const rules = [{ when: { hasTools: true }, target: sizedAs('careful', 1000) }, { target: 'carefull' }];
    expect(() => dispatcher({ rules })).toThrow('rules[1].target is "carefull": no target is called so');
  });
});

describe('a nested dispatcher', () => {
  const call = callOfTokens(300, { maxOutputTokens: 10 });

  it('R-32: refuses with the numbers of those that could have been chosen', async () => {
    const inner = dispatcher({
      id: 'inner',
      rules: [{ when: { hasTools: true }, target: { model: answers('huge'), contextWindow: '1M' } }],
      targets: [{ model: answers('small'), contextWindow: 200, estimator: { charsPerToken: 1 } }],
    });
    const error = await errorOf(cascade({ steps: [inner] }).doGenerate(call));
    const [candidate] = decisionOf(error)!.candidates;
    expect(candidate).toMatchObject({
      id: 'inner',
      ceiling: 200,
      demand: { estimator: expect.stringMatching(/\(1, /) },
    });
    expect(candidate!.decision!.candidates).toMatchObject([
      { id: 'mock/small', skipped: 'too-large' },
      { id: 'mock/huge', fits: true, skipped: 'not-chosen' },
    ]);
    expect(candidate!.decision).not.toHaveProperty('order');
  });

  it('R-32: or with those of the one that a rule chose', async () => {
    const inner = dispatcher({
      id: 'inner',
      rules: [{ target: { model: answers('small'), contextWindow: 200, estimator: { charsPerToken: 1 } } }],
      targets: [{ model: answers('medium'), contextWindow: 250 }],
    });
    const error = await errorOf(cascade({ steps: [inner] }).doGenerate(call));
    expect(decisionOf(error)!.candidates[0]!.demand.estimator).toMatch(/\(1, /);
  });

  it('R-32: says that no rule leads anywhere', async () => {
    const inner = dispatcher({ id: 'inner', rules: [{ when: { hasImages: true }, target: answers('img') }] });
    const error = await errorOf(cascade({ steps: [inner] }).doGenerate(callOf('Hi')));
    expect(decisionOf(error)!.candidates).toMatchObject([
      { id: 'inner', fits: false, skipped: 'not-chosen' },
    ]);
    expect((error as Error).message).toContain('only a rule leads to it');
  });

  it('R-24: is as large as the target that a rule chose', async () => {
    const inner = dispatcher({
      id: 'inner',
      rules: [
        { when: { text: 'deep' }, target: { id: 'huge', model: answers('huge'), contextWindow: '1M' } },
      ],
      targets: [{ model: answers('tiny'), contextWindow: 2000 }],
    });
    const outer = cascade({ steps: [{ model: fails('mid', tooLong), contextWindow: '100K' }, inner] });
    const [, candidate] = (await explain(outer, { prompt: 'deep' })).candidates;
    expect(candidate).toMatchObject({ ceiling: 1_048_576, fits: true });
    expect(await decisionFor(outer, callOf('deep'))).toMatchObject({ answeredBy: 'inner' });
  });

  it('R-24: but no smaller than what its targets hold, where the choice may grow', async () => {
    const inner = (huge: MockLanguageModelV4) =>
      dispatcher({
        id: 'inner',
        rules: [
          {
            when: { text: 'deep' },
            target: { id: 'tiny', model: fails('tiny', tooLong), contextWindow: 2000 },
          },
        ],
        targets: [{ id: 'huge', model: huge, contextWindow: '1M' }],
      });
    const mid = { model: fails('mid', tooLong), contextWindow: '100K' } as const;
    const deep = callOf('deep', { maxOutputTokens: 10 });
    // Never back.
    const first = cascade({ steps: [inner(fails('huge', tooLong)), mid] });
    const tried = (await decisionFor(first, deep)).attempts!;
    expect(tried.map(({ id }) => id)).toEqual(['inner']);
    // And on, however deep it is.
    for (const step of [inner(answers('huge')), cascade({ id: 'around', steps: [inner(answers('huge'))] })]) {
      expect((await decisionFor(cascade({ steps: [mid, step] }), deep)).answeredBy).toBeDefined();
    }
  });

  it('R-24: an input limit beside a nested primitive is its size', async () => {
    const huge = answers('huge');
    const inner = cascade({ id: 'inner', steps: [{ model: huge, contextWindow: '1M' }] });
    const outer = cascade({
      steps: [
        { model: fails('mid', tooLong), contextWindow: '100K' },
        { model: inner, maxInputTokens: '50K' },
      ],
    });
    expect(await decisionFor(outer, callOf('Hi'))).not.toHaveProperty('answeredBy');
    expect(callsOf(huge)).toBe(0);
  });

  it('R-24: a target with an input limit only is as large as that', async () => {
    const inner = dispatcher({
      id: 'inner',
      rules: [
        { when: { text: 'deep' }, target: { id: 'tiny', model: answers('tiny'), maxInputTokens: 2000 } },
      ],
      targets: [{ model: answers('small'), contextWindow: 1000 }],
    });
    const outer = cascade({ steps: [{ model: fails('mid', tooLong), contextWindow: '100K' }, inner] });
    expect((await explain(outer, { prompt: 'deep' })).candidates[1]).toMatchObject({ ceiling: 2000 });
    expect(await decisionFor(outer, callOf('deep'))).not.toHaveProperty('answeredBy');
  });

  it('R-32: says through other primitives too that no rule leads anywhere', async () => {
    const inner = dispatcher({ id: 'inner', rules: [{ when: { hasImages: true }, target: answers('img') }] });
    const around = cascade({ id: 'around', steps: [cascade({ id: 'mid', steps: [inner] })] });
    const error = await errorOf(around.doGenerate(callOf('Hi')));
    expect(decisionOf(error)!.candidates).toMatchObject([{ id: 'mid', skipped: 'not-chosen' }]);
  });

  it('is explained in its own order', async () => {
    const inner = dispatcher({
      id: 'inner',
      order: 'smallest-first',
      rules: [{ when: { text: 'draw' }, target: { id: 'painter', model: answers('painter') } }],
      targets: [
        { id: 'large', model: answers('large'), contextWindow: 4000 },
        { id: 'small', model: answers('small'), contextWindow: 2000 },
      ],
    });
    const outer = cascade({ steps: [inner] });
    const orderFor = async (prompt: string) =>
      (await explain(outer, { prompt, maxOutputTokens: 10 })).candidates[0]!.decision!.order;
    expect(await orderFor('Hi')).toEqual(['small', 'large']);
    expect(await orderFor('draw')).toEqual(['painter', 'small', 'large']);
  });
});

describe('R-33: after a match', () => {
  const down = () => [{ when: { text: 'Hi' }, target: fails('down') }];

  it("errors of the rule's target are thrown", async () => {
    const model = dispatcher({ rules: down(), targets: [answers('other')] });
    expect(await errorOf(model.doGenerate(callOf('Hi')))).toMatchObject({ statusCode: 503 });
  });

  it('unless there is a fallback: to the targets that fit', async () => {
    const model = dispatcher({
      rules: [...down(), { when: { text: 'never' }, target: answers('not-a-target') }],
      targets: [answers('other')],
      fallback: true,
    });
    expect(await decisionFor(model, callOf('Hi'))).toMatchObject({
      order: ['mock/down', 'mock/other'],
      answeredBy: 'mock/other',
    });
  });

  it("R-24: a provider's own word that it is too long goes on to a larger target", async () => {
    const model = dispatcher({
      rules: [{ target: { model: fails('small', tooLong), contextWindow: '32K' } }],
      targets: [
        { model: answers('as-small'), contextWindow: '32K' },
        { model: answers('large'), contextWindow: '64K' },
      ],
    });
    expect(await decisionFor(model, callOf('Hi'))).toMatchObject({ answeredBy: 'mock/large' });
  });

  it('R-18: a resting target goes last, with fallback', async () => {
    const model = dispatcher({
      rules: down(),
      targets: [answers('other')],
      fallback: true,
      cooldown: { failures: 1, ms: 60_000 },
    });
    await decisionFor(model, callOf('Hi'));
    expect((await decisionFor(model, callOf('Hi'))).order).toEqual(['mock/other', 'mock/down']);
  });
});

describe('R-36: wrong rules', () => {
  const target = answers('a');
  // Wrong on purpose, so untyped.
  it.each<[string, unknown, string]>([
    ['no rule at all', { rules: [null] }, 'dispatcher: rules[0] is null: pass an object: { when, target }.'],
    ['no list', { rules: {} }, 'dispatcher: rules is an object: pass a list of rules'],
    [
      'no rules and no targets',
      { rules: [] },
      'dispatcher: targets is undefined: pass a list of 1 or more models.',
    ],
    ['no rule', { rules: [7] }, 'dispatcher: rules[0] is 7: pass an object: { when, target }.'],
    ['no target', { rules: [{ when: {} }] }, 'dispatcher: rules[0].target.model is undefined: pass a model'],
    [
      'a target with a mistyped option',
      { rules: [{ target: { model: target, contextwindow: 5 } }] },
      'dispatcher: rules[0].target.contextwindow is a number: there is no such option',
    ],
    [
      'an unknown option',
      { rules: [{ target, if: {} }] },
      'dispatcher: rules[0].if is an object: there is no such option',
    ],
    [
      'an unknown condition',
      { rules: [{ target, when: { tools: true } }] },
      'dispatcher: rules[0].when.tools is a boolean: there is no such option, only maxInputTokens,',
    ],
    [
      'a size',
      { rules: [{ target, when: { maxInputTokens: '12' } }] },
      'rules[0].when.maxInputTokens is "12": use a whole',
    ],
    [
      'sizes the wrong way round',
      { rules: [{ target, when: { minInputTokens: 10, maxInputTokens: 9 } }] },
      'rules[0].when.minInputTokens is 10: use no more than maxInputTokens.',
    ],
    [
      'a fact',
      { rules: [{ target, when: { hasTools: 'yes' } }] },
      'rules[0].when.hasTools is "yes": use one of true, false.',
    ],
    [
      'a format',
      { rules: [{ target, when: { responseFormat: 'xml' } }] },
      'responseFormat is "xml": use one of "text", "json".',
    ],
    ['an empty text', { rules: [{ target, when: { text: '' } }] }, 'rules[0].when.text is ""'],
    [
      'empty metadata',
      { rules: [{ target, when: { metadata: {} } }] },
      'rules[0].when.metadata is an object: pass an object, such as',
    ],
    [
      'metadata that is no value',
      { rules: [{ target, when: { metadata: { a: {} } } }] },
      'rules[0].when.metadata.a is an object: use a string',
    ],
    [
      'an empty list',
      { rules: [{ target, when: { metadata: { a: [] } } }] },
      'rules[0].when.metadata.a is a list of 0: use a string',
    ],
    [
      'a time',
      { rules: [{ target, when: { between: { from: '9', to: '17:00', timeZone: 'UTC' } } }] },
      'rules[0].when.between.from is "9": use a time of day such as',
    ],
    [
      'no time at all',
      { rules: [{ target, when: { between: { from: '09:00', to: '09:00', timeZone: 'UTC' } } }] },
      'between.to is "09:00": use another time than from.',
    ],
    [
      'a zone',
      { rules: [{ target, when: { between: { from: '09:00', to: '17:00', timeZone: 'Berlin' } } }] },
      'between.timeZone is "Berlin": name a time zone',
    ],
    [
      'a predicate',
      { rules: [{ target, when: { predicate: true } }] },
      'rules[0].when.predicate is true: pass a function.',
    ],
    [
      'fitsTarget',
      { rules: [{ target, fitsTarget: 1 }] },
      'rules[0].fitsTarget is 1: use one of true, false.',
    ],
    [
      'equal ids',
      {
        rules: [
          { target, id: 'x' },
          { target, id: 'x' },
        ],
      },
      'rules[1].id is "x": another rule has that id: rename one.',
    ],
  ])('%s', (_, options, message) => {
    expect(() => dispatcher(options as never)).toThrow(message);
  });
});
