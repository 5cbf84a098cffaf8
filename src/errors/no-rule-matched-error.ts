import type { Decision } from '../decision.ts';
import { AiAlloyError, hasMarker } from './errors.ts';

/**
 * No rule of a dispatcher matches the request, and there are no `targets` for requests without a matching rule;
 * nothing was sent. Never retried by `ai`. If a rule did not match only because the request is too large, the error is
 * a ContextWindowExceededError instead.
 *
 * @example
 * ```ts
 * import { NoRuleMatchedError } from 'ai-alloy';
 *
 * export const isUnserved = (error: unknown): boolean => NoRuleMatchedError.isInstance(error);
 * ```
 */
export class NoRuleMatchedError extends AiAlloyError {
  constructor({ decision }: { decision: Decision }) {
    const isNarrowed = decision.candidates.some(({ skipped }) => skipped === 'excluded');
    const message = isNarrowed
      ? 'no rule leads to a member that the call may use (only, except)'
      : 'no rule matches, and there are no targets. Add a rule without conditions, or targets for what no rule matches';
    super('NoRuleMatchedError', `${message}.`, decision);
  }

  /** Whether `error` is a NoRuleMatchedError, from any copy of this package. */
  static override isInstance(error: unknown): error is NoRuleMatchedError {
    return hasMarker(error, 'NoRuleMatchedError');
  }
}
