import { defaultEstimator } from '../../tokens/resolve-estimator.ts';

/** A letter of Yi: the estimates of all tokenizer families count the same number of tokens for it, one per UTF-8 byte. */
const sameForAll = 'ꆈ';

/** Tokens of a call, and of a message, apart from the text. */
const framing = 12;

/** The fewest tokens that a call with one message can have: of this text, or of any text. */
export const minTokens = (beginning = 'T'): number => framing + defaultEstimator.estimateText(beginning);

/**
 * A text that starts with `beginning` and, as the only message of a call, has that many tokens by the default estimator.
 * Members of a known tokenizer family count almost as many.
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
