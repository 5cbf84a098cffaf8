import { isObject } from '../errors/errors.ts';
import type { PlainData } from './plain-data.ts';
import type { GatewayProblem, Path } from './problem.ts';
import { optionNames } from './schema/table.ts';

/** Collects the problems of a configuration. */
export interface ProblemList {
  /** Adds a problem, with a path in camelCase, unless there already is one at that path. */
  report(problem: GatewayProblem): void;
  /** A message with options in the data's own spelling. */
  spelt(message: string): string;
  /** All problems in the order of the data, with options in the data's own spelling. */
  inOrder(): GatewayProblem[];
}

/** A list that starts with the problems found when the data was read. */
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
  const spelt = (message: string): string => spellOptions(message, spell);
  return {
    report: ({ path, message }) =>
      add({ path: spellMissing(path, asWritten(path), value, spell), message: spelt(message) }),
    spelt,
    inOrder: () => inOrderOf(data, [...byPlace.values()]),
  };
}

/** A path in the data's own spelling; an option that is missing gets the spelling that the data prefers. */
function spellMissing(path: Path, written: Path, value: unknown, spell: PlainData['spell']): Path {
  let here = value;
  return path.map((key, index) => {
    const isThere = isObject(here) && Object.hasOwn(here, key);
    here = isThere ? (here as Record<string | number, unknown>)[key] : undefined;
    return isThere || typeof key === 'number' || !optionNames.has(key) ? written[index]! : spell(key);
  });
}

/** Spells the options in a message as the file does, except within quotes, which contain text of the file. */
function spellOptions(message: string, spell: PlainData['spell']): string {
  return message.replaceAll(/"(?:[^"\\]|\\.)*"|[a-z]+(?:[A-Z][a-z]+)+/g, (word) =>
    optionNames.has(word) ? spell(word) : word,
  );
}

/** Sorts by the position of a path's keys in the data; a missing key comes before all others. */
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

/** A problem about a table comes before problems inside it. */
function compare(a: readonly number[], b: readonly number[]): number {
  const different = a.findIndex((index, depth) => index !== b[depth]);
  return different < 0 ? a.length - b.length : a[different]! - (b[different] ?? -2);
}
