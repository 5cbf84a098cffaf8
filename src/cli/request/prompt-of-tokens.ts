import { defaultEstimator } from '../../tokens/resolve-estimator.ts';

/** A letter of Yi: every family of tokenizers is taken to make the same number of tokens of it, one for each UTF-8 byte. */
const sameForAll = 'ꆈ';

/** What a call costs, and a message, beside its text. */
const framing = 12;

/** The fewest tokens that a message with some text in it, or with this one, can be. */
export const leastTokens = (beginning = 'T'): number => framing + defaultEstimator.estimateText(beginning);

/**
 * A text behind `beginning` that is, as the only message of a call, so many tokens by the default estimator. Members of
 * families whose tokenizer is known count nearly as many.
 */
export function promptOfTokens(tokens: number, beginning?: string): string {
  const start = beginning === undefined ? '' : `${beginning}\n`;
  const fits = (text: string): boolean => defaultEstimator.estimateText(text) <= tokens - framing;
  const longest = longestThatFits((length) => fits(start + sameForAll.repeat(length)));
  const long = start + sameForAll.repeat(longest);
  const letters = longestThatFits((length) => fits(long + 'a'.repeat(length)));
  const text = long + 'a'.repeat(letters);
  return text === start && beginning !== undefined ? beginning : text;
}

function longestThatFits(fits: (length: number) => boolean): number {
  let longest = 0;
  let tooLong = 1;
  while (fits(tooLong)) tooLong *= 2;
  while (tooLong - longest > 1) {
    const middle = (longest + tooLong) >> 1;
    if (fits(middle)) longest = middle;
    else tooLong = middle;
  }
  return longest;
}
