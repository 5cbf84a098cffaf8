const forMs = 600_000;
/** No model holds more: a usage above it is wrong. */
const mostTokens = 1e9;

/** What a member's provider has shown of its limit, in tokens. Kept for ten minutes, in this process. */
export interface LearnedCeiling {
  /** The limit it stated, but no less than it has accepted; Infinity if nothing is known. */
  current(): number;
  /** It rejected a call as too long, and stated its limit. */
  rejected(statedLimit: number): void;
  /** It answered, and reported that many input tokens. */
  accepted(inputTokens: number): void;
}

export function learnedCeiling(): LearnedCeiling {
  let stated = Infinity;
  let until = 0; // on the monotonic clock
  let most = 0;
  return {
    // What was accepted is far above what was stated only if it is not true.
    current: () =>
      stated < Infinity && performance.now() < until
        ? Math.max(stated, most <= 16 * stated ? most : 0)
        : Infinity,
    rejected(statedLimit) {
      stated = statedLimit;
      until = performance.now() + forMs;
    },
    accepted(inputTokens) {
      if (inputTokens <= mostTokens) most = Math.max(most, inputTokens);
    },
  };
}
