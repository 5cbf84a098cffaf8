import { foundName } from '../errors/errors.ts';
import type { Member } from '../routing/router.ts';
import { isLacking } from '../routing/supports.ts';
import type { DispatcherRule, RuleConditions } from './rule.ts';

/** What a request carries if it meets the conditions, in words, by what a member that lacks it can't take. */
const asked = {
  images: ({ hasImages }: RuleConditions) => hasImages && 'images',
  files: ({ hasFiles }: RuleConditions) => hasFiles && 'files',
  tools: ({ hasTools }: RuleConditions) => hasTools && 'tools',
  json: ({ responseFormat }: RuleConditions) => responseFormat === 'json' && 'a response format of JSON',
};

/**
 * Warnings of rules whose target does not support what they ask for.
 *
 * @param targets the indices of their targets among the members
 */
export function unsupportedTargets(
  rules: readonly DispatcherRule[],
  targets: readonly number[],
  members: readonly Member[],
): string[] {
  return rules.flatMap(({ id, when, fitsTarget }, index) => {
    const target = members[targets[index]!]!;
    const lacking = Object.entries(asked).flatMap(([name, ask]) => {
      const what = typeof when === 'object' && ask(when);
      return what && isLacking(target, name as keyof typeof asked, true) ? [what] : [];
    });
    if (lacking.length === 0) return [];
    const outcome = fitsTarget ? 'so it never matches' : 'so all that it matches are refused';
    const remedy = 'name another target, or correct its supports';
    return `rule ${id ?? index} is for requests with ${lacking.join(' and ')}, which its target ${foundName(target.id).shown} does not support, ${outcome}: ${remedy}`;
  });
}
