import type { Attempt } from '../decision.ts';
import { costOf } from '../price.ts';
import type { Reporting } from '../sdk/usage.ts';
import type { Member } from './router.ts';

/**
 * What a call on a member cost, from the usage that was reported; undefined for a nested primitive, whose own decision
 * has the cost.
 */
export function spentOn(
  { price, resolved }: Member,
  reporting: Reporting,
): Pick<Attempt, 'cost'> | undefined {
  if (!price || resolved?.router) return undefined;
  const cost = costOf(price, reporting);
  return cost === undefined ? undefined : { cost };
}
