import { check, isObject } from '../errors/errors.ts';
import { at, type Place } from '../errors/place.ts';
import { byteRatio } from './estimators/byte-ratio.ts';
import { charRatio } from './estimators/char-ratio.ts';
import type { EstimatorOption, EstimatorSettings, TokenEstimator } from './estimator.ts';
import { guardedCharRatio } from './estimators/guarded-char-ratio.ts';
import { checkMargin, checkRatio } from './estimators/ratio.ts';

/** The built-in default; one instance, so that everything that uses it shares one count per call. */
export const defaultEstimator: TokenEstimator = /* @__PURE__ */ guardedCharRatio();

/**
 * The estimator that `value` asks for. An estimator or a ratio replaces `inherited`, the estimator of the level above,
 * and doesn't take over its margin; a margin alone keeps the inherited kind of estimator.
 */
export function resolveEstimator(
  option: Place | string,
  value: EstimatorOption | undefined,
  inherited: TokenEstimator,
): TokenEstimator {
  if (value === undefined) return inherited;
  const estimator = isObject(value) && (isEstimator(value) ? value : fromSettings(option, value, inherited));
  check(
    !!estimator,
    option,
    value,
    'pass charRatio(), byteRatio(), scriptAware(), tiktoken() of ai-alloy/tiktoken, an estimator with id and estimateText, ' +
      'or one of { charsPerToken }, { bytesPerToken } and { safetyMargin }',
  );
  return estimator;
}

const isEstimator = (value: EstimatorOption): value is TokenEstimator => {
  const { id, estimateText } = value as Partial<TokenEstimator>;
  return typeof estimateText === 'function' && typeof id === 'string';
};

function fromSettings(
  where: Place | string,
  value: EstimatorSettings,
  inherited: TokenEstimator,
): TokenEstimator | undefined {
  const { charsPerToken, bytesPerToken, safetyMargin, ...unknown } = value;
  if (Object.keys(unknown).length > 0) return undefined;
  for (const [name, ratio] of Object.entries({ charsPerToken, bytesPerToken })) {
    if (ratio !== undefined) checkRatio(at(where, name), ratio);
  }
  if (safetyMargin !== undefined) checkMargin(at(where, 'safetyMargin'), safetyMargin);
  if (bytesPerToken === undefined) {
    if (charsPerToken !== undefined) return charRatio({ charsPerToken, safetyMargin });
    return safetyMargin === undefined ? undefined : inherited.withSafetyMargin?.(safetyMargin);
  }
  return charsPerToken === undefined ? byteRatio({ bytesPerToken, safetyMargin }) : undefined;
}
