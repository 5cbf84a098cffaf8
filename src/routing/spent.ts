import type { Attempt } from '../decision.ts';
import { costOf } from '../price.ts';
import type { Reporting } from '../sdk/usage.ts';
import type { Member } from './router.ts';

/** What a call on a member cost, by the usage that it reports. A nested primitive's own decision says that. */
export function spentOn(
  { price, resolved }: Member,
  reporting: Reporting,
): Pick<Attempt, 'cost'> | undefined {
  if (!price || resolved?.router) return undefined;
  const cost = costOf(price, reporting);
  return cost === undefined ? undefined : { cost };
}
