import type { MetadataValue } from '../decision.ts';
import type { ModelReference } from '../sdk/model.ts';
import type { TokenSize } from '../tokens/size.ts';
import type { MemberOptions } from '../routing/member.ts';
import type { RuleRequest } from './rule-request.ts';

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
  /** Any other condition. If it throws, the rule doesn't match. */
  readonly predicate?: ((request: RuleRequest) => boolean) | undefined;
}

/** A rule of a dispatcher: requests that it matches go to its target. */
export interface DispatcherRule {
  /** Names the rule in decisions. @default its index */
  readonly id?: string | undefined;
  /** Conditions, all of which have to be met, or a predicate. @default matches every request */
  readonly when?: RuleConditions | ((request: RuleRequest) => boolean) | undefined;
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
