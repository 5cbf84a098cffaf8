import type { Candidate } from '../decision.ts';
import type { Call } from '../spec/model.ts';
import { countCall } from '../tokens/call/count-call.ts';
import type { Counter } from '../tokens/call/counter.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import type { Rule } from './parse-rules.ts';
import { ruleRequest } from './rule-request.ts';

/** The first rule that matches a call; undefined if none does. */
export async function matchingRule(
  rules: readonly Rule[],
  counter: Counter,
  call: Call,
  candidates: readonly Candidate[],
  recalled: Remembered,
): Promise<Rule | undefined> {
  if (rules.length === 0) return undefined; // of a dispatcher that is only sticky
  const request = ruleRequest(call);
  const isWithin = async (limit: number): Promise<boolean> => {
    if (limit === Infinity) return true;
    const { tokens, atLeast } = await countCall(call, counter, limit, recalled);
    return !atLeast && tokens <= limit;
  };
  for (const rule of rules) {
    const { target, fitsTarget, minInputTokens, maxInputTokens } = rule;
    if (fitsTarget && !candidates[target]!.fits) continue;
    if (!rule.matches(request) || !(await isWithin(maxInputTokens))) continue;
    if (minInputTokens > 0 && (await isWithin(minInputTokens - 1))) continue;
    return rule;
  }
  return undefined;
}
