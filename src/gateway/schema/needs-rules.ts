import type { Need } from '../../options/kinds.ts';
import { isMet } from '../../options/needs.ts';
import { spellingsOf } from './leaves.ts';
import type { Coherence } from './table.ts';

/** Rules that reject options which have no effect without another option. */
export function needsRules<Config>(needs: readonly Need[]): readonly Coherence<Config>[] {
  return needs.map((need) => {
    const { option, of, values, unless } = need;
    const shown = values.map((each) => (typeof each === 'string' ? `'${each}'` : each));
    const rule: Coherence<Record<string, unknown>> = {
      about: [of, option, ...(unless === undefined ? [] : [unless])],
      holds: (table) => isMet(need, table),
      at: option,
      message: `it has no effect without ${of} ${shown.join(' or ')}: set that, or remove it`,
      schema: schemaOf(need),
    };
    return rule as unknown as Coherence<Config>; // the option tables and the config type list the same options
  });
}

/** The rule as JSON Schema. If the other option has the needed value by default, only another value is an error. */
function schemaOf({ option, of, values, isDefault, unless }: Need): object {
  if (unless !== undefined) {
    const isOff = { required: [of, option], properties: { [of]: { const: false } } };
    return { if: isOff, then: { required: [unless] } };
  }
  const words = values.flatMap<string | boolean>((each) =>
    typeof each === 'string' ? spellingsOf(each) : [each],
  );
  const one = words.length === 1 ? { const: words[0] } : { enum: words };
  const needed = isDefault
    ? { properties: { [of]: { not: { const: false } } } }
    : { required: [of], properties: { [of]: one } };
  return { if: { required: [option] }, then: needed };
}
