const forMs = 600_000;

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
  let until = 0;
  let most = 0;
  return {
    current: () => (stated < Infinity && Date.now() < until ? Math.max(stated, most) : Infinity),
    rejected(statedLimit) {
      stated = statedLimit;
      until = Date.now() + forMs;
    },
    accepted(inputTokens) {
      most = Math.max(most, inputTokens);
    },
  };
}
