import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createModelGateway, parseGatewayConfig } from '../src/gateway/index.ts';
import {
  alloy,
  byteRatio,
  cascade,
  charRatio,
  dispatcher,
  explain,
  fitCheck,
  InvalidConfigurationError,
  onDecision,
  scriptAware,
} from '../src/index.ts';
import { loadModelGateway, readGatewayFile } from '../src/load/index.ts';
import { mediaTokens } from '../src/media/index.ts';
import { redisStore } from '../src/redis/index.ts';
import { fromTiktoken, tiktoken } from '../src/tiktoken/index.ts';
import { answers, callOf, errorOf } from './support/models.ts';

const marker = 'q7Hush7q';

/** What people may put in a wrong place. */
const short = fc.constantFrom(marker, `hunter2-${marker}`);
const long = fc.constantFrom(
  `sk-${marker}`,
  `gsk_${marker}`,
  `Bearer ${marker}`,
  `sk-proj-${marker}-0123456789abcdefghijklmnop`,
  `eyJhbGciOiJIUzI1NiJ9.${marker}.0123456789abcdef`,
);
const address = fc.constantFrom(
  `redis://user:${marker}@127.0.0.1:6379/0`,
  `rediss://:${marker}@h`,
  `https://api.test/v1?api_key=${marker}`,
  `https://u:${marker}@api.test/v1?x=1#${marker}`,
);
const plain = fc.oneof(short, long, address).map((secret) => ({
  password: secret,
  nested: [secret, { url: secret }],
}));
const holder = plain.map((each) => ({ ...each, [`sk-${each.password}`]: 1 }));
const anything = fc.oneof(
  short,
  long,
  address,
  holder,
  holder.map((each) => [each]),
  holder.map((each) => Object.assign(() => {}, each)),
  holder.map((each) => new Map([[marker, each]])),
  address.map((url) => new URL(url)),
  short.map((text) => Symbol(text)),
);
/** In a file, the keys that are wrong are places, and shown. */
const noKey = fc.oneof(short, long, address, plain);
const noWordOrKey = fc.oneof(long, address, plain);
/** Of what takes a word or a number, a short text is shown, as it is what somebody mistyped. */
const noWord = fc.oneof(
  long,
  address,
  holder,
  long.map((text) => Symbol(text)),
);

const model = answers('m');
const sized = { model, contextWindow: '8K', weight: 2 };
const store = { get() {}, set() {} };

/** Options that are all right. Where a text stands, its option takes one. */
const shared = {
  id: 'mine',
  estimator: { charsPerToken: 3 },
  mediaTokens: () => undefined,
  anchor: true,
  defaultOutputTokens: 100,
  onTruncation: 'warn',
  onDecision() {},
  deadlineMs: 5,
  firstContentMs: 5,
  retries: 1,
  afterContent: 'buffer',
  maxBufferedParts: 5,
};
const rule = {
  id: 'rule',
  when: {
    maxInputTokens: '5K',
    hasTools: true,
    responseFormat: 'json',
    metadata: { tier: 'gold' },
    between: {},
  },
  target: sized,
  fitsTarget: true,
};
rule.when.between = { from: '22:00', to: '06:00', timeZone: 'UTC' };
const config = {
  tokenizer: { kind: 'char-ratio', charsPerToken: 3 },
  modelDefaults: { retries: 1 },
  models: [
    { id: 'a/x', contextWindow: '8K', vendor: 'openai' },
    { id: 'a/y', contextWindow: 16_384 },
  ],
  alloys: [{ id: 'blend', constituents: [{ model: 'a/x', weight: 2 }, 'a/y'], strategy: 'weighted' }],
  cascades: [{ id: 'safe', steps: ['a/x', { model: 'a/y', totalMs: 5 }], cooldown: { failures: 1, ms: 5 } }],
  dispatchers: [
    {
      id: 'smart',
      targets: ['blend', 'safe'],
      order: 'declared',
      rules: [{ when: rule.when, target: 'safe' }],
    },
  ],
};

type Make = (options: any) => unknown; // wrong on purpose

