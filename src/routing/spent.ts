import type { Attempt, TokenUsage } from '../decision.ts';
import { costOf } from '../price.ts';
import { usageOf, type Reporting } from '../sdk/usage.ts';
import type { Member } from './router.ts';

/** What a call used, and what that cost. */
export type Spent = Pick<Attempt, 'usage' | 'cost'>;

/**
 * What a call on a member used and cost, from the usage that was reported; undefined for a nested primitive, whose own
 * decision has both.
 */
export function spentOn({ price, resolved }: Member, reporting: Reporting): Spent | undefined {
  const usage = resolved?.router ? undefined : usageOf(reporting);
  if (!usage) return undefined;
  return price ? { usage, cost: costOf(price, usage) } : { usage };
}

/** What the attempts are known to have used and cost, including those of nested primitives. */
export function spentIn(attempts: readonly Attempt[]): { [Name in keyof Spent]: Spent[Name] | undefined } {
  let usage: TokenUsage | undefined;
  let cost: number | undefined;
  for (const attempt of attempts) {
    const { decision } = attempt;
    const used = decision?.usage ?? attempt.usage;
    if (used) usage = usage ? sumOf(usage, used) : used;
    const paid = attempt.cost ?? decision?.cost;
    if (paid !== undefined) cost = cost === undefined ? paid : Number((cost + paid).toPrecision(12));
  }
  return { usage, cost };
}

function sumOf(a: TokenUsage, b: TokenUsage): TokenUsage {
  const sum: Record<string, number> = { ...a };
  for (const [name, tokens] of Object.entries(b) as [string, number][]) sum[name] = (sum[name] ?? 0) + tokens;
  return sum;
}
