import { z } from 'zod/v4';
import * as options from '../../options/file.ts';
import { encodings, tokenizerKinds as kinds } from '../../options/file.ts';
import { useOneOf } from '../../spelling.ts';
import type { TiktokenEncoding } from '../../tiktoken/encodings.ts';
import type { CountingConfig, TokenizerConfig } from '../config.ts';
import { documented } from './documentation.ts';
import { spellingsOf } from './leaves.ts';
import { fieldsOf } from './of-option.ts';
import { table, type Coherence } from './table.ts';

export const encoding: z.ZodType<TiktokenEncoding> = z.enum(encodings, {
  error: ({ input }) => useOneOf(input, encodings),
});

/** The remedy for a kind of tokenizer that is well known but not supported. */
export const sentencepieceRemedy =
  "sentencepiece is not supported, its tables differ from model to model: use huggingface with the path of the model's tokenizer.json, which transformers writes, or script-aware";

export const kind: z.ZodType<(typeof kinds)[number], string> = z
  .enum(kinds.flatMap(spellingsOf), {
    error: ({ input }) => (input === 'sentencepiece' ? sentencepieceRemedy : useOneOf(input, kinds)),
  })
  .transform((word) => word.replaceAll('_', '-') as (typeof kinds)[number]);

/** A ratio and a margin, at any level. */
export const ratios: Readonly<Record<keyof typeof options.ratios, z.ZodType>> = fieldsOf(
  options.ratios,
  options.ratiosDocs,
);

/** The settings of each kind, besides the margin. */
const settingsOf: Readonly<Record<string, readonly string[]>> = {
  'char-ratio': ['charsPerToken'],
  'byte-ratio': ['bytesPerToken'],
  tiktoken: ['encoding', 'model'],
  huggingface: ['path', 'config'],
};

const settings = ['charsPerToken', 'bytesPerToken', 'encoding', 'model', 'path', 'config'] as const;

const isRatio = (setting: (typeof settings)[number]): boolean => setting.endsWith('PerToken');

/** Allows at most one of the two ratios. */
export const oneRatio: Coherence<Pick<TokenizerConfig, 'charsPerToken' | 'bytesPerToken'>> = {
  about: ['charsPerToken', 'bytesPerToken'],
  holds: ({ charsPerToken, bytesPerToken }) => charsPerToken === undefined || bytesPerToken === undefined,
  at: 'bytesPerToken',
  message: 'keep one of the two ratios',
  schema: { not: { required: ['charsPerToken', 'bytesPerToken'] } },
};

/** Rules that reject settings which contradict each other. */
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
              message: `set kind = '${owners[0]}' as well`,
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
    fieldsOf(
      options.tokenizer,
      { ...options.settingsDocs, ...options.ratiosDocs },
      { schemas: { kind, encoding } },
    ),
    'use a table of settings, such as kind',
    settingRules,
  ),
  { id: 'tokenizer' },
);

/** The options of a level that set how to count; to be spread into its schema. */
export const counting: Readonly<Record<keyof CountingConfig, z.ZodType>> = fieldsOf(
  options.counting,
  { ...options.tokenizerDoc, ...options.ratiosDocs },
  { schemas: { tokenizer } },
);

/** A table of options with those that set how to count; `remedy` is for a value that is no table. */
export function level<Config extends CountingConfig>(
  shape: Readonly<Record<keyof Config, z.ZodType>>,
  remedy: string,
  rules: readonly Coherence<Config>[] = [],
): z.ZodType<Config> {
  return table<Config>(shape, remedy, [...(countingRules as readonly Coherence<Config>[]), ...rules]);
}

/** Rejects a level that sets both a tokenizer and a ratio or margin. */
const countingRules: readonly Coherence<CountingConfig>[] = [
  ...(Object.keys(ratios) as (keyof typeof ratios)[]).map((key): Coherence<CountingConfig> => ({
    about: ['tokenizer', key],
    holds: (config) => config.tokenizer === undefined || config[key] === undefined,
    at: key,
    message: 'there is also a tokenizer: set it there',
    schema: { not: { required: ['tokenizer', key] } },
  })),
  oneRatio,
];
