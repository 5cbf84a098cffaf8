/** No model has a context window this small: a smaller number is something else. */
const smallestBelieved = 256;

/** A number as messages write it: `131,072`, `128K`, `9351.0`; not a part of a name such as `gpt-4o` or `llama-3.1-8b`. */
const number =
  /(?<![\w.,-])(\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,3})?(?: ?([KM])(?![\w/])| ?(bytes?|[KMG]i?B|characters?|chars|%|seconds?|ms|messages?|images?)\b)?(?![\w-])/gi;

/** Words in front of a number, with up to three others between. */
const inFront = (words: string): RegExp => new RegExp(`(?:${words})\\W*(?:(?!\\d)\\w+\\W+){0,3}$`, 'i');
/** What stands in front of a limit. */
const beforeLimit = /* @__PURE__ */ inFront(
  '\\bmax\\w*|\\blimits?|allowed|available|\\bwindow|capacity|context (?:length|size)|up to|at most|\\bonly|(?:less|fewer|longer|larger|greater|more|bigger) than|exceed\\w*(?! by)|supports?|n_ctx|[<>]=?|≤',
);
/** What stands in front of a number that is about the output alone. */
const beforeOutput = /* @__PURE__ */ inFront(
  'output|completion|max_(?:completion_|new_|output_)?tokens|generat\\w*',
);
/** Units that make a number a context window. */
const ofTokens = /token|context|n_ctx|max_\w*len|(?:input|prompt|sequence) length/i;

interface Mention {
  readonly tokens: number;
  readonly isLimit: boolean;
}

/**
 * The limit in tokens that a sentence states, NaN if it states none that can be believed.
 *
 * @param found The digits of the limit, where it is known where they stand.
 */
export function statedLimit(text: string, found?: string): number {
  if (found === undefined && !ofTokens.test(text)) return Number.NaN;
  const mentions = mentionsIn(text.slice(0, 600));
  const exact = Number(found?.replaceAll(',', ''));
  const named = mentions.filter(({ tokens, isLimit }) =>
    found === undefined ? isLimit : [exact, exact * 1024, exact * 1_048_576].includes(tokens),
  );
  // What is too long is longer than the limit: of several numbers that may be it, the smallest.
  const limit = named.length === 0 ? exact : Math.min(...named.map(({ tokens }) => tokens));
  const sizes = mentions.filter((mention) => !mention.isLimit && !named.includes(mention));
  return believed(
    limit,
    sizes.map(({ tokens }) => tokens),
  );
}

/** The limit, unless it is too small to be one, or not below what the call is said to come to. */
export function believed(limit: number, sizes: readonly number[]): number {
  if (!Number.isSafeInteger(limit) || limit < smallestBelieved) return Number.NaN;
  const total = sizes.filter((each) => each >= smallestBelieved).reduce((sum, each) => sum + each, 0);
  return total > 0 && total <= limit ? Number.NaN : limit;
}

function mentionsIn(text: string): readonly Mention[] {
  const mentions: Mention[] = [];
  let end = 0;
  for (const { 0: whole, 1: digits, 2: unit, 3: other, index } of text.matchAll(number)) {
    const before = text.slice(end, index);
    end = index + whole.length;
    if (other) continue; // bytes are no tokens
    const factor = unit === undefined ? 1 : unit.toUpperCase() === 'K' ? 1024 : 1_048_576;
    const isLimit = beforeLimit.test(before) && !beforeOutput.test(before);
    mentions.push({ tokens: Number(digits!.replaceAll(',', '')) * factor, isLimit });
  }
  return mentions;
}
