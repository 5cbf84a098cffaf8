import type { TokenEstimator } from '../estimator.ts';
import { roundUp } from './ratio.ts';
import { tokensIn, visitsOf, type Visits } from './script-pass.ts';
import type { Encoding } from './script-weights.ts';

/** Tokens of a text. If the visits of its states are known already, they are passed. */
type Count = (text: string, visits?: Visits) => number;

/** What is needed to make an estimator that counts by script. */
interface Kind {
  readonly id: string;
  readonly safetyMargin: number;
  /** Tokens of a text for a model of an unknown tokenizer family. */
  readonly count: Count;
  withSafetyMargin(safetyMargin: number): TokenEstimator;
}

/** An estimator's counting function, and its variants for members with other tokenizers. */
interface Shared {
  readonly count: Count;
  readonly variants: ReadonlyMap<string, TokenEstimator>;
}

const shared = new WeakMap<TokenEstimator, Shared>();

/**
 * An estimator that knows some tokenizer families: a member of one of them gets a variant that counts with the
 * weights of its family. Variants share the pass over a text: see `estimateShared`.
 */
export function perEncoding({ id, safetyMargin, count, withSafetyMargin }: Kind): TokenEstimator {
  const variants = new Map<string, TokenEstimator>();
  const create = (own: Pick<TokenEstimator, 'id' | 'ignoresVendor'>, countOwn: Count): TokenEstimator => {
    const estimator: TokenEstimator = {
      ...own,
      estimateText: (text) => countOwn(text),
      withSafetyMargin,
      forTokenizer: ({ encodings }) => variantFor(encodings),
    };
    shared.set(estimator, { count: countOwn, variants });
    variants.set(estimator.id, estimator);
    return estimator;
  };
  const variantFor = (encodings: readonly Encoding[] | undefined): TokenEstimator => {
    if (!encodings) return base;
    const idOfOwn = `script-aware(${encodings.join(' or ')}, ${safetyMargin})`;
    const countOwn: Count = (text, visits) => roundUp(tokensIn(text, encodings, visits) * safetyMargin);
    return variants.get(idOfOwn) ?? create({ id: idOfOwn, ignoresVendor: true }, countOwn);
  };
  const base = create({ id }, count);
  return base;
}

/** Whether an estimator counts by script, in one pass over a text. */
export const readsScripts = (estimator: TokenEstimator): boolean => shared.has(estimator);

/** The passes over the texts of a call, by their index, so that members with other tokenizers need not repeat them. */
export type Readings = Map<number, Visits>;

/** Reading a shorter text again is as fast as multiplying the result of an earlier pass by weights. */
const minShared = 512;

/** The estimate for the text at `index`, sharing the pass over it with other members where that is faster. */
export function estimateShared(
  estimator: TokenEstimator,
  text: string,
  index: number,
  call: { readings: Readings | undefined },
): number | undefined {
  if (text.length < minShared) return undefined;
  const known = shared.get(estimator);
  if (!known || known.variants.size < 2) return undefined;
  const readings = (call.readings ??= new Map());
  const visits = readings.get(index) ?? visitsOf(text);
  readings.set(index, visits);
  return known.count(text, visits);
}
