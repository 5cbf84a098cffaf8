import type { UnmatchedRule } from '../decision.ts';
import type { FitsNow } from '../routing/router.ts';
import type { Call } from '../spec/model.ts';
import { countCall } from '../tokens/call/count-call.ts';
import type { Counter } from '../tokens/call/counter.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import type { Rule } from './parse-rules.ts';
import { ruleRequest } from './rule-request.ts';

/** What a call came to. */
export interface Matching {
  readonly matched?: Rule;
  readonly unmatched?: readonly UnmatchedRule[];
  /** Where every rule would match if the call were smaller: their targets, and the input tokens that rules allow them. */
  readonly tooLarge?: ReadonlyMap<number, number>;
}

/** The first rule that matches a call, if one does, and why those ahead of it don't. */
export async function matchingRule(
  rules: readonly Rule[],
  counter: Counter,
  call: Call,
  recalled: Remembered,
  fits: FitsNow,
): Promise<Matching> {
  if (rules.length === 0) return {}; // of a dispatcher that is only sticky
  const request = ruleRequest(call);
  const isWithin = async (limit: number): Promise<boolean> => {
    if (limit === Infinity) return true;
    const { tokens, atLeast } = await countCall(call, counter, limit, recalled);
    return !atLeast && tokens <= limit;
  };
  /** Sizes come last: to count takes longest. Whose target is asked and fits has matched. */
  const unmetBy = async (rule: Rule): Promise<UnmatchedRule['because'] | undefined> => {
    const { target, fitsTarget, minInputTokens, maxInputTokens } = rule;
    const unmet = rule.unmetBy(request);
    if (unmet) return unmet;
    if (!(await isWithin(maxInputTokens))) return 'maxInputTokens';
    if (minInputTokens > 0 && (await isWithin(minInputTokens - 1))) return 'minInputTokens';
    return fitsTarget && !(await fits(target)) ? 'fitsTarget' : undefined;
  };
  const unmatched: UnmatchedRule[] = [];
  for (const rule of rules) {
    const because = await unmetBy(rule);
    if (because === undefined) return { matched: rule, ...(unmatched.length > 0 && { unmatched }) };
    unmatched.push({ rule: rule.name, because });
  }
  const isTooLarge = unmatched.every(({ because }) => /^(maxInputTokens|fitsTarget)$/.test(because));
  return { unmatched, ...(isTooLarge && { tooLarge: allowedInput(rules) }) };
}

/** The most input that rules let each target have. */
function allowedInput(rules: readonly Rule[]): ReadonlyMap<number, number> {
  const allowed = new Map<number, number>();
  for (const { target, maxInputTokens } of rules) {
    allowed.set(target, Math.max(maxInputTokens, allowed.get(target) ?? 0));
  }
  return allowed;
}
