/** No model has a smaller context window, so a smaller number means something else. */
const minLimit = 256;

/** A number in a message, such as `131,072`, `128K` or `9351.0`, but not as part of a name such as `gpt-4o` or `llama-3.1-8b`. */
const number =
  /(?<![\w.,-])(\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,3})?(?: ?([KM])(?![\w/])| ?(bytes?|[KMG]i?B|characters?|chars|%|seconds?|ms|messages?|images?)\b)?(?![\w-])/gi;

/** Matches words before a number, with up to three other words between. */
const inFront = (words: string): RegExp => new RegExp(`(?:${words})\\W*(?:(?!\\d)\\w+\\W+){0,3}$`, 'i');
/** Words before a limit. */
const beforeLimit = /* @__PURE__ */ inFront(
  '\\bmax\\w*|\\blimits?|allowed|available|\\bwindow|capacity|context (?:length|size)|up to|at most|\\bonly|(?:less|fewer|longer|larger|greater|more|bigger) than|exceed\\w*(?! by)|supports?|n_ctx|[<>]=?|≤',
);
/** Words before a number that is only about the output. */
const beforeOutput = /* @__PURE__ */ inFront(
  'output|completion|max_(?:completion_|new_|output_)?tokens|generat\\w*',
);
/** Words that show that a message is about tokens or a context window. */
const ofTokens = /token|context|n_ctx|max_\w*len|(?:input|prompt|sequence) length/i;

interface Mention {
  readonly tokens: number;
  readonly isLimit: boolean;
}

/**
 * The limit in tokens that a sentence states, NaN if it states none that is plausible.
 *
 * @param found The digits of the limit, if a known wording tells where they are.
 */
export function statedLimit(text: string, found?: string): number {
  if (found === undefined && !ofTokens.test(text)) return Number.NaN;
  const mentions = mentionsIn(text.slice(0, 600));
  const exact = Number(found?.replaceAll(',', ''));
  const named = mentions.filter(({ tokens, isLimit }) =>
    found === undefined ? isLimit : [exact, exact * 1024, exact * 1_048_576].includes(tokens),
  );
  // A call that is too long is longer than the limit, so of several possible numbers the smallest is the limit.
  const limit = named.length === 0 ? exact : Math.min(...named.map(({ tokens }) => tokens));
  const sizes = mentions.filter((mention) => !mention.isLimit && !named.includes(mention));
  return believed(
    limit,
    sizes.map(({ tokens }) => tokens),
  );
}

/** The limit if it is plausible: not too small, and below the stated size of the call; else NaN. */
export function believed(limit: number, sizes: readonly number[]): number {
  if (!Number.isSafeInteger(limit) || limit < minLimit) return Number.NaN;
  const total = sizes.filter((each) => each >= minLimit).reduce((sum, each) => sum + each, 0);
  return total > 0 && total <= limit ? Number.NaN : limit;
}

function mentionsIn(text: string): readonly Mention[] {
  const mentions: Mention[] = [];
  let end = 0;
  for (const { 0: whole, 1: digits, 2: unit, 3: other, index } of text.matchAll(number)) {
    const before = text.slice(end, index);
    end = index + whole.length;
    if (other) continue; // bytes, for example, are no tokens
    const factor = unit === undefined ? 1 : unit.toUpperCase() === 'K' ? 1024 : 1_048_576;
    const isLimit = beforeLimit.test(before) && !beforeOutput.test(before);
    mentions.push({ tokens: Number(digits!.replaceAll(',', '')) * factor, isLimit });
  }
  return mentions;
}
