import type { PrimitiveKind } from './primitive-kinds.ts';

/** How a call on a member failed. */
export type FailureKind =
  | 'timeout'
  | 'rate-limit'
  | 'quota'
  | 'server-error'
  | 'network'
  | 'malformed-response'
  | 'unsupported'
  | 'rejected'
  | 'truncated'
  | 'overflow'
  | 'auth'
  | 'not-found'
  | 'content-filter'
  | 'bad-request'
  | 'aborted'
  | 'unknown';

/** The timeout that passed, by its option: one of an attempt, or `deadlineMs`, that of the whole call. */
export type Deadline = 'firstContentMs' | 'idleMs' | 'totalMs' | 'deadlineMs';

/** How many tokens a request needs in a member: `input + output` is compared with the member's ceiling. */
export interface Demand {
  /** Estimated input tokens, by the member's own estimator, safety margin included. */
  readonly input: number;
  /** Output tokens reserved. */
  readonly output: number;
  /**
   * Where `output` comes from: the `call`'s own limit; that of the member's `settings` or `transform`; declared `defaultOutputTokens`; what the model's `provider`
   * package sends by itself, where its API counts that against the window; or the `built-in` 4,096.
   * `max-output-tokens`: one of the latter three, lowered to the member's own limit.
   */
  readonly outputFrom:
    | 'call'
    | 'settings'
    | 'default-output-tokens'
    | 'provider'
    | 'built-in'
    | 'max-output-tokens';
  /** The id of the estimator that counted, and the factor for the model's vendor: `script-aware(1.1) × 1.25`. */
  readonly estimator: string;
  /**
   * How `input` was found: an `estimate`; a cheap upper `bound`, where that was enough (the real number is lower); an
   * `exact` count; `anchored`: what the provider reported for the conversation so far, plus a count of what is new; or
   * `assumed`: the size that the conversation may reach, by a dispatcher's `assumeSessionMaxTokens`.
   */
  readonly basis: 'estimate' | 'bound' | 'exact' | 'anchored' | 'assumed';
  /** Set if counting stopped at `input`, because that was already more than the member holds. */
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
   * The limit in tokens that the provider stated when it rejected a call within the last ten minutes, if it is below
   * the declared one. Then it is the `ceiling`, unless the request fits nowhere because of this limit alone.
   */
  readonly learnedCeiling?: number;
  /** Declared `maxInputTokens × capacityFraction` in tokens, if declared. */
  readonly maxInputTokens?: number;
  /** Declared `maxOutputTokens`, if declared. */
  readonly maxOutputTokens?: number;
  readonly fits: boolean;
  readonly demand: Demand;
  /**
   * Why the member was skipped or tried last. `too-large`: it can't hold the request. `unsupported`: it lacks what the
   * request carries, see `lacks`. `rejected`: its provider said that the request is too long. `not-chosen`: only a rule
   * leads to it, and none matched. `resting`: it is on cooldown, and tried last. `excluded`: the call leaves it out
   * (`only`, `except`).
   */
  readonly skipped?: 'too-large' | 'unsupported' | 'rejected' | 'resting' | 'not-chosen' | 'excluded';
  /**
   * What the request carries and the member lacks, by its `supports`. Beside `too-large`, in a nested primitive: what
   * those of its members lack that are not too small.
   */
  readonly lacks?: readonly ('tools' | 'images' | 'files' | 'json')[];
  /**
   * An alloy's constituent that is not on cooldown: how likely a draw puts it first, 0 to 1. `order` tells what comes
   * first without a draw.
   */
  readonly share?: number;
  /** A dispatcher's target without a declared size: it matches last. */
  readonly catchAll?: true;
  /** A nested primitive's own decision: in `explain()`, and where the request fits nowhere. */
  readonly decision?: Decision;
}

/** A rule of a dispatcher that did not match. */
export interface UnmatchedRule {
  /** Its id, or its index. */
  readonly rule: number | string;
  /**
   * The condition that was not met. `'fitsTarget'`: its target can't take the request. `'predicate-error'`: the
   * predicate threw, rejected, or gave something other than true or false. `'predicate-timeout'`: it took longer than
   * the rule's `whenMs`. `'excluded'`: the call leaves its target out.
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
    | 'predicate-timeout'
    | 'fitsTarget'
    | 'excluded';
  /**
   * What went wrong in a predicate, without its error's message, which may quote the prompt: `timed out after 5000 ms`,
   * `threw TypeError`, `threw AI_APICallError (rate-limit)`, `returned a string`.
   */
  readonly detail?: string;
}

/** Tokens that were used, as a provider reported them; what it did not report is left out. */
export interface TokenUsage {
  /** Input tokens that are billed, including those read from or written to the provider's cache. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** The part of `inputTokens` that was read from the provider's cache, if any. */
  readonly cachedInputTokens?: number;
}

