import { isObject } from '../errors/errors.ts';
import { listAliases } from './list-aliases.ts';
import { show, type GatewayProblem, type Path } from './problem.ts';

/** A configuration that is safe to read: a copy with camelCase keys, and the original spelling of the keys. */
export interface PlainData {
  readonly value: unknown;
  /** A path in the copy, in the spelling of the original. */
  asWritten(path: Path): Path;
  /** A key in the spelling that the original prefers; in snake_case, as in the documentation, if its keys don't tell. */
  spell(key: string): string;
}

/** Limits of data, so that any file is read in bounded time. Far more than a gateway needs. */
export const dataLimits = {
  /** How deeply lists and tables may be nested. */
  depth: 16,
  /** The number of values in all, since YAML aliases can repeat the same list a thousand times. */
  values: 50_000,
  /** The length of a string. */
  characters: 10_000,
} as const;

export const tooDeep: string = `nested more than ${dataLimits.depth} levels deep: flatten it`;

/** Keys that would allow prototype pollution. */
const polluting: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

type Report = (problem: GatewayProblem) => void;

/** The state of a copy: what it contains for each list or table of the original. */
export interface Changes {
  readonly keyOf?: (key: string, path: Path) => string;
  readonly textOf?: (text: string, path: Path) => unknown;
}

/** Copies a configuration of plain data. */
export function readPlainData(data: unknown, report: Report): PlainData {
  let [hasSnakeCase, hasCamelCase] = [false, false];
  const { value, spellings } = copyPlainData(data, report, {
    keyOf(key, path) {
      if (hasOwnNames(path)) return key;
      const name = camelCase(key);
      hasSnakeCase ||= name !== key;
      hasCamelCase ||= snakeCase(key) !== key;
      const alias = path.length === 2 ? listAliases[path[0]!] : undefined;
      return alias?.other === name ? alias.ours : name;
    },
  });
  return {
    value,
    spell: (key) => (hasSnakeCase || !hasCamelCase ? snakeCase(key) : key),
    asWritten(path) {
      let here: unknown = value;
      return path.map((key) => {
        const written = isObject(here) ? spellings.get(here)?.get(String(key)) : undefined;
        here = isObject(here) ? (here as Record<string | number, unknown>)[key] : undefined;
        return written ?? key;
      });
    },
  };
}

/**
 * Whether the keys of a table are names of the application or of a provider, so that they are not changed: those of
 * metadata, of headers, and all below provider options.
 */
export function hasOwnNames(path: Path): boolean {
  if (path.at(-1) === 'metadata' && path.at(-2) === 'when') return true;
  const at = path.indexOf('settings');
  return at >= 0 && /^(headers|providerOptions)$/.test(camelCase(String(path[at + 1])));
}

class Excess extends Error {}

/** Copies plain data. Anything else is left out and reported. Undefined if there are too many values. */
export function copyPlainData(
  data: unknown,
  report: Report,
  { keyOf = (key) => key, textOf = (text) => text }: Changes,
): { readonly value: unknown; readonly spellings: WeakMap<object, ReadonlyMap<string, string>> } {
  const spellings = new WeakMap<object, Map<string, string>>();
  let left = dataLimits.values;

  const copy = (value: unknown, path: Path): unknown => {
    if (left-- <= 0) {
      report({ path, message: `there are more than ${dataLimits.values} values: split the file` });
      throw new Excess();
    }
    if (typeof value === 'string') {
      if (value.length <= dataLimits.characters) return textOf(value, path);
      return refuse(path, `a string of ${value.length} characters: use at most ${dataLimits.characters}`);
    }
    if (value === null || ['number', 'boolean'].includes(typeof value)) return value;
    if (path.length >= dataLimits.depth) return refuse(path, tooDeep);
    if (Array.isArray(value)) {
      // Array.from, since a list may have holes.
      return Array.from(value.slice(0, left + 1), (each, index) => copy(each, [...path, index]) ?? null);
    }
    if (!isRecord(value)) return refuse(path, `${nameOf(value)}: use plain data, as JSON has it`);
    return copyObject(value, path);
  };

  const copyObject = (value: Record<string, unknown>, path: Path): object => {
    const spelling = new Map<string, string>();
    const result: Record<string, unknown> = {};
    for (const [key, each] of Object.entries(value)) {
      const at = [...path, key];
      const name = keyOf(key, path);
      if (polluting.has(key) || polluting.has(name)) refuse(at, 'this name is not allowed: remove it');
      else if (spelling.has(name)) refuse(at, `also there as ${twice(spelling.get(name)!, key, name)}`);
      else if (each !== undefined) {
        spelling.set(name, key);
        const copied = copy(each, at);
        if (copied !== undefined) result[name] = copied;
      }
    }
    spellings.set(result, spelling);
    return result;
  };

  const refuse = (path: Path, message: string): undefined => {
    report({ path, message });
  };

  try {
    return { value: copy(data, []), spellings };
  } catch (error) {
    if (!(error instanceof Excess)) throw error;
    return { value: undefined, spellings };
  }
}

/** The first of two keys for the same option, and which to keep: ours, if one of them is an alias. */
function twice(first: string, second: string, name: string): string {
  return `${first}: keep ${camelCase(first) === camelCase(second) ? 'one of the two' : name}`;
}

/** `context_window` → `contextWindow` */
export const camelCase = (key: string): string =>
  key.replaceAll(
    /([a-z0-9])_([a-z0-9])/g,
    (_, before: string, after: string) => before + after.toUpperCase(),
  );

/** `contextWindow` → `context_window` */
export const snakeCase = (key: string): string =>
  key.startsWith('$') ? key : key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Whether a value is a plain object, of this realm or another, rather than an instance of a class. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function nameOf(value: unknown): string {
  if (value instanceof Date) return 'a date';
  return typeof value === 'object' ? 'an object of a class' : `${show(value)}, a ${typeof value}`;
}
