import {
  flag,
  merge,
  milliseconds,
  name,
  tokens,
  type DocsOf,
  type Kind,
  type OptionDoc,
  type OptionTable,
} from './kinds.ts';
import { settings, supports } from './call-settings.ts';
import { vendors } from './vendors.ts';

/** Options of a member that can also be set on its primitive, as the default for its members. */
type Inherited =
  | 'estimator'
  | 'mediaTokens'
  | 'defaultOutputTokens'
  | 'anchor'
  | 'firstContentMs'
  | 'idleMs'
  | 'totalMs'
  | 'retries';

const estimator: Kind = { type: 'estimator' };
const mediaTokens: Kind = {
  type: 'function',
  remedy: 'pass a function, such as mediaTokens() of ai-alloy/media',
};

export const inherited: Readonly<Record<Inherited, Kind>> = {
  estimator,
  mediaTokens,
  defaultOutputTokens: tokens,
  anchor: flag,
  firstContentMs: milliseconds,
  idleMs: milliseconds,
  totalMs: milliseconds,
  retries: { type: 'number', isWhole: true, min: 0, max: 10, remedy: 'use a whole number from 0 to 10' },
};

export const inheritedDocs: DocsOf<typeof inherited> = {
  estimator: {
    sentence: 'Counts the input tokens.',
    otherwise: '[3.5 characters per token, guarded](counting.md#estimators)',
    more: 'An estimator, `{ charsPerToken }`, `{ bytesPerToken }` or `{ safetyMargin }`.',
  },
  mediaTokens: { sentence: 'Counts the tokens of images and files.', otherwise: 'an upper bound per kind' },
  defaultOutputTokens: {
    sentence:
      'Tokens reserved for the answer when a call sets no limit; by default the limit that the provider package sends by itself, else 4,096.',
    otherwise: '[what the provider sends](counting.md#max_tokens-that-a-provider-package-sends), else `4096`',
  },
  anchor: {
    sentence:
      'Whether to use the input tokens that a provider reported for the conversation so far, and count only what is new.',
    default: true,
  },
  firstContentMs: {
    sentence: "Milliseconds until a stream's first content. Recommended: 120000.",
    more: 'See [deadlines](timeouts-retries-cooldown.md#timeouts).',
  },
  idleMs: {
    sentence: 'Milliseconds that a stream may send nothing after its first content. Recommended: 180000.',
    more: 'See [deadlines](timeouts-retries-cooldown.md#timeouts).',
  },
  totalMs: {
    sentence: 'Milliseconds that an attempt may take. Recommended: 600000.',
    more: 'See [deadlines](timeouts-retries-cooldown.md#timeouts). On a nested primitive: all its attempts together.',
  },
  retries: {
    sentence: 'How often to try the same member again after a failure.',
    default: 0,
    more: 'At most 10. Members of a nested primitive use the retries that are set there.',
  },
};

const dollars: Kind = {
  type: 'number',
  min: 0,
  remedy: 'use US dollars per million tokens, 0 or more',
};

export const price: Readonly<Record<'input' | 'output' | 'cachedInput', Kind>> = {
  input: dollars,
  output: dollars,
  cachedInput: dollars,
};

export const priceDocs: DocsOf<typeof price> = {
  input: { sentence: 'US dollars per million input tokens.' },
  output: { sentence: 'US dollars per million output tokens.' },
  cachedInput: {
    sentence: 'US dollars per million input tokens that are read from the cache; by default as input.',
  },
};

type Limit = 'capacityFraction' | 'contextWindow' | 'maxInputTokens' | 'maxOutputTokens';

const limits: Readonly<Record<Limit, Kind>> = {
  capacityFraction: {
    type: 'number',
    above: 0,
    max: 1,
    remedy: 'use a number above 0 and at most 1, such as 0.85',
  },
  contextWindow: tokens,
  maxInputTokens: tokens,
  maxOutputTokens: tokens,
};

const vendor: Kind = { type: 'word', words: vendors, orAbove: 0 };

/** The options of a fit check: how large a model is, and how its tokens are counted. */
export const sizes: Readonly<
  Record<Limit | 'estimator' | 'vendor' | 'mediaTokens' | 'defaultOutputTokens', Kind>
> = /* @__PURE__ */ merge(limits, { estimator, vendor, mediaTokens, defaultOutputTokens: tokens });

/** Options of a model, both where it is declared and where it is used as a member. */
export const model: Readonly<Record<Inherited | Limit | 'price' | 'vendor' | 'settings' | 'supports', Kind>> =
  /* @__PURE__ */ merge(inherited, limits, {
    price: {
      type: 'table',
      options: price,
      required: ['input', 'output'],
      remedy: 'pass { input, output }, in US dollars per million tokens',
    },
    vendor,
    settings: {
      type: 'table',
      options: settings,
      required: [],
      remedy: 'pass an object, such as { temperature: 0.2 }',
    },
    supports: {
      type: 'table',
      options: supports,
      required: [],
      remedy: 'pass an object, such as { images: false }',
    },
  } satisfies OptionTable);

export const knownDocs: Readonly<Record<Limit | 'price' | 'vendor' | 'settings' | 'supports', OptionDoc>> = {
  capacityFraction: {
    sentence: 'How much of the context window to use.',
    default: 1,
    more: '`maxInputTokens` is multiplied by it, too. The result must be at least one token.',
  },
  contextWindow: {
    sentence: 'The context window in tokens, input and output together. "200K" is 204800.',
    otherwise: 'unsized',
    more: 'Required for a constituent of an alloy, unless that is a primitive.',
  },
  maxInputTokens: { sentence: 'Input limit in tokens, if the model has one besides the context window.' },
  maxOutputTokens: { sentence: 'Output limit in tokens: a call that asks for more does not fit.' },
  price: {
    sentence: 'The price of the model, from which decisions calculate the cost of calls.',
    more:
      '`{ input, output, cachedInput }`, in US dollars per million tokens, `cachedInput` by default as `input`. See ' +
      '[decisions](decisions.md); an [order](#orders) may use it.',
  },
  vendor: {
    sentence:
      "The vendor or family of the model's tokenizer, or a factor: its tokens per token of o200k_base.",
    otherwise: "by the model's ids",
    more: "`'qwen'` or [another](counting.md#tokenizer-families), or a factor.",
  },
  settings: {
    sentence: 'Settings for calls of this model that leave them open: temperature, headers and the like.',
    more: 'See [settings](members.md#settings).',
  },
  supports: {
    sentence: 'What the model lacks: requests that carry it pass the model over.',
    otherwise: 'everything',
    more: '`{ tools, images, files, json }`, each true unless said. See [there](members.md#supports).',
  },
};

export const member: Readonly<Record<'model' | 'id' | 'transform' | keyof typeof model, Kind>> =
  /* @__PURE__ */ merge({ model: { type: 'model' }, id: name } satisfies OptionTable, model, {
    transform: { type: 'function', remedy: 'pass a function that returns the call, changed or not' },
  } satisfies OptionTable);

export const memberDocs: Readonly<Record<'model' | 'id' | 'transform', OptionDoc>> = {
  model: {
    sentence: 'A model, a string id, or another primitive.',
    otherwise: 'required',
  },
  id: {
    sentence: 'Names the member in decisions.',
    otherwise: '`provider/modelId`',
    more: 'Errors name it as well. Equal default ids get `#2`, `#3`.',
  },
  transform: {
    sentence: 'A function that changes the calls of this member, also as a promise.',
    more: 'See [transform](members.md#transform).',
  },
};
