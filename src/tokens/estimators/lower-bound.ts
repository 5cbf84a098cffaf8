import type { TokenEstimator } from '../estimator.ts';

/**
 * A number of tokens that a text has at least, with any common tokenizer: one for each run of letters and digits, and
 * more for long runs. No single token of o200k_base, cl100k_base, Llama 2 and 3, Qwen 3, DeepSeek V3, Gemini, Gemma 3
 * and Claude 2 counts as more than one here, so the result is never too high; `npm run lower-bound` checks all their
 * tokens.
 */
export const lowerBound: TokenEstimator = { id: 'lower-bound', estimateText: countRuns };

/** The weight that the characters of one token have at most: the longest has 104 letters. */
const perToken = 128;
/** Weights of characters of scripts without spaces between words, in which a long run has many tokens. */
const thaiWeight = 6; // the longest has 20; the longest of Lao, Khmer and Burmese 12
const hanWeight = 8; // the longest has 16; the longest of kana 11

function countRuns(text: string): number {
  let tokens = 0;
  let filled = perToken; // how much weight the run's last token has so far
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const lower = unit | 0x20;
    // Most texts are mostly made of these: without a call for each.
    const weight = (lower >= 97 && lower < 123) || (unit >= 48 && unit < 58) ? 1 : weightOf(unit);
    if (weight === 0) {
      if (!joins(unit, text, index)) filled = perToken;
    } else if (filled + weight > perToken) {
      tokens++;
      filled = weight;
    } else filled += weight;
  }
  return tokens;
}

// Apostrophe, underscore, the joiners of Persian and Hindi, DeepSeek's underscore: a run continues after them, since
// there are tokens that contain them: `','=','`, `<|start_header_id|>`.
const joiners = [0x27, 0x5f, 0x200c, 0x200d, 0x2581];
const equalsSign = 0x3d; // before a digit, as in `[toxicity=0]`

function joins(unit: number, text: string, index: number): boolean {
  return unit === equalsSign ? isDigit(text.charCodeAt(index + 1)) : joiners.includes(unit);
}

/** Of other characters than letters and digits of ASCII: 1 for letters, more for those of scripts without spaces, else 0. */
function weightOf(unit: number): number {
  if (unit < 0xc0 || unit === 0xd7 || unit === 0xf7) return 0; // × and ÷
  if (unit < 0xe00) return 1;
  if (unit < 0x10a0) return thaiWeight; // to Tibetan and Burmese
  if (unit < 0x2000) return unit >= 0x1780 && unit < 0x1800 ? thaiWeight : 1; // Khmer
  if (unit >= 0x3040 && unit < 0xa000) return unit === 0x30fb ? 0 : hanWeight; // kana and Han, but not the middle dot
  if (unit === 0x3005) return hanWeight; // the iteration mark
  return unit >= 0xac00 && unit < 0xd7a4 ? 1 : 0; // Hangul has spaces
}

const isDigit = (unit: number): boolean => unit >= 48 && unit < 58;
