import type { Need } from '../../options/kinds.ts';
import { isMet } from '../../options/needs.ts';
import { spellingsOf } from './leaves.ts';
import type { Coherence } from './table.ts';

/** Rules against options that have no effect beside the others. */
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
    return rule as unknown as Coherence<Config>; // the tables say which options there are
  });
}

/** The same as JSON Schema. What holds by default holds unless the opposite is said. */
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
