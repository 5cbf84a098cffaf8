import { z } from 'zod/v4';
import type { TiktokenEncoding } from '../../tiktoken/encodings.ts';
import type { CountingConfig, TokenizerConfig } from '../config.ts';
import { margin, name, optional, positive } from './leaves.ts';

/** Named here, so that js-tiktoken stays optional; checked to be all. */
const encodingNames: Readonly<Record<TiktokenEncoding, true>> = {
  gpt2: true,
  r50k_base: true,
  p50k_base: true,
  p50k_edit: true,
  cl100k_base: true,
  o200k_base: true,
};
const encodings = Object.keys(encodingNames) as [TiktokenEncoding, ...TiktokenEncoding[]];
const encoding = z.enum(encodings, { error: `use one of ${encodings.join(', ')}` });

const kinds = ['char-ratio', 'byte-ratio', 'script-aware', 'tiktoken', 'auto'] as const;
const kindNames = kinds.join(', ');
const sentencepieceRemedy =
  'sentencepiece is not supported, its tables differ from model to model: use script-aware, or a chars_per_token of the model';

const kind = z
  .enum([...new Set(kinds.flatMap((each) => [each, each.replaceAll('-', '_')]))], {
    error: ({ input }) => (input === 'sentencepiece' ? sentencepieceRemedy : `use one of ${kindNames}`),
  })
  .transform((word) => word.replaceAll('_', '-') as (typeof kinds)[number]);

const ratios = {
  charsPerToken: optional(positive, 'Unicode code points per token; means char-ratio.', 3.5),
  bytesPerToken: optional(positive, 'UTF-8 bytes per token; means byte-ratio.', 3),
  safetyMargin: optional(
    margin,
    'What the count is multiplied by, at least 1: by default 1.1, byte-ratio 1.15, tiktoken 1.02.',
  ),
};

/** Which settings a kind has, besides the margin. */
const settingsOf: Readonly<Record<string, readonly string[]>> = {
  'char-ratio': ['charsPerToken'],
  'byte-ratio': ['bytesPerToken'],
  tiktoken: ['encoding', 'model'],
};

const settings = ['charsPerToken', 'bytesPerToken', 'encoding', 'model'] as const;

/** Reports settings that have no effect together. */
function checkSettings(tokenizer: TokenizerConfig, context: z.RefinementCtx): void {
  const given = settings.filter((each) => tokenizer[each] !== undefined);
  const report = (key: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [key], message });
  if (tokenizer.kind !== undefined) {
    for (const each of given) {
      if (settingsOf[tokenizer.kind]?.includes(each)) continue;
      report(each, `kind ${tokenizer.kind} has no such setting: remove it, or the kind`);
    }
  } else if (given.some((each) => each === 'encoding' || each === 'model')) {
    report(
      given.find((each) => each === 'encoding' || each === 'model')!,
      "say kind = 'tiktoken' as well",
    );
  }
  if (given.length < 2) return;
  if (given.every((each) => each.endsWith('PerToken'))) report('bytesPerToken', 'keep one of the two ratios');
  if (given.every((each) => !each.endsWith('PerToken'))) report('model', 'keep the encoding or the model');
}

/** `[tokenizer]` */
export const tokenizer: z.ZodType<TokenizerConfig> = z
  .strictObject(
    {
      kind: optional(
        kind,
        'How tokens are counted. tiktoken and auto need js-tiktoken; auto is tiktoken for models of OpenAI, else the default.',
      ),
      ...ratios,
      encoding: optional(encoding, 'For kind tiktoken: the encoding.', 'o200k_base'),
      model: optional(name, 'For kind tiktoken: a model of OpenAI, instead of an encoding.'),
    } satisfies Record<keyof TokenizerConfig, z.ZodType>,
    { error: 'use a table of settings, such as kind' },
  )
  .superRefine(checkSettings)
  .meta({ description: 'How tokens are counted.' }) as unknown as z.ZodType<TokenizerConfig>;

/** The options of a level: to be spread into its object. */
export const counting: Readonly<Record<keyof CountingConfig, z.ZodType>> = {
  tokenizer: optional(tokenizer, 'How tokens are counted.'),
  ...ratios,
};

/** The table of a level that says how to count; `remedy` is for what is no table. */
export function level<Config extends CountingConfig>(
  shape: Readonly<Record<keyof Config, z.ZodType>>,
  remedy: string,
): z.ZodType<Config> {
  return z
    .strictObject(shape, { error: remedy })
    .superRefine((value, context) => checkCounting(value as CountingConfig, context)) as never;
}

/** Reports a level that says twice how to count. */
function checkCounting(config: CountingConfig, context: z.RefinementCtx): void {
  const bare = (['charsPerToken', 'bytesPerToken', 'safetyMargin'] as const).find(
    (key) => config[key] !== undefined,
  );
  const report = (key: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [key], message });
  if (bare && config.tokenizer) report(bare, 'there is a tokenizer beside it: say it there');
  if (config.charsPerToken !== undefined && config.bytesPerToken !== undefined) {
    report('bytesPerToken', 'keep one of the two ratios');
  }
}

/** `[proxy.token_estimator]`, another name of `[tokenizer]`, read as that. */
export const proxy: z.ZodType<{ readonly tokenEstimator?: TokenizerConfig | undefined }> = z
  .strictObject(
    {
      tokenEstimator: z
        .strictObject({
          strategy: optional(z.union([z.literal('tokenizer'), kind], { error: strategyError }), 'The kind.'),
          tokenizer: optional(
            z.union([kind, encoding], { error: strategyError }),
            'The kind, or the encoding of tiktoken.',
          ),
          ...ratios,
        })
        .transform(fromAlias)
        .superRefine(checkSettings)
        .optional(),
    },
    { error: 'use a table with token_estimator' },
  )
  .meta({
    description: 'Another name of tokenizer: proxy.token_estimator with strategy and tokenizer.',
  }) as never;

function strategyError({ input }: { readonly input?: unknown }): string {
  if (input === 'sentencepiece') return sentencepieceRemedy;
  return `use one of ${kindNames}, or of ${encodings.join(', ')} as the tokenizer`;
}

function fromAlias({
  strategy,
  tokenizer: named,
  ...rest
}: Readonly<Record<string, unknown>>): TokenizerConfig {
  const isEncoding = encodings.includes(named as TiktokenEncoding);
  const own = strategy === 'tokenizer' ? undefined : strategy;
  // A tokenizer beside a ratio strategy is what another strategy would have used.
  const isUsed = own === undefined || own === 'tiktoken';
  const of = own ?? (isEncoding ? 'tiktoken' : named);
  return {
    ...rest,
    ...(of !== undefined && { kind: of }),
    ...(isUsed && isEncoding && { encoding: named }),
  } as TokenizerConfig;
}
