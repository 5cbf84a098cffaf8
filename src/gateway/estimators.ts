import { check, InvalidConfigurationError } from '../errors/errors.ts';
import { counting } from '../options/file.ts';
import { at } from '../errors/place.ts';
import type { HuggingFaceTokenizerOptions } from '../huggingface/hugging-face-tokenizer.ts';
import type { TiktokenOptions } from '../tiktoken/tiktoken.ts';
import type { TokenEstimator } from '../tokens/estimator.ts';
import { byteRatio } from '../tokens/estimators/byte-ratio.ts';
import { charRatio } from '../tokens/estimators/char-ratio.ts';
import { guardedCharRatio } from '../tokens/estimators/guarded-char-ratio.ts';
import { scriptAware } from '../tokens/estimators/script-aware.ts';
import { defaultEstimator } from '../tokens/resolve-estimator.ts';
import type { CountingConfig, TokenizerConfig } from './config.ts';

/** `tiktoken` of `ai-alloy/tiktoken`. */
export type Tiktoken = (options?: TiktokenOptions) => TokenEstimator;

/** `huggingFaceTokenizer` of `ai-alloy/huggingface`. */
export type HuggingFaceTokenizer = (options: HuggingFaceTokenizerOptions) => TokenEstimator;

/** Estimators that need an optional package, so they can only be passed in code. */
export interface Counters {
  readonly tiktoken?: Tiktoken | undefined;
  readonly huggingFaceTokenizer?: HuggingFaceTokenizer | undefined;
}

/** The options that set how to count at one level. */
export const countingOptionNames = Object.keys(counting) as (keyof CountingConfig)[];

/** Finds the estimator for several levels, the most general first. Each level changes the estimator of those before. */
export type EstimatorOf = (
  levels: readonly (CountingConfig | undefined)[],
  /** The model whose tokens are counted, if it is a single one. */
  modelId?: string,
  /** The index of the first level that is only about this model. */
  ownFrom?: number,
) => TokenEstimator;

/** Returns the same estimator for equal settings, so that a call is counted once for all members with them. */
export function estimators(counters: Counters): EstimatorOf {
  const known = new Map([[defaultEstimator.id, defaultEstimator]]);
  const context = { ...counters, tokenizers: new Map<string, TokenEstimator>() };
  return (levels, modelId, ownFrom = levels.length) => {
    const estimator = levels.reduce(
      (inherited, level) => applyLevel(level, inherited, modelId, context),
      defaultEstimator,
    );
    const saysKind = levels.findLastIndex((level) => kindOf(settingsOf(level)) !== undefined);
    const { kind, path, config } = settingsOf(levels[saysKind]);
    // A tokenizer file is exact only for its own model; if several models share it, it is an estimate.
    const isShared = kind === 'huggingface' && saysKind < ownFrom;
    const key =
      kind === 'huggingface' ? JSON.stringify([estimator.id, path, config, isShared]) : estimator.id;
    const same = known.get(key);
    if (same) return same;
    const made = isShared ? { ...estimator, isExactFor: () => false } : estimator;
    known.set(key, made);
    return made;
  };
}

/** What estimators are created from. */
interface Context extends Counters {
  /** Tokenizers by their files, since loading one takes time and memory. */
  readonly tokenizers: Map<string, TokenEstimator>;
}

const settingsOf = (level: CountingConfig | undefined): TokenizerConfig => level?.tokenizer ?? level ?? {};

function applyLevel(
  level: CountingConfig | undefined,
  inherited: TokenEstimator,
  modelId: string | undefined,
  context: Context,
): TokenEstimator {
  const settings = settingsOf(level);
  const { charsPerToken, bytesPerToken, safetyMargin, encoding, model } = settings;
  const margin = safetyMargin !== undefined && { safetyMargin };
  switch (kindOf(settings)) {
    case 'char-ratio':
      return charRatio({ ...(charsPerToken !== undefined && { charsPerToken }), ...margin });
    case 'byte-ratio':
      return byteRatio({ ...(bytesPerToken !== undefined && { bytesPerToken }), ...margin });
    case 'script-aware':
      return scriptAware({ ...margin });
    case 'tiktoken':
      return tiktokenOf(
        context,
        'tiktoken',
      )({ ...(model ? { model } : encoding && { encoding }), ...margin });
    case 'auto':
      return ofModel(tiktokenOf(context, 'auto'), modelId, margin) ?? guardedCharRatio({ ...margin });
    case 'huggingface':
      return withMargin(tokenizerOf(settings, context), safetyMargin);
    default:
      return withMargin(inherited, safetyMargin);
  }
}

function withMargin(estimator: TokenEstimator, safetyMargin: number | undefined): TokenEstimator {
  if (safetyMargin === undefined) return estimator;
  return estimator.withSafetyMargin?.(safetyMargin) ?? estimator;
}

/** The estimator for a model's own tokenizer files. */
function tokenizerOf(
  { path, config }: TokenizerConfig,
  { huggingFaceTokenizer, tokenizers }: Context,
): TokenEstimator {
  check(
    huggingFaceTokenizer !== undefined,
    at('tokenizer', 'kind'),
    'huggingface',
    'in code, pass huggingFaceTokenizer of ai-alloy/huggingface as well: createModelGateway(config, { huggingFaceTokenizer })',
  );
  const key = JSON.stringify([path, config]);
  const known = tokenizers.get(key);
  if (known) return known;
  const made = huggingFaceTokenizer({ tokenizer: path!, ...(config !== undefined && { config }) });
  tokenizers.set(key, made);
  return made;
}

function kindOf({ kind, charsPerToken, bytesPerToken }: TokenizerConfig): TokenizerConfig['kind'] {
  if (kind !== undefined) return kind;
  if (charsPerToken !== undefined) return 'char-ratio';
  return bytesPerToken === undefined ? undefined : 'byte-ratio';
}

function tiktokenOf({ tiktoken }: Counters, kind: string): Tiktoken {
  check(
    tiktoken !== undefined,
    at('tokenizer', 'kind'),
    kind,
    'it needs js-tiktoken: npm install js-tiktoken; in code, pass tiktoken of ai-alloy/tiktoken as well: createModelGateway(config, { tiktoken })',
  );
  return tiktoken;
}

/** The exact estimator of a model whose encoding is known. */
function ofModel(
  tiktoken: Tiktoken,
  model: string | undefined,
  margin: { readonly safetyMargin?: number } | false,
): TokenEstimator | undefined {
  if (model === undefined) return undefined;
  try {
    return tiktoken({ model, ...margin });
  } catch (error) {
    if (InvalidConfigurationError.isInstance(error)) return undefined;
    throw error;
  }
}
