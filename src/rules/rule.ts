import type { ModelReference } from '../spec/model.ts';
import type { TokenSize } from '../tokens/size.ts';
import type { MemberOptions } from '../routing/member.ts';
import type { RuleRequest } from './rule-request.ts';

/** What metadata is compared with: a value, or a list of which one has to be it. */
export type MetadataValue = string | number | boolean;

/** What has to hold of a request, all of it; an empty object holds always. */
export interface RuleConditions {
  /** At most so many input tokens, by the dispatcher's own estimator. */
  readonly maxInputTokens?: TokenSize;
  /** At least so many input tokens, by the dispatcher's own estimator. */
  readonly minInputTokens?: TokenSize;
  /** Whether the call has tool definitions. */
  readonly hasTools?: boolean;
  /** Whether a message holds an image. */
  readonly hasImages?: boolean;
  /** Whether a message holds a file that is no image: a PDF, a recording, a text file. */
  readonly hasFiles?: boolean;
  /** What kind of answer the call asks for: `'json'` with and without a schema. */
  readonly responseFormat?: 'text' | 'json';
  /** What the application said of the request in `providerOptions['ai-alloy']` (ai 4: `providerMetadata`). */
  readonly metadata?: Readonly<Record<string, MetadataValue | readonly MetadataValue[]>>;
  /** What the text of the last user message contains, in this very spelling. */
  readonly text?: string;
  /** A time of day, such as `{ from: '22:00', to: '06:00', timeZone: 'Europe/Berlin' }`; `to` is no longer in it. */
  readonly between?: { readonly from: string; readonly to: string; readonly timeZone: string };
  /** Anything else. What it throws counts as `false`. */
  readonly predicate?: (request: RuleRequest) => boolean;
}

/** Sends the requests that it matches to one target. */
export interface DispatcherRule {
  /** Names the rule in decisions. @default its index */
  readonly id?: string;
  /** What has to hold. @default nothing */
  readonly when?: RuleConditions | ((request: RuleRequest) => boolean);
  /**
   * A model, a string id, another primitive or a target with sizes: one of its own, or the very one from `targets`, also by
   * its id, or, without one, by what its model is called. A string that names no target is a model's, unless it is
   * one's name but for a slip: then `{ model }` says that the model is meant.
   */
  readonly target: ModelReference | MemberOptions | (string & {});
  /**
   * Whether the rule matches only what its target can hold. Otherwise a request that matches and doesn't fit is
   * refused.
   * @default false
   */
  readonly fitsTarget?: boolean;
}
