import { openai } from '@ai-sdk/openai';
import { customProvider } from 'ai';
import { createModelGateway } from 'ai-alloy/gateway';
import { describe, expect, it } from 'vitest';
import {
  alloy,
  cascade,
  dispatcher,
  explain,
  fitCheck,
  InvalidConfigurationError,
  onDecision,
} from '../src/index.ts';
import { answers } from './support/models.ts';

const model = answers('m');
const sized = { model, contextWindow: '8K' } as const;
const v1 = {
  specificationVersion: 'v1',
  provider: 'old',
  modelId: 'm',
  doGenerate: () => {},
  doStream: () => {},
};

// Wrong on purpose, so untyped.
const wrong: Record<string, [make: (options: any) => unknown, options: unknown, message: string]> = {
  'no options': [cascade, undefined, 'cascade: options is undefined: pass an object of options.'],
  'an unknown option': [
    cascade,
    { models: [model] },
    'cascade: options.models is a list of 1: there is no such option, only id, estimator,',
  ],
  'options of a nested primitive, which counts by its own': [
    cascade,
    { steps: [{ model: cascade({ steps: [model] }), estimator: { charsPerToken: 3 } }] },
    'cascade: steps[0].estimator is an object: a primitive counts by its own options: set it there',
  ],
  'a ratio of an estimator, with where it stands': [
    cascade,
    { steps: [{ model, estimator: { charsPerToken: -1 } }] },
    'cascade: steps[0].estimator.charsPerToken is -1: use a number above 0',
  ],
  'a deadline in the past': [
    cascade,
    { id: 'x', steps: [model], deadlineMs: -1 },
    'cascade "x": deadlineMs is -1: use milliseconds above 0',
  ],
  'a deadline of nothing': [
    cascade,
    { steps: [model], totalMs: 0 },
    'cascade: options.totalMs is 0: use milliseconds above 0',
  ],
  "a member's deadline that is no number": [
    dispatcher,
    { targets: [{ model, firstContentMs: '5s' }] },
    'dispatcher: targets[0].firstContentMs is "5s": use milliseconds above 0',
  ],
  'a deadline longer than a timer': [
    cascade,
    { steps: [{ model, idleMs: 2 ** 31 }] },
    'cascade: steps[0].idleMs is 2147483648: use milliseconds above 0, at most 2147483647',
  ],
  'an idle time of NaN': [
    cascade,
    { steps: [model], idleMs: Number.NaN },
    'cascade: options.idleMs is NaN: use milliseconds above 0',
  ],
  'retries without an end': [
    cascade,
    { steps: [model], retries: Infinity },
    'cascade: options.retries is Infinity: use a whole number from 0 to 10.',
  ],
  'half a retry': [
    cascade,
    { steps: [{ model, retries: 0.5 }] },
    'cascade: steps[0].retries is 0.5: use a whole number from 0 to 10.',
  ],
  'retries of a nested primitive': [
    cascade,
    { steps: [{ model: cascade({ steps: [model] }), retries: 1 }] },
    'cascade: steps[0].retries is 1: a primitive retries by its own: set it there.',
  ],
  'a patience that is no number': [
    cascade,
    { steps: [model], maxRetryAfterMs: '5' },
    'cascade: maxRetryAfterMs is "5": use milliseconds, 0 or more.',
  ],
  'an unknown afterContent': [
    cascade,
    { steps: [model], afterContent: 'continue' },
    'cascade: afterContent is "continue": use one of "error", "buffer".',
  ],
  'a buffer for no parts': [
    cascade,
    { steps: [model], afterContent: 'buffer', maxBufferedParts: 0 },
    'cascade: maxBufferedParts is 0: use a whole number above 0.',
  ],
  'a buffer that nothing fills': [
    cascade,
    { steps: [model], maxBufferedParts: 10 },
    "cascade: maxBufferedParts is 10: it has no effect without afterContent: 'buffer'.",
  ],
  'an unknown kind': [
    cascade,
    { steps: [model], fallThroughOn: ['time-out'] },
    'cascade: fallThroughOn[0] is "time-out": did you mean timeout? use one of "timeout", ',
  ],
  'a cooldown that is no object': [
    cascade,
    { steps: [model], cooldown: 3 },
    'cascade: cooldown is 3: pass an object of options.',
  ],
  'a cooldown without failures': [
    cascade,
    { steps: [model], cooldown: { ms: 1000 } },
    'cascade: cooldown.failures is undefined: use a whole number above 0, such as 3',
  ],
  'a cooldown of no length': [
    cascade,
    { steps: [model], cooldown: { failures: 1 } },
    'cascade: cooldown.ms is undefined: set how many milliseconds',
  ],
  'a cooldown that is over before it begins': [
    cascade,
    { steps: [model], cooldown: { failures: 1, ms: -5 } },
    'cascade: cooldown.ms is -5: use milliseconds above 0',
  ],
  'a cooldown with a mistyped option': [
    cascade,
    { steps: [model], cooldown: { failures: 1, milliseconds: 5 } },
    'cascade: cooldown.milliseconds is a number: there is no such option, only failures, ms, store.',
  ],
  'a Redis client that is not wrapped': [
    cascade,
    { steps: [model], cooldown: { failures: 1, ms: 5, store: { get() {}, set() {}, psetex() {} } } },
    'cascade: cooldown.store is an object: wrap the client: redisStore(client) of ai-alloy/redis.',
  ],
  'a store without set': [
    cascade,
    { steps: [model], cooldown: { failures: 1, ms: 5, store: new Set() } },
    'cascade: cooldown.store is an object: pass an object with get(key) and set(key, value, expiresInMs).',
  ],
  'a list instead of options': [
    cascade,
    [model],
    'cascade: options is a list of 1: pass an object: { steps: [a, b] }.',
  ],
  'a model instead of options': [
    alloy,
    model,
    'alloy: options is an object: pass an object: { constituents: [a, b] }.',
  ],
  'no steps': [cascade, {}, 'cascade: steps is undefined: pass a list of 1 or more models.'],
  'an empty list': [
    cascade,
    { steps: [] },
    'cascade: steps is a list of 0: pass a list of 1 or more models.',
  ],
  'one constituent': [
    alloy,
    { id: 'x', constituents: [sized] },
    'alloy "x": constituents is a list of 1: pass a list of 2 or more models.',
  ],
  'no targets': [
    dispatcher,
    { targets: 'gpt-5' },
    'dispatcher: targets is a string: pass a list of 1 or more models.',
  ],
  'an empty id': [
    cascade,
    { id: ' ', steps: [model] },
    'cascade: id is " ": use a name of 1 to 200 characters.',
  ],
  'an id that is no name': [dispatcher, { id: 7, targets: [model] }, 'dispatcher: id is 7: use a name'],
  'a step that is no model': [cascade, { steps: [7] }, 'cascade: steps[0].model is 7: pass a model'],
  'a step without a model': [
    cascade,
    { steps: [{ contextWindow: '8K' }] },
    "cascade: steps[0].model is undefined: pass a model, such as openai('gpt-5'), or a string id.",
  ],
  'a provider instead of a model': [
    cascade,
    { steps: [{ model: () => model }] },
    'cascade: steps[0].model is a function: pass a model',
  ],
  'an embedding model as a step': [
    cascade,
    { steps: [openai.embedding('e')] },
    "cascade: steps[0].model is an embedding model: pass a language model, such as openai('gpt-5').",
  ],
  'an image model as a target': [
    dispatcher,
    { targets: [{ model: openai.image('i') }] },
    'dispatcher: targets[0].model is an image model: pass a language model',
  ],
  'a speech model as a constituent': [
    alloy,
    { constituents: [{ ...sized, model: openai.speech('s') }, sized] },
    'alloy: constituents[0].model is a model of another type, such as speech or transcription: pass a language model',
  ],
  'a transcription model as the target of a rule': [
    dispatcher,
    { rules: [{ target: openai.transcription('t') }], targets: [model] },
    'dispatcher: rules[0].target.model is a model of another type, such as speech or transcription: pass',
  ],
  'a reranking model': [
    cascade,
    { steps: [{ specificationVersion: 'v4', doRerank: async () => ({}) }] },
    'cascade: steps[0].model is a reranking model: pass a language model',
  ],
  'a promise of a model': [
    cascade,
    { steps: [Promise.resolve(model)] },
    'cascade: steps[0].model is a promise: await it, and pass the model.',
  ],
  'a promise of a model, with options': [
    alloy,
    { constituents: [sized, { ...sized, model: Promise.resolve(model) }] },
    'alloy: constituents[1].model is a promise: await it, and pass the model.',
  ],
  'a provider that is a function': [
    cascade,
    { steps: [openai] },
    "cascade: steps[0].model is a provider: pass a model of it, openai('gpt-5') or gateway.languageModel('id').",
  ],
  'a provider that is an object': [
    dispatcher,
    { targets: [customProvider({ languageModels: { model } })] },
    "dispatcher: targets[0].model is a provider: pass a model of it, openai('gpt-5') or gateway.languageModel('id').",
  ],
  'a gateway': [
    cascade,
    { steps: [createModelGateway({ models: [{ id: 'a/b' }] }, { providers: () => model })] },
    "cascade: steps[0].model is a provider: pass a model of it, openai('gpt-5') or gateway.languageModel('id').",
  ],
  'a misspelt strategy': [
    alloy,
    { strategy: 'round_robbin', constituents: [sized, sized] },
    'alloy: strategy is "round_robbin": did you mean round-robin? use one of "weighted", "round-robin".',
  ],
  'a misspelt word where a function is allowed, too': [
    cascade,
    { order: 'cheapest-frist', steps: [model] },
    'cascade: order is "cheapest-frist": did you mean cheapest-first? use one of "declared", ',
  ],
  'a misspelt word in a list': [
    dispatcher,
    { targets: [model], fallback: true, fallThroughOn: ['defualt'] },
    'dispatcher: fallThroughOn[0] is "defualt": did you mean default? use one of "timeout", ',
  ],
  'a misspelt vendor': [
    cascade,
    { steps: [{ model, vendor: 'deepsek' }] },
    'cascade: steps[0].vendor is "deepsek": did you mean deepseek? use one of ',
  ],
  'an empty string id': [cascade, { steps: [''] }, 'cascade: steps[0].model is "": name a model'],
  'a model of another generation': [
    cascade,
    { steps: [model, v1] },
    'cascade: steps[1].model.specificationVersion is "v1": the installed ai takes v2, v3, v4',
  ],
  'a mistyped member option': [
    cascade,
    { steps: [{ model, contextwindow: 8000 }] },
    'cascade: steps[0].contextwindow is a number: there is no such option, did you mean contextWindow?',
  ],
  'a weight outside an alloy': [
    cascade,
    { steps: [{ model, weight: 2 }] },
    'cascade: steps[0].weight is a number: there is no such option',
  ],
  'a window of 0': [
    cascade,
    { steps: [{ model, contextWindow: 0 }] },
    'cascade: steps[0].contextWindow is 0: use a whole number',
  ],
  'a negative window': [
    cascade,
    { steps: [{ model, maxInputTokens: -5 }] },
    'cascade: steps[0].maxInputTokens is -5: use a whole number',
  ],
  'a window that is NaN': [
    dispatcher,
    { targets: [{ model, contextWindow: Number.NaN }] },
    'dispatcher: targets[0].contextWindow is NaN',
  ],
  'a window that is null': [
    dispatcher,
    { targets: [{ model, contextWindow: null }] },
    'dispatcher: targets[0].contextWindow is null',
  ],
  'a bare number as text': [
    cascade,
    { steps: [{ model, maxOutputTokens: '12' }] },
    'cascade: steps[0].maxOutputTokens is "12"',
  ],
  'a default budget of 0': [
    cascade,
    { steps: [model], defaultOutputTokens: 0 },
    'cascade: options.defaultOutputTokens is 0',
  ],
  'a fraction of 0': [
    cascade,
    { steps: [{ model, capacityFraction: 0 }] },
    'cascade: steps[0].capacityFraction is 0: use a number above 0 and at most 1',
  ],
  'a fraction above 1': [cascade, { steps: [{ model, capacityFraction: 85 }] }, 'capacityFraction is 85'],
  'a fraction that is NaN': [
    cascade,
    { steps: [{ model, capacityFraction: Number.NaN }] },
    'capacityFraction is NaN',
  ],
  'a fraction as text': [
    cascade,
    { steps: [{ model, capacityFraction: '0.5' }] },
    'capacityFraction is "0.5"',
  ],
  'a fraction of nothing': [
    cascade,
    { steps: [{ model, capacityFraction: 0.5 }] },
    'cascade: steps[0].capacityFraction is 0.5: declare the contextWindow that it is a fraction of.',
  ],
  'a provider instead of a step': [
    cascade,
    { steps: [() => model] },
    'cascade: steps[0].model is a function: pass a model',
  ],
  'a weight of 0': [
    alloy,
    { constituents: [sized, { ...sized, weight: 0 }] },
    'alloy: constituents[1].weight is 0: use a number above 0.',
  ],
  'a negative weight': [alloy, { constituents: [sized, { ...sized, weight: -1 }] }, 'weight is -1'],
  'a weight that is NaN': [
    alloy,
    { constituents: [{ ...sized, weight: Number.NaN }, sized] },
    'weight is NaN',
  ],
  'a weight as text': [alloy, { constituents: [{ ...sized, weight: '80' }, sized] }, 'weight is "80"'],
  'a constituent without a window (R-15)': [
    alloy,
    { constituents: [sized, model] },
    'alloy: constituents[1].contextWindow is undefined: an alloy has to know what "mock/m#2" holds: declare it, in tokens.',
  ],
  'a constituent with an input limit only': [
    alloy,
    { constituents: [sized, { model, maxInputTokens: '8K' }] },
    'constituents[1].contextWindow is undefined',
  ],
  'a nested primitive of unknown size': [
    alloy,
    { constituents: [sized, cascade({ id: 'c', steps: [model] })] },
    'an alloy has to know what "c" holds',
  ],
  'minContextWindow of 0 (R-16)': [
    alloy,
    { constituents: [sized, sized], minContextWindow: 0 },
    'alloy: minContextWindow is 0',
  ],
  'an unknown strategy': [
    alloy,
    { constituents: [sized, sized], strategy: 'random' },
    'alloy: strategy is "random": use one of "weighted", "round-robin".',
  ],
  'an unknown order': [
    dispatcher,
    { targets: [model], order: 'smallest' },
    'dispatcher: order is "smallest": use one of "declared", "smallest-first", "cheapest-first", "fastest-first", or a function.',
  ],
  'a fallback that is no boolean': [
    dispatcher,
    { targets: [model], fallback: 'yes' },
    'dispatcher: fallback is "yes": use one of true, false.',
  ],
  'a warnOnSkip that is no boolean': [cascade, { steps: [model], warnOnSkip: 1 }, 'cascade: warnOnSkip is 1'],
  'a random that is no function': [
    alloy,
    { constituents: [sized, sized], random: 42 },
    'alloy: random is 42: pass a function.',
  ],
  'an unknown failure kind': [
    cascade,
    { steps: [model], fallThroughOn: ['auth', 'authentication'] },
    'cascade: fallThroughOn[1] is "authentication": use one of "timeout", "rate-limit",',
  ],
  'a fallThroughOn that is neither': [
    cascade,
    { steps: [model], fallThroughOn: 'auth' },
    'cascade: fallThroughOn is a string: pass a list of failure kinds, or a function.',
  ],
  'an acceptAnswer that is no function': [
    cascade,
    { steps: [model], acceptAnswer: true },
    'cascade: acceptAnswer is true: pass a function.',
  ],
  'an onDecision that is no function': [
    cascade,
    { steps: [model], onDecision: {} },
    'cascade: onDecision is an object: pass a function.',
  ],
  'equal explicit ids (R-40)': [
    cascade,
    {
      id: 'k',
      steps: [
        { model, id: 'a' },
        { model, id: 'a' },
      ],
    },
    'cascade "k": steps[1].id is "a": another member has that id: rename one.',
  ],
  'an estimator that is none': [
    cascade,
    { steps: [{ model, estimator: 'tiktoken' }] },
    'cascade: steps[0].estimator is "tiktoken": pass charRatio(), byteRatio(), scriptAware(), tiktoken() of ai-alloy/tiktoken, an estimator with id and estimateText',
  ],
  'a failure to fall through on, without a fallback': [
    dispatcher,
    { targets: [model], fallThroughOn: ['auth'] },
    'dispatcher: fallThroughOn is a list of 1: it has no effect without fallback: true: set that, or remove it.',
  ],
  'the same of an alloy that has none': [
    alloy,
    { id: 'x', constituents: [sized, sized], fallback: false, fallThroughOn: () => true },
    'alloy "x": fallThroughOn is a function: it has no effect without fallback: true',
  ],
  'a cooldown without a fallback': [
    dispatcher,
    { targets: [model], cooldown: { failures: 1, ms: 5 } },
    'dispatcher: cooldown is an object: it has no effect without fallback: true',
  ],
  'patience without a fallback': [
    dispatcher,
    { targets: [model], retries: 1, maxRetryAfterMs: 5 },
    'dispatcher: maxRetryAfterMs is 5: it has no effect without fallback: true',
  ],
  'patience of an alloy without a fallback': [
    alloy,
    { constituents: [sized, sized], fallback: false, retries: 1, maxRetryAfterMs: 5 },
    'alloy: maxRetryAfterMs is 5: it has no effect without fallback: true',
  ],
  'patience without retries': [
    cascade,
    { steps: [model], maxRetryAfterMs: 500 },
    'cascade: maxRetryAfterMs is 500: it has no effect without retries, of members that are no primitives',
  ],
  'patience with the retries of nested primitives': [
    cascade,
    { steps: [cascade({ steps: [model], retries: 2 })], maxRetryAfterMs: 500 },
    'cascade: maxRetryAfterMs is 500: it has no effect without retries, of members',
  ],
  'a source of randomness that nothing draws from': [
    alloy,
    { constituents: [sized, sized], strategy: 'round-robin', random: () => 0 },
    "alloy: random is a function: it has no effect with strategy: 'round-robin': remove one of the two.",
  ],
  'an order of no targets': [
    dispatcher,
    { rules: [{ target: model }], order: 'smallest-first' },
    'dispatcher: order is "smallest-first": it has no effect without targets',
  ],
  'a fallback to no targets': [
    dispatcher,
    { rules: [{ target: model }], targets: [], fallback: true },
    'dispatcher: fallback is true: it has no effect without targets',
  ],
  'picks among no targets': [
    dispatcher,
    { id: 'd', rules: [{ target: model }], reevaluate: 'sticky' },
    'dispatcher "d": reevaluate is "sticky": it has no effect without targets',
  ],
  'a window of which nothing is left': [
    cascade,
    { steps: [{ model, contextWindow: 1, capacityFraction: 0.5 }] },
    'cascade: steps[0].capacityFraction is 0.5: it leaves nothing of the contextWindow, which is 1: raise one of the two.',
  ],
  'an input limit of which nothing is left': [
    fitCheck,
    { contextWindow: '8K', maxInputTokens: 3, capacityFraction: 0.3 },
    'fitCheck: options.capacityFraction is 0.3: it leaves nothing of the maxInputTokens, which is 3',
  ],
  'a window that no model has': [
    cascade,
    { steps: [{ model, contextWindow: 1_000_000_000_001 }] },
    'cascade: steps[0].contextWindow is 1000000000001: use at most 1000000000000 tokens.',
  ],
  'a window of bytes': [
    fitCheck,
    { contextWindow: '953675M' },
    'fitCheck: options.contextWindow is "953675M": use at most 1000000000000 tokens.',
  ],
  'a fit check without a size': [
    fitCheck,
    {},
    'fitCheck: options.contextWindow is undefined: declare contextWindow, maxInputTokens or maxOutputTokens.',
  ],
  'a fit check with a wrong size': [
    fitCheck,
    { contextWindow: '1.5M' },
    'fitCheck: options.contextWindow is "1.5M"',
  ],
  'a fit check with a mistyped option': [
    fitCheck,
    { contextWindows: 5 },
    'fitCheck: options.contextWindows is a number: there is no such option',
  ],
  'a fit check of nothing': [fitCheck, undefined, 'fitCheck: options is undefined'],
  'a listener that is no function': [onDecision, 'log', 'onDecision: listener is a string: pass a function'],
};

