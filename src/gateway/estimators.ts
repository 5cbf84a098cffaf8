import { check, InvalidConfigurationError } from '../errors.ts';
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

/** The options by which a level says how to count. */
export const countingOptionNames: readonly (keyof CountingConfig)[] = [
  'tokenizer',
  'charsPerToken',
  'bytesPerToken',
  'safetyMargin',
];

/** Finds the estimator that some levels ask for, the most general first; each is one setting on top of those before. */
export type EstimatorOf = (
  levels: readonly (CountingConfig | undefined)[],
  /** Whose tokens are counted, as far as it is one model. */
  modelId?: string,
) => TokenEstimator;

/** Equal settings give the same estimator, so that a call is counted once for all that have them. */
export function estimators(tiktoken: Tiktoken | undefined): EstimatorOf {
  const known = new Map([[defaultEstimator.id, defaultEstimator]]);
  return (levels, modelId) => {
    const estimator = levels.reduce(
      (inherited, level) => applyLevel(level, inherited, modelId, tiktoken),
      defaultEstimator,
    );
    const same = known.get(estimator.id);
    if (!same) known.set(estimator.id, estimator);
    return same ?? estimator;
  };
}

function applyLevel(
  level: CountingConfig | undefined,
  inherited: TokenEstimator,
  modelId: string | undefined,
  tiktoken: Tiktoken | undefined,
): TokenEstimator {
  const settings: TokenizerConfig = level?.tokenizer ?? level ?? {};
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
      return needed(tiktoken, 'tiktoken')({ ...(model ? { model } : encoding && { encoding }), ...margin });
    case 'auto':
      return ofModel(needed(tiktoken, 'auto'), modelId, margin) ?? guardedCharRatio({ ...margin });
    default:
      if (safetyMargin === undefined) return inherited;
      return inherited.withSafetyMargin?.(safetyMargin) ?? inherited;
  }
}

function kindOf({ kind, charsPerToken, bytesPerToken }: TokenizerConfig): TokenizerConfig['kind'] {
  if (kind !== undefined) return kind;
  if (charsPerToken !== undefined) return 'char-ratio';
  return bytesPerToken === undefined ? undefined : 'byte-ratio';
}

function needed(tiktoken: Tiktoken | undefined, kind: string): Tiktoken {
  check(
    tiktoken !== undefined,
    'tokenizer.kind',
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
