import { z } from 'zod/v4';
import type { TokenizerConfig } from '../config.ts';
import { encodings, tokenizerKinds } from '../../options/file.ts';
import { didYouMean } from '../../spelling.ts';
import { documented } from './documentation.ts';
import { optional } from './leaves.ts';
import { coherent, table, type Coherence } from './table.ts';
import { encoding, kind, oneRatio, ratios, sentencepieceRemedy, settingRules } from './tokenizer.ts';

/** Token counting in the notation of other programs. */
interface TokenEstimatorAlias extends Pick<
  TokenizerConfig,
  'charsPerToken' | 'bytesPerToken' | 'safetyMargin'
> {
  readonly strategy?: string;
  readonly tokenizer?: string;
}

/** Rules that reject a strategy and a tokenizer that contradict each other. */
const aliasRules: readonly Coherence<TokenEstimatorAlias>[] = [
  {
    about: ['strategy', 'tokenizer'],
    holds: ({ strategy, tokenizer: named }) => strategy !== 'tokenizer' || named !== undefined,
    at: 'tokenizer',
    message: "strategy 'tokenizer' needs it: name the kind, or the encoding of tiktoken",
    schema: {
      if: { required: ['strategy'], properties: { strategy: { const: 'tokenizer' } } },
      then: { required: ['tokenizer'] },
    },
  },
  {
    about: ['strategy', 'tokenizer'],
    holds: ({ strategy, tokenizer: named }) =>
      named === undefined || [undefined, 'tokenizer', kindOf(named)].includes(strategy),
    at: 'tokenizer',
    message: ({ strategy }) => `strategy ${strategy} is another kind: keep one of the two`,
  },
];

/** Short names of encodings, as calciforge has them; `o200k` and `cl100k` are names of ours as well. */
const shortNames = { p50k: 'p50k_base', r50k: 'r50k_base', 'gpt-2': 'gpt2', gpt_2: 'gpt2' } as const;

const shortEncoding = z
  .enum(Object.keys(shortNames) as (keyof typeof shortNames)[])
  .transform((name) => shortNames[name]);

/** `[proxy.token_estimator]`, another name of `[tokenizer]`, read as that. */
export const proxy: z.ZodType<{ readonly tokenEstimator?: TokenizerConfig | undefined }> = documented(
  table<{
    readonly tokenEstimator?: TokenizerConfig | undefined;
  }>(
    {
      tokenEstimator: coherent(
        table<TokenEstimatorAlias>(
          {
            strategy: optional(
              z.union([z.literal('tokenizer'), kind], { error: strategyError }),
              'The kind.',
            ),
            tokenizer: optional(
              z.union([kind, encoding, shortEncoding], { error: strategyError }),
              'The kind, or the encoding of tiktoken.',
            ),
            ...ratios,
          },
          'use a table with strategy and tokenizer',
          [...aliasRules, oneRatio],
        ).transform(fromAlias) as unknown as z.ZodType<TokenizerConfig>,
        settingRules.map(({ schema: _, ...rule }) => rule), // checked on the normalised value, so not in the JSON Schema
      ).optional(),
    },
    'use a table with tokenEstimator',
  ),
  {
    id: 'proxy',
    description: 'Another name of tokenizer: proxy.token_estimator with strategy and tokenizer.',
  },
);

function strategyError({ input }: { readonly input?: unknown }): string {
  if (input === 'sentencepiece') return sentencepieceRemedy;
  return `${didYouMean(input, [...tokenizerKinds, ...encodings])}use one of ${tokenizerKinds.join(', ')}, or of ${encodings.join(', ')} as the tokenizer`;
}

function fromAlias({ strategy, tokenizer: named, ...rest }: TokenEstimatorAlias): TokenizerConfig {
  const of = named === undefined ? strategy : kindOf(named);
  return {
    ...rest,
    ...(of !== undefined && { kind: of }),
    ...(of !== named && named !== undefined && { encoding: named }),
  } as TokenizerConfig;
}

/** The kind that a tokenizer name means: an encoding means tiktoken. */
const kindOf = (named: string): string =>
  encodings.some((encodingName) => encodingName === named) ? 'tiktoken' : named;
