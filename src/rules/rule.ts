import type { MetadataValue } from '../decision.ts';
import type { ModelReference } from '../sdk/model.ts';
import type { TokenSize } from '../tokens/size.ts';
import type { MemberOptions } from '../routing/member.ts';
import type { RuleRequest } from './rule-request.ts';

/** What a predicate is given besides the request. */
export interface RuleContext {
  /**
   * Aborts when `whenMs` has passed, when the caller aborts, or when the call's `deadlineMs` has passed. Pass it to what
   * the predicate calls, so that nothing goes on after its answer is no longer awaited.
   */
  readonly signal: AbortSignal;
}

/**
 * Whether a rule matches a request. May be asynchronous: then the answer is awaited, for the rule's `whenMs` at most. If
 * it throws, rejects, is late, or gives anything but true or false, the rule doesn't match, and `unmatched` in the
 * decision says why. It is called last, if everything else about the rule is met, and an asynchronous one at most once
 * per call of the dispatcher, and once by `explain`.
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { generateText } from 'ai';
 * import type { RulePredicate } from 'ai-alloy';
 *
 * export const isAboutCode: RulePredicate = async ({ text }, { signal }) => {
 *   const prompt = `Is this about code? Answer yes or no.\n\n${text}`;
 *   const answer = await generateText({ model: openai('gpt-5-nano'), prompt, abortSignal: signal });
 *   return answer.text.startsWith('yes');
 * };
 * ```
 */
export type RulePredicate = (request: RuleRequest, context: RuleContext) => boolean | PromiseLike<boolean>;

/** Conditions on a request, all of which have to be met; an empty object matches every request. */
export interface RuleConditions {
  /** The input has at most this many tokens, by the dispatcher's own estimator. */
  readonly maxInputTokens?: TokenSize | undefined;
  /** The input has at least this many tokens, by the dispatcher's own estimator. */
  readonly minInputTokens?: TokenSize | undefined;
  /** Whether the call has tool definitions. */
  readonly hasTools?: boolean | undefined;
  /** Whether a message contains an image. */
  readonly hasImages?: boolean | undefined;
  /** Whether a message contains a file that is not an image: a PDF, a recording, a text file. */
  readonly hasFiles?: boolean | undefined;
  /** The kind of answer that the call asks for; `'json'` with or without a schema. */
  readonly responseFormat?: 'text' | 'json' | undefined;
  /** Values in `providerOptions['ai-alloy']` (ai 4: `providerMetadata`); of a list, any value matches. */
  readonly metadata?: Readonly<Record<string, MetadataValue | readonly MetadataValue[]>> | undefined;
  /** The last user message contains this text; upper and lower case matter. */
  readonly text?: string | undefined;
  /**
   * A time of day, such as `{ from: '22:00', to: '06:00', timeZone: 'Europe/Berlin' }`; `from` is included, `to` is
   * not.
   */
  readonly between?: { readonly from: string; readonly to: string; readonly timeZone: string } | undefined;
  /** Any other condition, also an asynchronous one. If it throws, or is late, the rule doesn't match. */
  readonly predicate?: RulePredicate | undefined;
}

/** A rule of a dispatcher: requests that it matches go to its target. */
export interface DispatcherRule {
  /** Names the rule in decisions. @default its index */
  readonly id?: string | undefined;
  /** Conditions, all of which have to be met, or a predicate. @default matches every request */
  readonly when?: RuleConditions | RulePredicate | undefined;
  /**
   * How many milliseconds to wait for the answer of an asynchronous predicate, in `when` or as `when` itself. After that,
   * the rule doesn't match.
   * @default 5000
   */
  readonly whenMs?: number | undefined;
  /**
   * A model, a string id, another primitive, or a target with options. It may be one of `targets`: the same object,
   * its id, or `provider/modelId` if it has no id. A string that names no target is a model id; one that is almost
   * the name of a target is an error, so write `{ model }` if you mean the model.
   */
  readonly target: ModelReference | MemberOptions | (string & {});
  /**
   * Whether the rule matches only requests that its target can hold. Otherwise a request that matches but doesn't fit
   * is refused.
   * @default false
   */
  readonly fitsTarget?: boolean | undefined;
}
