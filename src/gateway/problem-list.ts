import { isObject } from '../errors/errors.ts';
import type { PlainData } from './plain-data.ts';
import type { GatewayProblem, Path } from './problem.ts';
import { optionNames } from './schema/table.ts';

/** Collects what is wrong with some data. */
export interface ProblemList {
  /** Takes a problem with a path in camelCase, unless there is one at that place. */
  report(problem: GatewayProblem): void;
  /** All, in the order of the data, and as that spells its options. */
  inOrder(): GatewayProblem[];
}

/** Begins with what was found when the data was read. */
export function problemList(
  data: unknown,
  { value, asWritten, spell }: PlainData,
  found: readonly GatewayProblem[],
): ProblemList {
  const byPlace = new Map<string, GatewayProblem>();
  const add = (problem: GatewayProblem): void => {
    const place = JSON.stringify(problem.path);
    if (!byPlace.has(place)) byPlace.set(place, problem);
  };
  found.forEach(add);
  return {
    report: ({ path, message }) =>
      add({ path: spellMissing(path, asWritten(path), value, spell), message: spellOptions(message, spell) }),
    inOrder: () => inOrderOf(data, [...byPlace.values()]),
  };
}

/** A path as it is written; of an option that isn't there, as it would be. */
function spellMissing(path: Path, written: Path, value: unknown, spell: PlainData['spell']): Path {
  let here = value;
  return path.map((key, index) => {
    const isThere = isObject(here) && Object.hasOwn(here, key);
    here = isThere ? (here as Record<string | number, unknown>)[key] : undefined;
    return isThere || typeof key === 'number' || !optionNames.has(key) ? written[index]! : spell(key);
  });
}

/** Options in a message as the file spells them; not within quotes, which hold what somebody wrote. */
function spellOptions(message: string, spell: PlainData['spell']): string {
  return message.replaceAll(/"(?:[^"\\]|\\.)*"|[a-z]+(?:[A-Z][a-z]+)+/g, (word) =>
    optionNames.has(word) ? spell(word) : word,
  );
}

/** Sorts by where the keys of a path stand in the data; what is missing stands where it should be. */
function inOrderOf(data: unknown, problems: readonly GatewayProblem[]): GatewayProblem[] {
  const orders = new Map<object, ReadonlyMap<string, number>>();
  const orderOf = (parent: object): ReadonlyMap<string, number> => {
    const known = orders.get(parent);
    if (known) return known;
    const order = new Map(Object.keys(parent).map((key, index) => [key, index] as const));
    orders.set(parent, order);
    return order;
  };
  const placeOf = ({ path }: GatewayProblem): number[] => {
    let here = data;
    return path.map((key) => {
      if (!isObject(here)) return -1;
      const index = typeof key === 'number' ? key : (orderOf(here).get(key) ?? -1);
      here = (here as Record<string | number, unknown>)[key];
      return index;
    });
  };
  return problems
    .map((problem) => ({ problem, place: placeOf(problem) }))
    .toSorted((a, b) => compare(a.place, b.place))
    .map(({ problem }) => problem);
}

/** What is around others comes first. */
function compare(a: readonly number[], b: readonly number[]): number {
  const different = a.findIndex((index, depth) => index !== b[depth]);
  return different < 0 ? a.length - b.length : a[different]! - (b[different] ?? -2);
}
