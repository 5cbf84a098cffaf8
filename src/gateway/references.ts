import { entriesOf, namesPrimitive, referencesOf, type Declarations, type Entity } from './entities.ts';
import { misspelt, nearest } from '../spelling.ts';
import { namedAs } from './named-as.ts';
import { formatPath, showName, type GatewayProblem } from './problem.ts';

type Report = (problem: GatewayProblem) => void;

/** The names by which an entity can be referred to. */
export function namesOf({ id, kind }: Entity): readonly string[] {
  if (id === undefined) return [];
  return kind === 'model' ? [id] : [id, `${kind}/${id}`];
}

/** Maps each name to its entity, and reports entities that have the same name. */
export function nameEntities(entities: readonly Entity[], report: Report): Map<string, Entity> {
  const names = new Map<string, Entity>();
  for (const entity of entities) {
    const { path } = entity;
    for (const name of namesOf(entity)) {
      const other = names.get(name);
      if (!other) names.set(name, entity);
      else {
        const where = formatPath(other.path);
        report({
          path: [...path, 'id'],
          message: `duplicate id ${showName(name)}, ${where} has it: rename one`,
        });
        break;
      }
    }
  }
  return names;
}

/** Reports members of one primitive, and rules, that have the same id. */
export function checkIds(entities: readonly Entity[], report: Report): void {
  for (const entity of entities) {
    for (const [noun, entries] of Object.entries(entriesOf(entity))) {
      const taken = new Set<string>();
      for (const { value, path } of entries) {
        const { id } = Object(value) as { readonly id?: unknown };
        if (typeof id !== 'string') continue;
        if (taken.has(id)) {
          const message = `${showName(id)}: another ${noun} has that id: rename one`;
          report({ path: [...path, 'id'], message });
        }
        taken.add(id);
      }
    }
  }
}

/** Finding a suggestion takes time, so only the first mistakes get one. */
export const maxSuggestions = 200;

/** Reports references to models that have to be declared and aren't, and references that misspell a declared name. */
export function checkReferences(
  entities: readonly Entity[],
  names: ReadonlyMap<string, Entity>,
  undeclared: Declarations['undeclared'],
  report: Report,
): void {
  let suggestions = 0;
  const known = [...names.keys()];
  for (const { name, path, isSized } of entities.flatMap(referencesOf)) {
    if (names.has(name)) continue;
    const isPrimitive = namesPrimitive(name);
    if (!isPrimitive && isSized) continue;
    // If the AI SDK may know the model, only a very similar declared name counts as a misspelling.
    const isOpen = !isPrimitive && undeclared === 'ai-sdk';
    const suggest = isOpen ? misspelt : nearest;
    const meant = namedAs(name, names) ?? (suggestions++ < maxSuggestions ? suggest(name, known) : undefined);
    if (isOpen && meant === undefined) continue;
    const declare = isPrimitive ? 'declare it' : 'declare it under models, or give it a contextWindow here';
    const remedy = meant === undefined ? `: ${declare}` : `, did you mean ${showName(meant)}?`;
    report({ path, message: `unknown model ${showName(name)}${remedy}` });
  }
}

/** How deeply primitives may be nested, and how many members one may have, including nested ones: the fit check looks at each. */
const maxDepth = 32;
const maxMembers = 10_000;

/** How many cycles to report: a file of a megabyte can have thousands, each of thousands of members. */
const maxCycles = 100;

interface Size {
  readonly depth: number;
  readonly members: number;
}

/** Reports primitives that contain themselves, and reports and returns those that are nested too deeply or are too large. */
export function checkNesting(
  entities: readonly Entity[],
  names: ReadonlyMap<string, Entity>,
  report: Report,
): ReadonlySet<Entity> {
  const sizes = new Map<Entity, Size>();
  const trail = new Set<Entity>();
  const tooLarge = new Set<Entity>();
  let cycles = 0;
  const visit = (entity: Entity): Size => {
    const known = sizes.get(entity);
    if (known) return known;
    trail.add(entity);
    let isReported = false;
    let [depth, members] = [0, 0];
    for (const { name, path } of referencesOf(entity)) {
      const member = names.get(name);
      if (member && trail.has(member)) {
        // Report only one cycle per entity.
        if (!isReported && cycles++ < maxCycles) {
          const way = showTrail([...trail], member, name);
          report({ path, message: `${showName(name)} contains itself: ${way}: take one of them out` });
        }
        isReported = true;
        continue;
      }
      const size = member ? visit(member) : { depth: 0, members: 0 };
      depth = Math.max(depth, size.depth + 1);
      members += 1 + size.members;
    }
    trail.delete(entity);
    // Reported once, at the innermost primitive that is too large: the count starts anew for those that contain it.
    const isTooLarge = depth > maxDepth || members > maxMembers;
    if (isTooLarge) {
      const limits = `use at most ${maxDepth} levels and ${maxMembers} members in all`;
      report({ path: entity.path, message: `nests ${depth} levels and ${members} members: ${limits}` });
      tooLarge.add(entity);
    }
    const size = isTooLarge ? { depth: 1, members: 1 } : { depth, members };
    sizes.set(entity, size);
    return size;
  };
  for (const entity of entities) visit(entity);
  return tooLarge;
}

/** The ids of a cycle, in order. A shortcut that closes it is shown as well. */
function showTrail(trail: readonly Entity[], member: Entity, name: string): string {
  const ids = trail.slice(trail.indexOf(member)).map(({ id = '' }) => id);
  const alias = namesOf(member).includes(name) ? [] : [name];
  return showCycle([...ids, ...alias, member.id ?? '']);
}

/** The names of a cycle; a long cycle is shortened in the middle, long names at their end. */
export function showCycle(cycle: readonly string[]): string {
  const names = cycle.map((name) => (name.length > 100 ? `${name.slice(0, 100)}…` : name));
  return (names.length > 14 ? [...names.slice(0, 10), '…', ...names.slice(-3)] : names).join(' → ');
}