const functions: readonly (readonly [name: string, make: Make, options: unknown])[] = [
  [
    'cascade',
    cascade,
    { ...shared, cooldown: { failures: 1, ms: 5, store }, steps: [sizedWithout('weight')] },
  ],
  ['alloy', alloy, { ...shared, strategy: 'weighted', random: () => 0, constituents: [sized, sized] }],
  [
    'dispatcher',
    dispatcher,
    {
      ...shared,
      targets: [sizedWithout('weight')],
      rules: [{ ...rule, target: sizedWithout('weight') }],
      reevaluate: 'sticky',
      session: { store, ms: 5 },
      order: 'declared',
      fallback: true,
    },
  ],
  [
    'fitCheck',
    fitCheck,
    { contextWindow: '8K', capacityFraction: 0.5, maxOutputTokens: 5, vendor: 'openai' },
  ],
  ['charRatio', charRatio, { charsPerToken: 3, safetyMargin: 1.1 }],
  ['byteRatio', byteRatio, { bytesPerToken: 3, safetyMargin: 1.1 }],
  ['scriptAware', scriptAware, { safetyMargin: 1.1 }],
  ['tiktoken', tiktoken, { encoding: 'o200k_base', safetyMargin: 1.1 }],
  [
    'fromTiktoken',
    (options) => fromTiktoken({ encode: () => [1] }, options),
    { id: 'own', exactFor: 'openai' },
  ],
  ['mediaTokens', mediaTokens, { detail: 'low' }],
  [
    'redisStore',
    (options) => redisStore({ get() {}, set() {}, on() {}, psetex() {} } as never, options),
    { prefix: 'a:' },
  ],
  [
    'createModelGateway: options',
    (options) => createModelGateway({ models: [{ id: 'a' }] }, options),
    {
      providers: { '*': () => model },
      undeclared: 'error',
      tiktoken,
      mediaTokens: () => undefined,
      random: () => 0,
      cooldownStore: store,
      sessionStore: store,
    },
  ],
  ['createModelGateway', (data) => createModelGateway(data, { providers: () => model }), config],
  [
    'loadModelGateway: options',
    (options) => loadModelGateway('/no/such/models.json', options),
    { environment: {}, providers: { '*': () => model }, undeclared: 'error' },
  ],
  [
    'readGatewayFile: options',
    (options) => readGatewayFile('/no/such/models.json', options),
    { environment: {} },
  ],
  ['readGatewayFile', ({ source }) => readGatewayFile(source), { source: { text: '{}', format: 'json' } }],
];

function sizedWithout(name: string): object {
  return Object.fromEntries(Object.entries(sized).filter(([key]) => key !== name));
}

type Path = readonly (string | number)[];

/** What is an object of options, a list of them, or a leaf; models, functions and stores are leaves. */
const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && value !== model && value !== store;

function placesIn(value: unknown, path: Path = []): Path[] {
  const inner = isTree(value)
    ? Object.entries(value).flatMap(([key, each]) => placesIn(each, [...path, key]))
    : [];
  return [path, ...inner];
}

function changed(value: unknown, [key, ...rest]: Path, secret: unknown): unknown {
  if (key === undefined) return secret;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  copy[key] = changed(copy[key], rest, secret);
  return copy;
}

/** Options that take a name, which is shown: of what is called so, in errors and decisions. */
const isName = (path: Path): boolean =>
  /^(id|model|target|name|prefix|text|source)$/.test(String(path.at(-1))) ||
  path.at(-2) === 'steps' ||
  path.at(-2) === 'targets' ||
  path.at(-2) === 'constituents' ||
  path.includes('metadata');

const valueAt = (options: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => (Object(value) as Record<string | number, unknown>)[key], options);

const isTable = (value: unknown): boolean => isTree(value) && !Array.isArray(value);

const wordAt = (options: unknown, path: Path): boolean => {
  const here = valueAt(options, path);
  return ['string', 'number', 'boolean'].includes(typeof here) || path.at(-1) === 'estimator';
};

/** All that anybody could print of an error. */
const printed = (error: unknown): string => {
  const { message, option, remedy, value, stack, problems } = Object(error) as Record<string, unknown>;
  const whole = inspect(error, { depth: 20, showHidden: true, getters: true });
  const problemText = inspect(problems, { depth: 20 });
  return [
    message,
    option,
    remedy,
    inspect(value, { depth: 20 }),
    stack,
    problemText,
    whole,
    JSON.stringify(error),
  ].join('\n');
};

