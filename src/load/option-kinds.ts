import { camelCase, hasOwnNames } from '../gateway/plain-data.ts';
import { allOptions } from '../options/all.ts';
import type { Kind } from '../options/kinds.ts';
import type { Path } from './problem.ts';

/** The type that an option takes besides or instead of a text; `vendor`, for example, takes a number or a text. */
export type OptionKind = 'number' | 'boolean';

function kindOf(kind: Kind): OptionKind | undefined {
  if (kind.type === 'flag') return 'boolean';
  const isNumber = kind.type === 'number' || kind.type === 'tokens';
  return isNumber || (kind.type === 'word' && kind.orAbove !== undefined) ? 'number' : undefined;
}

const kinds: ReadonlyMap<string, OptionKind | undefined> = new Map(
  Object.values(allOptions()).flatMap(({ options }) =>
    Object.entries<Kind>(options).map(([name, kind]) => [name, kindOf(kind)] as const),
  ),
);

/** Whether the option at a path takes a number or a boolean; undefined for texts, such as metadata of any name. */
export function optionKindAt(path: Path): OptionKind | undefined {
  return hasOwnNames(path.slice(0, -1)) ? undefined : kinds.get(camelCase(String(path.at(-1))));
}
