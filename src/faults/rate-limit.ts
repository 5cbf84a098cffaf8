/** A request that the account's tier never accepts, however long one waits. */
const never =
  /^extra usage is required for long context|\blong[- ]context\b.{0,60}\b(?:requires?|not (?:yet )?(?:available|enabled)|tier|beta)\b/i;
const limitAndRequest = /\blimit:? ([\d,]+)(?:, used:? ([\d,]+))?,? requested:? ([\d,]+)/i;
const tooLargeForIt = /^request too large\b/i;

/** Whether this one request alone is above the rate limit, so that waiting does not help. */
export function exceedsRateLimit(own: readonly string[]): boolean {
  return own.some((text) => {
    if (never.test(text)) return true;
    const [, limit, , requested] = limitAndRequest.exec(text) ?? [];
    if (limit === undefined) return tooLargeForIt.test(text) && /\b(?:tokens per min|TPM)\b/i.test(text);
    return numberOf(requested!) > numberOf(limit);
  });
}

const numberOf = (digits: string): number => Number(digits.replaceAll(',', ''));

/** A rate limit by its message, for vendors that send no code for it in a stream. */
const sentence =
  /^(?:too many (?:tokens|requests)\b.{0,20}(?:please wait|try again|per )|rate limit (?:exceeded|reached))/i;

export const isRateLimitSentence = (own: readonly string[]): boolean =>
  own.some((text) => sentence.test(text));