async function thrownBy(make: () => unknown): Promise<unknown> {
  try {
    await make();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('R-36: no error shows a secret', () => {
  it.each(functions)('%s, wherever it stands', async (name, make, options) => {
    const [wrong, longer] = name === 'createModelGateway' ? [noKey, noWordOrKey] : [anything, noWord];
    const places = placesIn(options).filter((path) => !isName(path));
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        wrong,
        longer,
        async (path, secret: unknown, noWordHere: unknown) => {
          const changedOptions = changed(options, path, wordAt(options, path) ? noWordHere : secret);
          const error = await thrownBy(() => make(changedOptions));
          if (error !== undefined) refused++;
          expect(printed(error)).not.toContain(marker);
        },
      ),
      { numRuns: 60 + 8 * places.length },
    );
    expect(refused).toBeGreaterThan(20); // nothing is shown of what isn't refused
  });

  it.each(functions)('%s, in the place of a name, as an address', async (_, make, options) => {
    const places = placesIn(options).filter((path) => isName(path) && !path.includes('metadata'));
    const wrong = places.flatMap((path) =>
      fc.sample(address, 8).map((secret) => changed(options, path, secret)),
    );
    const errors = await Promise.all(wrong.map((each) => thrownBy(() => make(each))));
    expect(errors.map(printed).join('\n')).not.toContain(marker);
  });

  it.each(functions)('%s, as an unknown option, by key or value', async (name, make, options) => {
    const isData = name === 'createModelGateway';
    // Other tables have any names, or are looked at as a whole.
    const tables = placesIn(options).filter((path) => {
      const isOpen = path.some((key) => /^(metadata|environment|providers|source)$/.test(String(key)));
      return !isOpen && isTable(valueAt(options, path));
    });
    const names = fc.constantFrom('apiKey', 'api_key', 'password', 'url', 'token');
    const key = isData ? names : fc.oneof(names, long, address);
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...tables),
        key,
        isData ? noKey : anything,
        async (path, option, secret) => {
          const error = await thrownBy(() => make(changed(options, [...path, option], secret)));
          if (InvalidConfigurationError.isInstance(error)) refused++;
          expect(printed(error)).not.toContain(marker);
        },
      ),
      { numRuns: 100 },
    );
    expect(refused).toBe(name === 'readGatewayFile' ? 0 : 100); // that one has a source alone
  });

  it.each<[string, Make]>([
    ['a client', redisStore],
    ['a store', (own) => cascade({ steps: [model], cooldown: { failures: 1, ms: 1, store: own } })],
    ['a session store', (own) => createModelGateway({ models: [{ id: 'a' }] }, { sessionStore: own })],
    ['an encoder', (own) => fromTiktoken(own, { id: 'own' })],
    ['a listener', (own) => typeof own !== 'function' && onDecision(own)],
    ['a model to be explained', (own) => explain(own, { prompt: 'Hi' })],
    ['a file', (own) => loadModelGateway(own)],
    ['options', cascade],
    ['a model', (own) => cascade({ steps: [{ model: own, contextWindow: 0 as never }] })],
    ['providers', (own) => createModelGateway({ models: [{ id: 'a/b' }] }, { providers: own })],
    ['a provider', (own) => createModelGateway({ models: [{ id: 'a/b' }] }, { providers: { a: own } })],
  ])('%s', async (what, make) => {
    const wrong = { 'a file': address, 'a model': noWord, 'a model to be explained': noWord }[what];
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(wrong ?? anything, async (secret) => {
        const error = await thrownBy(() => make(secret));
        if (error !== undefined) refused++;
        expect(printed(error)).not.toContain(marker);
      }),
    );
    expect(refused).toBeGreaterThan(50);
  });

  it('nor does what a provider says of a model', async () => {
    const providers = (): never => {
      throw new Error(`401 of https://u:${marker}@api.test/v1?key=${marker}`);
    };
    const error = await thrownBy(() => createModelGateway({ models: [{ id: 'a/x' }] }, { providers }));
    expect((error as Error).message).toContain('401 of https://…@api.test/v1?…');
    expect(printed(error)).not.toContain(marker);
  });

  it('nor does the id of a session, which the application gives with a call', async () => {
    const options = { reevaluate: 'sticky', session: { store } } as const;
    const call = callOf('Hi', { providerOptions: { 'ai-alloy': { session: marker.repeat(200) } } });
    const error = await errorOf(
      dispatcher({ id: 'd', targets: [model], ...options } as never).doGenerate(call),
    );
    expect((error as Error).message).toContain("providerOptions['ai-alloy'].session is a string: use");
    expect(printed(error)).not.toContain(marker);
  });

  it('values of words and numbers are shown, and kept', () => {
    const make = (): unknown => cascade({ steps: [{ model, contextWindow: '1.5M' as never }] });
    expect(make).toThrow('steps[0].contextWindow is "1.5M": use a whole number');
    expect(make).toThrow(expect.objectContaining({ value: '1.5M' }));
    const unknown = (): unknown => cascade({ steps: [model], apiKey: 'sk-1' } as never);
    expect(unknown).toThrow('cascade: options.apiKey is a string: there is no such option');
    expect(unknown).toThrow(expect.objectContaining({ value: undefined }));
  });

  it('of a file as well', () => {
    const { problems } = parseGatewayConfig({
      models: [{ id: 'a', contextWindow: '1.5M', api_key: marker }],
    });
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^"1\.5M": use/),
      expect.stringMatching(/^no such option: /),
    ]);
  });
});