/** One attempt: a request to one member, and how it ended. */
export interface Attempt {
  readonly id: string;
  readonly outcome: 'answered' | 'failed' | 'aborted';
  readonly failure?: FailureKind;
  readonly statusCode?: number;
  /** For `rejected`: the reason that `acceptAnswer` gave, up to 200 characters. */
  readonly reason?: string;
  /** What to do about a failure whose message is misleading. */
  readonly hint?: string;
  /** The timeout that passed. */
  readonly deadline?: Deadline;
  /** For a retry of the same member: how many milliseconds were waited before it. */
  readonly waitedMs?: number;
  /** When the member was called, in milliseconds since 1970 (`Date.now()`). */
  readonly startedAt?: number;
  /** Milliseconds until the member's answer had ended. */
  readonly durationMs?: number;
  /** Of a stream: milliseconds until the member sent its first content or reasoning. */
  readonly firstContentMs?: number;
  /** What the provider reported to have used, also for a failed attempt. A nested primitive's is in its decision. */
  readonly usage?: TokenUsage;
  /** What the attempt cost in US dollars, if the member has a price and its provider reported usage. */
  readonly cost?: number;
  /** A nested primitive's own decision. */
  readonly decision?: Decision;
}

/**
 * Why a call went where it went: one plain-JSON record, on the result's metadata, behind every error, in `onDecision` and
 * from `explain()`. Contains no text of the prompt. A record of more than 64 candidates or about 4 KB is shortened.
 */
export interface Decision {
  /** The id of the primitive (or of the plain model, for `fitCheck`) that decided. */
  readonly id: string;
  readonly kind: PrimitiveKind | 'fit-check';
  /**
   * How the call ended. `refused`: nothing was sent, because the request fits no member or no rule matched. `aborted`: by
   * the caller, or the consumer stopped reading a stream. `explain()` says only `refused`, and otherwise leaves it out,
   * like the next two.
   */
  readonly outcome?: 'answered' | 'failed' | 'aborted' | 'refused';
  /** When the call began, in milliseconds since 1970 (`Date.now()`). */
  readonly startedAt?: number;
  /** Milliseconds until the call was over, by a monotonic clock: until the answer, or the stream, had ended. */
  readonly durationMs?: number;
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
  /** The rules before that one (all, if none matched), each with the first of its conditions that was not met. */
  readonly unmatched?: readonly UnmatchedRule[];
  /**
   * Set if nothing could hold the call and the `shorten` option returned another one, which all else in this decision
   * is about: input tokens before (`from`) and after (`to`), both of the member that had the most room.
   */
  readonly shortened?: {
    readonly from: number;
    readonly to: number;
    /** Set if counting stopped at `from`, because that was already more than the member holds. */
    readonly atLeast?: true;
  };
  /**
   * Set if a conversation was refused only because it has gone on to a larger target as often as it may: how often it
   * has (`escalations`), how often it may (`limit`; 0 with `reevaluate: 'sticky'`), and the target that `wouldFit`.
   */
  readonly outgrown?: { readonly escalations: number; readonly limit: number; readonly wouldFit: string };
  /**
   * Member ids in the order in which they are tried. An alloy draws it in real calls only; `explain()` names the first
   * one where that is certain.
   */
  readonly order?: readonly string[];
  readonly attempts?: readonly Attempt[];
  /** The sum of what providers reported to have used, failed attempts and nested primitives included. */
  readonly usage?: TokenUsage;
  /** What the call is known to have cost in US dollars, failed attempts included. */
  readonly cost?: number;
  /** The id of the member that answered. */
  readonly answeredBy?: string;
  /**
   * Set if the server silently truncated the prompt: the provider `reported` fewer input tokens than what was `sent` has
   * at least.
   */
  readonly truncated?: { readonly reported: number; readonly sent: number };
  /** How many entries a shortened record leaves out. */
  readonly omitted?: {
    readonly candidates: number;
    readonly attempts: number;
    readonly decisions: number;
    readonly rules: number;
  };
}

/** A value in the metadata that the application passes with a call; rules compare with it. */
export type MetadataValue = string | number | boolean;

/** What the application passed in `providerOptions['ai-alloy']`, as far as it is short. */
export type Metadata = Readonly<Record<string, MetadataValue | readonly MetadataValue[]>>;

/**
 * A decision as listeners get it. Only they get the metadata: it may name tenants and prices, and the decision on a
 * result is part of `providerMetadata`, which applications send to browsers.
 */
export interface ReportedDecision extends Decision {
  /**
   * The short values of `providerOptions['ai-alloy']` (ai 4: `providerMetadata`): texts up to 200 characters, numbers,
   * true, false and lists of these, up to about 1,000 characters together.
   */
  readonly metadata?: Metadata;
}

/** Receives the decision of a call when its outcome is final. */
export type DecisionListener = (decision: ReportedDecision) => void;
