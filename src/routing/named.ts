import { check, Found, foundName, foundSecret } from '../errors/errors.ts';
import { at, placeOf, type Place } from '../errors/place.ts';
import { passedWith } from '../sdk/call.ts';
import type { Call } from '../sdk/model.ts';
import { nearest } from '../spelling.ts';
import type { Member, Router } from './router.ts';

/** Members by their ids, at any depth, as they were passed: only these may be used, and these may not. */
export interface NamedMembers {
  readonly only?: unknown;
  readonly except?: unknown;
}

/** The same, checked. `only` is undefined where all may be used. */
export interface Named {
  readonly only: ReadonlySet<string> | undefined;
  readonly except: ReadonlySet<string>;
}

/** The members that a call names in `providerOptions['ai-alloy']`; undefined in the usual case, that it names none. */
export function namedBy(call: Call, router: Router): Named | undefined {
  if ((call['providerOptions'] ?? call['providerMetadata']) === undefined) return undefined;
  const passed: NamedMembers = passedWith(call);
  return passed.only == null && passed.except == null
    ? undefined
    : parseNamed(placeOf("providerOptions['ai-alloy']"), passed, router);
}

/**
 * Checks the names of members.
 *
 * @throws InvalidConfigurationError for a name that no member has, and if nobody is left
 */
export function parseNamed(where: Place, { only, except }: NamedMembers, router: Router): Named {
  const known = idsIn(router);
  const named = {
    only: only == null ? undefined : namesOf(at(where, 'only'), only, known),
    except: namesOf(at(where, 'except'), except ?? [], known),
  };
  const { kind } = router.planner;
  const shown = new Found([...named.except].map((name) => foundName(name).shown).join(', '));
  const remedy = `that leaves no member of ${kind} "${router.id}": leave out fewer`;
  const isAnyLeft = router.members.some((member) => !isLeftOut(named, router, member));
  check(isAnyLeft, at(where, 'except'), shown, remedy);
  return named;
}

const maxShown = 20;

function namesOf(where: Place, names: unknown, known: ReadonlySet<string>): ReadonlySet<string> {
  const list: readonly unknown[] = Array.isArray(names) ? names : [names];
  const isNone = list.length === 0 && where.path.at(-1) === 'only';
  check(!isNone, where, foundSecret(names), 'name one member or more, or leave it out');
  for (const [index, name] of list.entries()) {
    const place = Array.isArray(names) ? at(where, index) : where;
    check(typeof name === 'string', place, foundSecret(name), 'use the id of a member, or a list of ids');
    if (known.has(name)) continue;
    const ids = [...known].map((id) => foundName(id).shown);
    const more = ids.length > maxShown ? ` and ${ids.length - maxShown} more` : '';
    const meant = nearest(name, known);
    const guess = meant === undefined ? '.' : `, did you mean ${foundName(meant).shown}?`;
    const remedy = `no member is called so${guess} There are ${ids.slice(0, maxShown).join(', ')}${more}`;
    check(false, place, foundName(name), remedy);
  }
  return new Set(list as readonly string[]);
}

function idsIn(
  router: Router,
  ids: Set<string> = new Set(),
  seen: Set<Router> = new Set(),
): ReadonlySet<string> {
  if (seen.has(router)) return ids;
  seen.add(router);
  for (const member of router.members) {
    const inner = routerIn(router, member);
    ids.add(member.id);
    if (inner) idsIn(inner, ids, seen);
  }
  return ids;
}

/** The router of a member that is a primitive. A string id that can't be resolved fails later, when it is tried. */
function routerIn(holder: Router, member: Member): Router | undefined {
  try {
    return member.resolve(holder).router;
  } catch {
    return undefined;
  }
}

/** Whether a member may not be used; a primitive, if none of its members may. */
export function isLeftOut(named: Named, holder: Router, member: Member): boolean {
  if (named.except.has(member.id)) return true;
  const inner = routerIn(holder, member);
  if (!inner) return named.only !== undefined && !named.only.has(member.id);
  const inside = namedInside(named, member);
  return inner.members.every((each) => isLeftOut(inside, inner, each));
}

/** What holds inside a member: whoever names a primitive names all that is in it. */
export function namedInside(named: Named, { id }: Member): Named {
  return named.only?.has(id) ? { only: undefined, except: named.except } : named;
}
