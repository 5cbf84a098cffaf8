/** How a call on a member failed. */
export type FailureKind =
  | 'timeout'
  | 'rate-limit'
  | 'quota'
  | 'server-error'
  | 'network'
  | 'malformed-response'
  | 'unsupported'
  | 'truncated'
  | 'overflow'
  | 'auth'
  | 'not-found'
  | 'content-filter'
  | 'bad-request'
  | 'aborted'
  | 'unknown';

/** The option that set a deadline: of an attempt, or, `deadlineMs`, of the whole call. */
export type Deadline = 'firstContentMs' | 'idleMs' | 'totalMs' | 'deadlineMs';

/** What a request needs of a member, in tokens: `input + output` is held against the member's ceiling. */
export interface Demand {
  /** Estimated input tokens, by the member's own estimator, safety margin included. */
  readonly input: number;
  /** Output tokens reserved. */
  readonly output: number;
  /**
   * Where `output` comes from: the `call`'s own limit; declared `defaultOutputTokens`; what the model's `provider` package
   * sends by itself and its API holds against the window; or the `built-in` 4,096. `max-output-tokens`: one of the latter
   * three, lowered to the member's own limit.
   */
  readonly outputFrom: 'call' | 'default-output-tokens' | 'provider' | 'built-in' | 'max-output-tokens';
  /** The id of the estimator that counted, and the factor for the model's vendor: `script-aware(1.1) × 1.25`. */
  readonly estimator: string;
  /**
   * What settled it: the estimator's own `estimate`, its cheap upper `bound`, an `exact` count, or, `anchored`,
   * what the provider reported of the conversation so far, and a count of what is new. `assumed`: not this request,
   * but what its conversation is to come to, by a dispatcher's `assumeSessionMaxTokens`.
   */
  readonly basis: 'estimate' | 'bound' | 'exact' | 'anchored' | 'assumed';
  /** Set where the count stopped at `input`, which was more than the member holds already. */
  readonly atLeast?: true;
}

/** One member of a primitive, and whether it could hold the request. */
export interface Candidate {
  readonly id: string;
  /** `provider/modelId`, or the id of a nested primitive. */
  readonly model: string;
  /** `floor(contextWindow × capacityFraction)` in tokens; null without a declared context window. */
  readonly ceiling: number | null;
  /**
   * The limit in tokens that the provider stated when it rejected a call, within the last ten minutes, where it is
   * below the declared one: it is the `ceiling` then, unless it alone stands in the way of the request.
   */
  readonly learnedCeiling?: number;
  /** Declared `maxInputTokens × capacityFraction` in tokens, where there is one. */
  readonly maxInputTokens?: number;
  /** Declared `maxOutputTokens`, where there is one. */
  readonly maxOutputTokens?: number;
  readonly fits: boolean;
  readonly demand: Demand;
  /**
   * Why the member was passed over: by our own check, by the provider's word, or because only a rule leads to it, which
   * did not match; or put last, because it rests.
   */
  readonly skipped?: 'too-large' | 'rejected' | 'resting' | 'not-chosen';
  /** An alloy's constituent: how likely it is to be drawn first, 0 to 1. */
  readonly share?: number;
  /** A dispatcher's target without a declared size: it matches last. */
  readonly catchAll?: true;
  /** A nested primitive's own plan: in `explain()` and in refusals. */
  readonly decision?: Decision;
}

/** A rule of a dispatcher that did not match. */
export interface UnmatchedRule {
  /** Its id, or its index. */
  readonly rule: number | string;
  /**
   * The condition that did not hold; `'fitsTarget'`: its target can't hold the request; `'predicate-error'`: the
   * predicate threw, or returned something else than true and false.
   */
  readonly because:
    | 'maxInputTokens'
    | 'minInputTokens'
    | 'hasTools'
    | 'hasImages'
    | 'hasFiles'
    | 'responseFormat'
    | 'metadata'
    | 'text'
    | 'between'
    | 'predicate'
    | 'predicate-error'
    | 'fitsTarget';
}

/** One call on one member. */
export interface Attempt {
  readonly id: string;
  readonly outcome: 'answered' | 'failed' | 'aborted';
  readonly failure?: FailureKind;
  readonly statusCode?: number;
  /** What to do about a failure that is easy to mistake for another. */
  readonly hint?: string;
  /** The deadline that was not kept. */
  readonly deadline?: Deadline;
  /** How long was waited before it, where it is another try of the same member. */
  readonly waitedMs?: number;
  readonly durationMs?: number;
  /** What a failed attempt is known to have used, as its provider reported it. */
  readonly usage?: object;
  /** What it cost in US dollars, where the member has a price and its provider reported usage. */
  readonly cost?: number;
  /** A nested primitive's own decision. */
  readonly decision?: Decision;
}

/**
 * Why a call went where it went: one plain-JSON value for the log line, the error, the metadata on the
 * result and the dry run. Holds no prompt text. At most 64 candidates and about 4 KB of JSON, then summarised.
 */
export interface Decision {
  /** The id of the primitive (or of the plain model, for `fitCheck`) that decided. */
  readonly id: string;
  readonly kind: 'alloy' | 'cascade' | 'dispatcher' | 'fit-check';
  readonly candidates: readonly Candidate[];
  readonly reason:
    | 'weighted'
    | 'round-robin'
    | 'declared-order'
    | 'first-fit'
    | 'smallest-first'
    | 'cheapest-first'
    | 'fastest-first'
    | 'custom-order'
    | 'rule'
    | 'sticky'
    | 'escalated'
    | 'worst-case';
  /** The rule that matched, by its id, or its index. */
  readonly rule?: number | string;
  /** The rules ahead of that one, or all, if none matched, each with the first of its conditions that did not hold. */
  readonly unmatched?: readonly UnmatchedRule[];
  /** Member ids in the order in which to try them; of an alloy in a real call only, since it is drawn. */
  readonly order?: readonly string[];
  readonly attempts?: readonly Attempt[];
  /** What is known to have been spent on the call, failed attempts included: US dollars. */
  readonly cost?: number;
  /** The id of the member that answered. */
  readonly answeredBy?: string;
  /**
   * Set when the answer was made of a prompt that somebody cut off: the provider `reported` fewer input tokens
   * than what was `sent` can possibly have been.
   */
  readonly truncated?: { readonly reported: number; readonly sent: number };
  /** How much a summarised record leaves out. */
  readonly omitted?: {
    readonly candidates: number;
    readonly attempts: number;
    readonly decisions: number;
    readonly rules: number;
  };
}
