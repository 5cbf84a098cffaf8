import {
  assertKnownOptions,
  check,
  Found,
  foundInstead,
  foundSecret,
  InvalidConfigurationError,
  isObject,
} from '../errors/errors.ts';
import { nameRemedy, type Kind, type OptionTable, type WordKind } from './kinds.ts';
import { at, type Place } from '../errors/place.ts';
import { didYouMean } from '../spelling.ts';

/** Receives each error about an option. To stop at the first one, throw it. */
export type Report = (error: InvalidConfigurationError) => void;

/** Runs a check and returns its result, or reports its InvalidConfigurationError and returns undefined. */
export function reporting<Value>(report: Report, run: () => Value): Value | undefined {
  try {
    return run();
  } catch (error) {
    if (!InvalidConfigurationError.isInstance(error)) throw error;
    report(error);
    return undefined;
  }
}

/** Checks the value of each option that is set. Kinds that `checkOption` doesn't know are checked by whoever reads them. */
export function checkOptions(
  outer: Place | string,
  options: object,
  table: OptionTable,
  report: Report = rethrow,
): void {
  // `for in` rather than Object.entries, which is slower: a gateway may have thousands of models.
  for (const name in table) {
    const value = (options as Record<string, unknown>)[name];
    if (value !== undefined) reporting(report, () => checkOption(at(outer, name), value, table[name]!));
  }
}

const rethrow: Report = (error) => {
  throw error;
};

/** Throws an InvalidConfigurationError unless the option accepts the value. */
export function checkOption(place: Place, value: unknown, kind: Kind): void {
  switch (kind.type) {
    case 'number':
      return check(isWithin(value, kind), place, value, kind.remedy);
    case 'word': {
      const isOne =
        kind.words.includes(value as string) ||
        (kind.orFunction && typeof value === 'function') ||
        (kind.orAbove !== undefined && isWithin(value, { above: kind.orAbove }));
      return check(isOne === true, place, value, remedyOf(kind, value));
    }
    case 'words': {
      const isList = Array.isArray(value);
      check(isList || typeof value === 'function', place, foundInstead(value), kind.remedy);
      if (isList)
        value.forEach((each, index) =>
          checkOption(at(place, index), each, { type: 'word', words: kind.words }),
        );
      return;
    }
    case 'flag':
      return check(typeof value === 'boolean', place, value, 'use one of true, false');
    case 'name': {
      const isName = typeof value === 'string' && value.trim() !== '' && value.length <= 200;
      return check(isName, place, value, nameRemedy);
    }
    case 'function':
      return check(typeof value === 'function', place, foundInstead(value), kind.remedy);
    case 'table': {
      check(isTable(value), place, foundNoTable(value), kind.remedy);
      assertKnownOptions(place, value, Object.keys(kind.options));
      for (const name of kind.required) {
        const own = (value as Record<string, unknown>)[name];
        const { missing, remedy } = kind.options[name] as {
          readonly missing?: string;
          readonly remedy?: string;
        };
        check(own !== undefined, at(place, name), own, missing ?? remedy!);
      }
      return checkOptions(place, value, kind.options);
    }
    case 'store':
      return checkStore(place, value);
    case 'texts': {
      const areTexts = Array.isArray(value) && value.every((each) => typeof each === 'string');
      return check(areTexts, place, foundInstead(value), kind.remedy);
    }
    case 'headers':
      return checkEntries(place, value, (each) => typeof each === 'string', "a text: { 'x-team': 'search' }");
    case 'provider-options':
      return checkEntries(place, value, isTable, 'options by provider: { openai: { store: false } }');
    default:
  }
}

type Bounds = Omit<Extract<Kind, { type: 'number' }>, 'type' | 'remedy' | 'missing'>;

function isWithin(
  value: unknown,
  { isWhole, above = -Infinity, min = -Infinity, max = Number.MAX_VALUE }: Bounds,
): boolean {
  if (typeof value !== 'number' || (isWhole && !Number.isSafeInteger(value))) return false;
  return value > above && value >= min && value <= max;
}

/** The remedy for a value that is none of the words. */
export function remedyOf({ words, orAbove, orFunction }: WordKind, value: unknown): string {
  const remedy = `${didYouMean(value, words)}use one of `;
  if (orAbove !== undefined)
    return `${remedy}${words.join(', ')}, or a factor above ${orAbove}, such as 1.25`;
  const quoted = words.map((each) => JSON.stringify(each)).join(', ');
  return `${remedy}${quoted}${orFunction ? ', or a function' : ''}`;
}

/** Whether a value is an object whose entries can be read: not a list, a Map, Headers or a promise. */
export const isTable = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  !(Symbol.iterator in value) &&
  typeof (value as { readonly then?: unknown }).then !== 'function';

const foundNoTable = (value: unknown): Found =>
  isObject(value) && !Array.isArray(value) ? new Found('an instance of a class') : foundInstead(value);

/** Checks the values of an object. Errors don't show them, since they may be secrets. */
function checkEntries(
  place: Place,
  value: unknown,
  isValid: (value: unknown) => boolean,
  remedy: string,
): void {
  check(isTable(value), place, foundNoTable(value), `pass an object, ${remedy}`);
  for (const [name, each] of Object.entries(value as object))
    check(each === undefined || isValid(each), at(place, name), foundSecret(each), `use ${remedy}`);
}

function checkStore(place: Place, store: unknown): void {
  const { get, set } = Object(store) as Partial<Record<string, unknown>>;
  const isClient = ['psetex', 'pSetEx'].some((name) => name in Object(store));
  check(!isClient, place, foundSecret(store), 'wrap the client: redisStore(client) of ai-alloy/redis');
  const isStore = typeof get === 'function' && typeof set === 'function';
  check(isStore, place, foundSecret(store), 'pass an object with get(key) and set(key, value, expiresInMs)');
}
