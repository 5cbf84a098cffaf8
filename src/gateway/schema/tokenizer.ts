import { z } from 'zod/v4';
import type { TiktokenEncoding } from '../../tiktoken/encodings.ts';
import type { CountingConfig, TokenizerConfig } from '../config.ts';
import { documented } from './documentation.ts';
import { margin, name, optional, positive, spellingsOf, text } from './leaves.ts';
import { table, type Coherence } from './table.ts';

/** Named here, so that js-tiktoken stays optional; checked to be all. */
const encodingNames: Readonly<Record<TiktokenEncoding, true>> = {
  gpt2: true,
  r50k_base: true,
  p50k_base: true,
  p50k_edit: true,
  cl100k_base: true,
  o200k_base: true,
  o200k_harmony: true,
  o200k: true,
  cl100k: true,
};
/** The encodings of tiktoken. */
export const encodings: readonly TiktokenEncoding[] = Object.keys(encodingNames) as TiktokenEncoding[];
export const encoding: z.ZodType<TiktokenEncoding> = z.enum(encodings, {
  error: `use one of ${encodings.join(', ')}`,
});

const kinds = ['char-ratio', 'byte-ratio', 'script-aware', 'tiktoken', 'huggingface', 'auto'] as const;
/** All kinds, for messages. */
export const kindNames: string = kinds.join(', ');
/** What to use for a kind that many know. */
export const sentencepieceRemedy =
  "sentencepiece is not supported, its tables differ from model to model: use huggingface with the path of the model's tokenizer.json, which transformers writes, or script-aware";

export const kind: z.ZodType<(typeof kinds)[number], string> = z
  .enum(kinds.flatMap(spellingsOf), {
    error: ({ input }) => (input === 'sentencepiece' ? sentencepieceRemedy : `use one of ${kindNames}`),
  })
  .transform((word) => word.replaceAll('_', '-') as (typeof kinds)[number]);

/** A ratio and a margin, at any level. */
export const ratios: Readonly<Record<'charsPerToken' | 'bytesPerToken' | 'safetyMargin', z.ZodType>> = {
  charsPerToken: optional(positive, 'Unicode code points per token; means char-ratio.', 3.5),
  bytesPerToken: optional(positive, 'UTF-8 bytes per token; means byte-ratio.', 3),
  safetyMargin: optional(
    margin,
    'What the count is multiplied by, at least 1: by default 1.1, byte-ratio 1.15, tiktoken and huggingface 1.02.',
  ),
};

/** Which settings a kind has, besides the margin. */
const settingsOf: Readonly<Record<string, readonly string[]>> = {
  'char-ratio': ['charsPerToken'],
  'byte-ratio': ['bytesPerToken'],
  tiktoken: ['encoding', 'model'],
  huggingface: ['path', 'config'],
};

const settings = ['charsPerToken', 'bytesPerToken', 'encoding', 'model', 'path', 'config'] as const;

const isRatio = (setting: (typeof settings)[number]): boolean => setting.endsWith('PerToken');

/** There is one ratio at most. */
export const oneRatio: Coherence<Pick<TokenizerConfig, 'charsPerToken' | 'bytesPerToken'>> = {
  about: ['charsPerToken', 'bytesPerToken'],
  holds: ({ charsPerToken, bytesPerToken }) => charsPerToken === undefined || bytesPerToken === undefined,
  at: 'bytesPerToken',
  message: 'keep one of the two ratios',
  schema: { not: { required: ['charsPerToken', 'bytesPerToken'] } },
};

/** Settings that have no effect together. */
export const settingRules: readonly Coherence<TokenizerConfig>[] = [
  ...settings.flatMap((setting): Coherence<TokenizerConfig>[] => {
    const owners = kinds.filter((each) => settingsOf[each]?.includes(setting));
    return [
      {
        about: ['kind', setting],
        holds: (tokenizer) =>
          tokenizer.kind === undefined || tokenizer[setting] === undefined || owners.includes(tokenizer.kind),
        at: setting,
        message: (tokenizer) => `kind ${tokenizer.kind} has no such setting: remove it, or the kind`,
        schema: {
          if: { required: ['kind', setting] },
          then: { properties: { kind: { enum: owners.flatMap((each) => spellingsOf(each)) } } },
        },
      },
      ...(isRatio(setting)
        ? []
        : [
            {
              about: ['kind', setting] as const,
              holds: (tokenizer: TokenizerConfig) =>
                tokenizer.kind !== undefined || tokenizer[setting] === undefined,
              at: setting,
              message: `say kind = '${owners[0]}' as well`,
              schema: { if: { required: [setting] }, then: { required: ['kind'] } },
            },
          ]),
    ];
  }),
  oneRatio,
  {
    about: ['encoding', 'model'],
    holds: ({ encoding: named, model }) => named === undefined || model === undefined,
    at: 'model',
    message: 'keep the encoding or the model',
    schema: { not: { required: ['encoding', 'model'] } },
  },
  {
    about: ['kind', 'path'],
    holds: ({ kind: named, path }) => named !== 'huggingface' || path !== undefined,
    at: 'path',
    message: "name the model's tokenizer.json: its path or its URL",
    schema: {
      if: { required: ['kind'], properties: { kind: { const: 'huggingface' } } },
      then: { required: ['path'] },
    },
  },
];

/** `[tokenizer]` */
export const tokenizer: z.ZodType<TokenizerConfig> = documented(
  table<TokenizerConfig>(
    {
      kind: optional(
        kind,
        'How tokens are counted. tiktoken and auto need js-tiktoken, huggingface needs @huggingface/tokenizers; auto is tiktoken for models of OpenAI, else the default.',
      ),
      ...ratios,
      encoding: optional(encoding, 'For kind tiktoken: the encoding.', 'o200k_base'),
      model: optional(name, 'For kind tiktoken: a model of OpenAI, instead of an encoding.'),
      path: optional(text, "For kind huggingface: the path or the URL of the model's tokenizer.json."),
      config: optional(
        text,
        'For kind huggingface: that of its tokenizer_config.json, by default beside it.',
      ),
    },
    'use a table of settings, such as kind',
    settingRules,
  ),
  { id: 'tokenizer' },
);

/** The options of a level: to be spread into its object. */
export const counting: Readonly<Record<keyof CountingConfig, z.ZodType>> = {
  tokenizer: optional(tokenizer, 'How tokens are counted.'),
  ...ratios,
};

/** The table of a level that says how to count; `remedy` is for what is no table. */
export function level<Config extends CountingConfig>(
  shape: Readonly<Record<keyof Config, z.ZodType>>,
  remedy: string,
  rules: readonly Coherence<Config>[] = [],
): z.ZodType<Config> {
  return table<Config>(shape, remedy, [...(countingRules as readonly Coherence<Config>[]), ...rules]);
}

/** A level that says twice how to count. */
const countingRules: readonly Coherence<CountingConfig>[] = [
  ...(Object.keys(ratios) as (keyof typeof ratios)[]).map((key): Coherence<CountingConfig> => ({
    about: ['tokenizer', key],
    holds: (config) => config.tokenizer === undefined || config[key] === undefined,
    at: key,
    message: 'there is a tokenizer beside it: say it there',
    schema: { not: { required: ['tokenizer', key] } },
  })),
  oneRatio,
];
