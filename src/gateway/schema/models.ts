import { z } from 'zod/v4';
import { vendors } from '../../tokens/vendor.ts';
import type {
  AskedSize,
  ConstituentConfig,
  CountingConfig,
  MemberConfig,
  ModelConfig,
  ModelDefaultsConfig,
  ModelOptionsConfig,
} from '../config.ts';
import type { Price } from '../../price.ts';
import { documented } from './documentation.ts';
import {
  flag,
  fraction,
  fromZero,
  milliseconds,
  modelName,
  name,
  optional,
  positive,
  size,
  sizeRemedy,
  text,
  whole,
} from './leaves.ts';
import { table } from './table.ts';
import { counting, level } from './tokenizer.ts';

type Shape<Keys extends PropertyKey> = Readonly<Record<Keys, z.ZodType>>;

/** What a primitive's members inherit, and models, too. */
export const inherited: Shape<
  | keyof CountingConfig
  | 'defaultOutputTokens'
  | 'anchor'
  | 'firstContentMs'
  | 'idleMs'
  | 'totalMs'
  | 'retries'
> = {
  ...counting,
  defaultOutputTokens: optional(
    size,
    'Tokens reserved for the answer when a call sets no limit; by default what the provider sends by itself, else 4,096.',
  ),
  anchor: optional(
    flag,
    'Whether the input tokens that a provider reported stand for the conversation so far.',
    true,
  ),
  firstContentMs: optional(milliseconds, "Milliseconds until a stream's first content. Recommended: 30000."),
  idleMs: optional(milliseconds, 'Milliseconds that a stream may be silent. Recommended: 30000.'),
  totalMs: optional(milliseconds, 'Milliseconds that an attempt may take. Recommended: 300000.'),
  retries: optional(whole(0, 10), 'Further tries of the same member.', 0),
};

const defaults: Shape<keyof ModelDefaultsConfig> = {
  ...inherited,
  capacityFraction: optional(fraction, 'How much of the context window to use.', 1),
};

const vendorRemedy = `use one of ${vendors.join(', ')}, or a factor above 0, such as 1.25`;
const vendor = z.union(
  [z.enum(vendors as [string, ...string[]]), z.number().gt(0, { error: vendorRemedy })],
  { error: vendorRemedy },
);

const addressRemedy = 'use the address of a server, as its provider is given it: http://127.0.0.1:8080/v1';

/** `{ ask: …, otherwise: 32K }` */
export const askedSize: z.ZodType<AskedSize> = documented(
  table<AskedSize>(
    {
      ask: documented(
        z.string({ error: addressRemedy }).regex(/^https?:\/\/[^\s/]/i, { error: addressRemedy }),
        {
          description: 'The server that is asked once, when the file is loaded: http://127.0.0.1:8080/v1.',
        },
      ),
      otherwise: documented(size, { description: "What holds where it can't be asked, or doesn't say." }),
      model: optional(
        modelName,
        "The model, as the server calls it; by default its id, without the provider's prefix.",
      ),
    },
    'use a size, or a table with ask and otherwise',
  ),
  { id: 'asked-size' },
);

const dollars = fromZero('use US dollars per million tokens, 0 or more');

const price = documented(
  table<Price>(
    {
      input: documented(dollars, { description: 'US dollars per million input tokens.' }),
      output: documented(dollars, { description: 'US dollars per million output tokens.' }),
      cachedInput: optional(
        dollars,
        'US dollars per million input tokens from the cache; by default as input.',
      ),
    },
    'use a table with input and output, in US dollars per million tokens',
  ),
  { id: 'price' },
);

const sizes: Shape<keyof ModelOptionsConfig> = {
  ...defaults,
  contextWindow: optional(
    z.union([size, askedSize], { error: sizeRemedy }),
    'Tokens that the model holds, input and output together. "200K" is 204800.',
  ),
  maxInputTokens: optional(size, 'Input limit in tokens, where a model has one of its own.'),
  maxOutputTokens: optional(size, 'Output limit in tokens: a call that asks for more does not fit.'),
  price: optional(price, 'What the model costs. Decisions say what calls cost.'),
  vendor: optional(vendor, 'Whose tokenizer the model has, or its tokens for each of o200k_base.'),
};

const member: Shape<keyof MemberConfig> = {
  model: documented(modelName, {
    description:
      'The id of a model or a primitive, this one also as alloy/x, cascade/x or dispatcher/x; or any model, with a context window here.',
  }),
  id: optional(name, 'Names the member in decisions.'),
  ...sizes,
};

const weight = optional(positive, 'How often the constituent is drawn, relative to the others.', 1);

const entryRemedy = 'name a model, or use a table with model';

/** A reference, or an entry with one. */
const orReference = <Config extends CountingConfig>(
  entry: z.ZodType<Config>,
  id: string,
): z.ZodType<string | Config> => z.union([name, documented(entry, { id })], { error: entryRemedy }) as never;

/** A step or a target. */
export const memberEntry: z.ZodType<string | MemberConfig> = orReference(
  level<MemberConfig>(member, entryRemedy),
  'member',
);

/** A constituent. */
export const constituentEntry: z.ZodType<string | ConstituentConfig> = orReference(
  level<ConstituentConfig>({ ...member, weight }, entryRemedy),
  'constituent',
);

/** `[model_defaults]` */
export const modelDefaults: z.ZodType<ModelDefaultsConfig> = documented(
  level<ModelDefaultsConfig>(defaults, 'use a table of options'),
  {
    id: 'model-defaults',
    description: 'What holds for every model, unless it, its member or the primitive says otherwise.',
  },
);

/** `[[models]]` */
export const model: z.ZodType<ModelConfig> = documented(
  level<ModelConfig>(
    {
      id: documented(name, {
        description: 'What the model is called by, and its provider asked for: openai/gpt-5.',
      }),
      name: optional(text, 'A name for people.'),
      ...sizes,
    },
    'use a table with id and contextWindow',
    [
      {
        about: ['capacityFraction', 'contextWindow', 'maxInputTokens'],
        holds: ({ capacityFraction = 1, contextWindow, maxInputTokens }) =>
          capacityFraction === 1 || contextWindow !== undefined || maxInputTokens !== undefined,
        at: 'capacityFraction',
        message: 'declare the contextWindow that it is a fraction of',
        schema: {
          if: { required: ['capacityFraction'], properties: { capacityFraction: { not: { const: 1 } } } },
          then: { anyOf: [{ required: ['contextWindow'] }, { required: ['maxInputTokens'] }] },
        },
      },
    ],
  ),
  { id: 'model' },
);
