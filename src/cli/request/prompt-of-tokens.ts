import { defaultEstimator } from '../../tokens/resolve-estimator.ts';

const sentence = 'The quick brown fox jumps over the lazy dog. ';

/** What a call costs, and a message, beside its text. */
const framing = 12;

/** The fewest tokens that a message with some text in it, or with this one, can be. */
export const leastTokens = (beginning = 'T'): number => framing + defaultEstimator.estimateText(beginning);

/** English text behind `beginning` that is, as the only message of a call, so many tokens by the default estimator. */
export function promptOfTokens(tokens: number, beginning?: string): string {
  let shortest = 0;
  let tooLong = 1;
  const wanted = tokens - framing;
  const textOf = (length: number): string => {
    const filler = sentence.repeat(Math.ceil(length / sentence.length)).slice(0, length);
    return beginning === undefined ? filler : [beginning, ...(filler === '' ? [] : [filler])].join('\n');
  };
  while (defaultEstimator.estimateText(textOf(tooLong)) <= wanted) tooLong *= 2;
  while (tooLong - shortest > 1) {
    const middle = (shortest + tooLong) >> 1;
    if (defaultEstimator.estimateText(textOf(middle)) <= wanted) shortest = middle;
    else tooLong = middle;
  }
  return textOf(shortest);
}
