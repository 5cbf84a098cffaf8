import type { DispatcherConfig, MemberConfig } from './config.ts';
import { memberOptions, nameMembers, type MemberContext } from './members.ts';
import type { Path } from './problem.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * Targets and rules of a dispatcher. A rule that names a target is about that very member, with whatever the list
 * says of it; undefined if a model can't be had.
 */
export function dispatcherMembers(
  config: DispatcherConfig,
  path: Path,
  context: MemberContext,
): { readonly targets?: readonly Values[]; readonly rules?: readonly Values[] } | undefined {
  const { targets = [], rules = [] } = config;
  const { names } = context.declarations;
  const entries: (string | MemberConfig)[] = [];
  const places: Path[] = [];
  const byName = new Map<unknown, number>();
  const add = (entry: string | MemberConfig, place: Path, isReusable: boolean): number => {
    const name = typeof entry === 'string' ? entry : entry.model;
    const key = names.get(name) ?? name;
    const index = entries.push(entry) - 1;
    places.push(place);
    if (isReusable && !byName.has(key)) byName.set(key, index);
    return index;
  };
  targets.forEach((entry, index) => add(entry, [...path, 'targets', index], true));
  const indices = rules.map(({ target }, index) => {
    const isName = typeof target === 'string';
    const known = isName ? byName.get(names.get(target) ?? target) : undefined;
    return known ?? add(target, [...path, 'rules', index, 'target'], isName);
  });
  const holder = { config, path };
  const options = entries.map((entry, index) => memberOptions(entry, places[index]!, holder, context));
  if (!options.every((each) => each !== undefined)) return undefined;
  const members = nameMembers(options, entries, names);
  return {
    ...(config.targets && { targets: members.slice(0, targets.length) }),
    ...(config.rules && {
      rules: rules.map((rule, index) => ({ ...rule, target: members[indices[index]!] })),
    }),
  };
}
