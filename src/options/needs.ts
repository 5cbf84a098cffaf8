import { check, found } from '../errors/errors.ts';
import { reporting, type Report } from './check-options.ts';
import type { Need } from './kinds.ts';
import { at, type Place } from '../errors/place.ts';

type Values = Readonly<Record<string, unknown>>;

export function isMet({ option, of, values, isDefault = false, unless }: Need, options: object): boolean {
  const { [option]: own, [of]: other } = options as Values;
  if (own === undefined || (unless !== undefined && (options as Values)[unless] !== undefined)) return true;
  return other === undefined ? isDefault : values.includes(other as string | boolean);
}

/** Reports options that have no effect because of the others: whoever set them expects an effect. */
export function checkNeeds(where: Place, options: object, all: readonly Need[], report: Report): void {
  for (const need of all) {
    const { option, of, values } = need;
    const shown = values.map((each) => (each === true ? 'true: set that, or remove it' : `'${each}'`));
    const remedy = `it has no effect without ${of}: ${shown.join(' or ')}`;
    reporting(report, () =>
      check(isMet(need, options), at(where, option), found((options as Values)[option]), remedy),
    );
  }
}
