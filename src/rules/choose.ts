import type { UnmatchedRule } from '../decision.ts';
import type { InTime } from '../routing/plan.ts';
import type { MembersNow } from '../routing/router.ts';
import type { Call } from '../sdk/model.ts';
import { countCall } from '../tokens/call/count-call.ts';
import type { Counter } from '../tokens/call/counter.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import type { Unmet } from './judge.ts';
import type { Rule } from './parse-rules.ts';
import { ruleRequest, type RuleRequest } from './rule-request.ts';

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

/** A call, and what is needed to ask rules about it. */
export interface Asked {
  readonly call: Call;
  readonly counter: Counter;
  readonly recalled: Remembered;
  readonly now: MembersNow;
  readonly inTime: InTime;
}

/** The first rule that matches a call, if one does, and why the rules before it don't. */
export async function matchingRule(rules: readonly Rule[], asked: Asked): Promise<Matching> {
  if (rules.length === 0) return {}; // a sticky dispatcher without rules
  const request = ruleRequest(asked.call);
  const { now } = asked;
  const unmatched: UnmatchedRule[] = [];
  let isTooLarge = true;
  for (const rule of rules) {
    if (now.isLeftOut(rule.target)) {
      unmatched.push({ rule: rule.name, because: 'excluded' });
      continue;
    }
    const because = rule.unmetBy(request) ?? (await unmetSize(rule, asked));
    const unmet = because ? { because } : await judged(rule, request, asked);
    if (!unmet) return { matched: rule, ...(unmatched.length > 0 && { unmatched }) };
    unmatched.push({ rule: rule.name, ...unmet });
    // Whether a predicate that was not called would match a smaller call isn't known.
    isTooLarge &&= !rule.judge && /^(maxInputTokens|fitsTarget)$/.test(unmet.because);
  }
  const allowed = isTooLarge && allowedInput(rules.filter(({ target }) => !now.isLeftOut(target)));
  return { unmatched, ...(allowed && allowed.size > 0 && { tooLarge: allowed }) };
}

/** The condition on size that is not met. */
async function unmetSize(
  { target, fitsTarget, minInputTokens, maxInputTokens }: Rule,
  { call, counter, recalled, now }: Asked,
): Promise<UnmatchedRule['because'] | undefined> {
  const isWithin = async (limit: number): Promise<boolean> => {
    if (limit === Infinity) return true;
    const { tokens, atLeast } = await countCall(call, counter, limit, recalled);
    return !atLeast && tokens <= limit;
  };
  if (!(await isWithin(maxInputTokens))) return 'maxInputTokens';
  if (minInputTokens > 0 && (await isWithin(minInputTokens - 1))) return 'minInputTokens';
  return fitsTarget && !(await now.fits(target)).fits ? 'fitsTarget' : undefined;
}

/** What the rule's predicate says. An asynchronous one is called once per call, however often that is planned. */
function judged(rule: Rule, request: RuleRequest, { call, recalled, inTime }: Asked): Unmet | Promise<Unmet> {
  if (!rule.judge) return undefined;
  const known = recalled.answers?.find((each) => each.rule === rule && isSameCall(each.call, call));
  if (known) return known.answer as Unmet;
  const unmet = rule.judge(request, inTime);
  return unmet instanceof Promise
    ? unmet.then((answer) => {
        (recalled.answers ??= []).push({ rule, call, answer });
        return answer;
      })
    : unmet;
}

/** Another call that runs at the same time may share the prompt, and differ in what a predicate looks at. */
function isSameCall(a: Call, b: Call): boolean {
  // Each attempt may have a signal of its own.
  const names = Object.keys({ ...a, ...b }).filter((name) => name !== 'abortSignal');
  return names.every((name) => a[name] === b[name]);
}

/** The largest input that the rules allow for each target. */
function allowedInput(rules: readonly Rule[]): ReadonlyMap<number, number> {
  const allowed = new Map<number, number>();
  for (const { target, maxInputTokens } of rules) {
    allowed.set(target, Math.max(maxInputTokens, allowed.get(target) ?? 0));
  }
  return allowed;
}
