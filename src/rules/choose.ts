import type { UnmatchedRule } from '../decision.ts';
import type { MembersNow } from '../routing/router.ts';
import type { Call } from '../sdk/model.ts';
import { countCall } from '../tokens/call/count-call.ts';
import type { Counter } from '../tokens/call/counter.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import type { Rule } from './parse-rules.ts';
import { ruleRequest } from './rule-request.ts';

/** How a call came out against the rules. */
export interface Matching {
  readonly matched?: Rule;
  readonly unmatched?: readonly UnmatchedRule[];
  /**
   * Set if every rule would match a smaller call: the indices of their targets, and the input tokens that rules allow
   * each.
   */
  readonly tooLarge?: ReadonlyMap<number, number>;
}

/** The first rule that matches a call, if one does, and why the rules before it don't. */
export async function matchingRule(
  rules: readonly Rule[],
  counter: Counter,
  call: Call,
  recalled: Remembered,
  now: MembersNow,
): Promise<Matching> {
  if (rules.length === 0) return {}; // a sticky dispatcher without rules
  const request = ruleRequest(call);
  const isWithin = async (limit: number): Promise<boolean> => {
    if (limit === Infinity) return true;
    const { tokens, atLeast } = await countCall(call, counter, limit, recalled);
    return !atLeast && tokens <= limit;
  };
  /** The condition of a rule that is not met. Sizes are checked last, since counting takes longest. */
  const unmetBy = async (rule: Rule): Promise<UnmatchedRule['because'] | undefined> => {
    const { target, fitsTarget, minInputTokens, maxInputTokens } = rule;
    if (now.isLeftOut(target)) return 'excluded';
    const unmet = rule.unmetBy(request);
    if (unmet) return unmet;
    if (!(await isWithin(maxInputTokens))) return 'maxInputTokens';
    if (minInputTokens > 0 && (await isWithin(minInputTokens - 1))) return 'minInputTokens';
    return fitsTarget && !(await now.fits(target)).fits ? 'fitsTarget' : undefined;
  };
  const unmatched: UnmatchedRule[] = [];
  for (const rule of rules) {
    const because = await unmetBy(rule);
    if (because === undefined) return { matched: rule, ...(unmatched.length > 0 && { unmatched }) };
    unmatched.push({ rule: rule.name, because });
  }
  const open = unmatched.filter(({ because }) => because !== 'excluded');
  const isTooLarge = open.every(({ because }) => /^(maxInputTokens|fitsTarget)$/.test(because));
  const allowed = isTooLarge && allowedInput(rules.filter(({ target }) => !now.isLeftOut(target)));
  return { unmatched, ...(allowed && allowed.size > 0 && { tooLarge: allowed }) };
}

/** The largest input that the rules allow for each target. */
function allowedInput(rules: readonly Rule[]): ReadonlyMap<number, number> {
  const allowed = new Map<number, number>();
  for (const { target, maxInputTokens } of rules) {
    allowed.set(target, Math.max(maxInputTokens, allowed.get(target) ?? 0));
  }
  return allowed;
}