describe('R-36: wrong options are errors at construction', () => {
  it.each(Object.entries(wrong))('%s', (_, [make, options, message]) => {
    const build = (): unknown => make(options);
    expect(build).toThrow(InvalidConfigurationError);
    expect(build).toThrow(message);
  });

  it('carries the option and the value', () => {
    const value = '1.5M' as never;
    const build = (): unknown => cascade({ id: 'kimi', steps: [{ model, contextWindow: value }] });
    expect(build).toThrow(
      expect.objectContaining({
        name: 'AI_InvalidConfigurationError',
        option: 'cascade "kimi": steps[0].contextWindow',
        path: ['steps', 0, 'contextWindow'],
        value,
        found: '"1.5M"',
      }),
    );
  });

  it.each<[(options: any) => unknown, object, readonly (string | number)[]]>([
    [cascade, { steps: [model], deadlineMs: -1 }, ['deadlineMs']],
    [cascade, { steps: [model], totalMs: 0 }, ['totalMs']],
    [cascade, { steps: [model], cooldown: { failures: 0, ms: 1 } }, ['cooldown', 'failures']],
    [cascade, { steps: [model], fallThroughOn: ['auth', 'x'] }, ['fallThroughOn', 1]],
    [
      cascade,
      { steps: [{ model, estimator: { charsPerToken: 0 } }] },
      ['steps', 0, 'estimator', 'charsPerToken'],
    ],
    [cascade, { steps: [model, { model, price: { input: 1 } }] }, ['steps', 1, 'price', 'output']],
    [alloy, { constituents: [sized, model] }, ['constituents', 1, 'contextWindow']],
    [dispatcher, { rules: [{ target: { model, retries: 99 } }] }, ['rules', 0, 'target', 'retries']],
    [
      dispatcher,
      { targets: [model], rules: [{ when: { between: { from: '9' } }, target: model }] },
      ['rules', 0, 'when', 'between', 'from'],
    ],
    [fitCheck, { contextWindow: 0 }, ['contextWindow']],
  ])('carries its path as keys and indices: %#', (make, options, path) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ path }));
  });

  it.each<[(options: any) => unknown, object, string]>([
    [
      cascade,
      { steps: [model], deadlinMs: 5 },
      'options.deadlinMs is a number: there is no such option, did you mean deadlineMs?',
    ],
    [
      cascade,
      { steps: [model], cooldown: { failure: 1, ms: 5 } },
      'cooldown.failure is a number: there is no such option, did you mean failures?',
    ],
    [
      dispatcher,
      { rules: [{ target: model, wen: {} }] },
      'rules[0].wen is an object: there is no such option, did you mean when?',
    ],
    [fitCheck, { contextWindows: 5 }, 'there is no such option, did you mean contextWindow?'],
    [cascade, { steps: [{ model, flavour: 1 }] }, 'there is no such option, only model, id, '],
  ])(
    'says which option a misspelled one is meant to be, or which there are: %#',
    (make, options, message) => {
      expect(() => make(options)).toThrow(message);
    },
  );

  it('explain takes primitives only', async () => {
    await expect(explain(model as never, { prompt: 'Hi' })).rejects.toThrow(
      'explain: model is an object: pass what alloy, cascade or dispatcher returned',
    );
    await expect(explain('openai/gpt-5' as never, { prompt: 'Hi' })).rejects.toThrow(
      'explain: model is "openai/gpt-5"',
    );
  });

  it.each<[string, () => unknown]>([
    ['with a fallback', () => dispatcher({ targets: [model], fallback: true, fallThroughOn: ['auth'] })],
    [
      'of an alloy that rests, what is counted',
      () =>
        alloy({
          constituents: [sized, sized],
          fallback: false,
          cooldown: { failures: 1, ms: 5 },
          fallThroughOn: ['auth'],
        }),
    ],
    [
      'patience with the retries of one member',
      () => cascade({ steps: [model, { model, retries: 1 }], maxRetryAfterMs: 5 }),
    ],
    ['the largest window', () => cascade({ steps: [{ model, contextWindow: 1e12 }] })],
    ['the smallest', () => cascade({ steps: [{ model, contextWindow: 2, capacityFraction: 0.5 }] })],
    ['an order that is the default', () => dispatcher({ rules: [{ target: model }], order: 'declared' })],
  ])('%s is right', (_, make) => {
    expect(make).not.toThrow();
  });

  it('does not change the options it is given', () => {
    const options = Object.freeze({
      steps: Object.freeze([Object.freeze({ model, contextWindow: '8K' as const })]),
    });
    expect(() => cascade(options)).not.toThrow();
  });
});
