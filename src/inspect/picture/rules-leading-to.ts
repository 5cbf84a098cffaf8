import type { DispatcherConfig, MemberConfig } from '../../gateway/index.ts';
import { isAsDeclared } from '../../gateway/parts.ts';
import type { Member } from '../../routing/router.ts';
import { modelName } from '../declared.ts';

/** The names of the rules of a dispatcher that lead to each of its members, by the member's index. */
export function rulesLeadingTo(
  dispatcher: DispatcherConfig | undefined,
  members: readonly Pick<Member, 'place'>[],
): ReadonlyMap<number, readonly string[]> {
  const { targets = [], rules = [] } = dispatcher ?? {};
  const declared = members.map(({ place: { path } }) => ({
    path,
    entry: (path[0] === 'rules' ? rules[Number(path[1])]?.target : targets[Number(path[1])]) ?? '',
  }));
  const names = new Map<number, string[]>();
  rules.forEach(({ id, target }, index) => {
    const own = declared.findIndex(({ path }) => path[0] === 'rules' && path[1] === index);
    const member = own >= 0 ? own : declared.findIndex(({ entry }) => isSame(entry, target));
    names.set(member, [...(names.get(member) ?? []), id ?? `${index}`]);
  });
  return names;
}

/** Whether a rule that names a model uses the member of that name. */
const isSame = (entry: string | MemberConfig, target: string | MemberConfig): boolean =>
  typeof target === 'string' && isAsDeclared(entry) && modelName(entry) === modelName(target);
