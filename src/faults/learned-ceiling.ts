const forMs = 600_000;
/** No model has a larger context window: a reported usage above it is wrong. */
const maxTokens = 1e9;

/** A member's input limit in tokens, as learned from its provider's answers. Kept for ten minutes, in this process. */
export interface LearnedCeiling {
  /** The stated limit, but no less than what the provider has accepted; Infinity if nothing is known. */
  current(): number;
  /** The provider has rejected a call as too long, and stated its limit. */
  rejected(statedLimit: number): void;
  /** The provider has answered, and reported this many input tokens. */
  accepted(inputTokens: number): void;
  forget(): void;
}

export function learnedCeiling(): LearnedCeiling {
  let stated = Infinity;
  let until = 0; // on the monotonic clock
  let maxAccepted = 0;
  return {
    // Accepted tokens far above the stated limit are a wrong report, and ignored.
    current: () =>
      stated < Infinity && performance.now() < until
        ? Math.max(stated, maxAccepted <= 16 * stated ? maxAccepted : 0)
        : Infinity,
    rejected(statedLimit) {
      stated = statedLimit;
      until = performance.now() + forMs;
    },
    accepted(inputTokens) {
      if (inputTokens <= maxTokens) maxAccepted = Math.max(maxAccepted, inputTokens);
    },
    forget() {
      stated = Infinity;
      maxAccepted = 0;
    },
  };
}
