import { isObject } from '../errors.ts';
import { show, type GatewayProblem, type Path } from './problem.ts';

/** A configuration that is safe to read: a copy with camelCase keys, and how they were spelt. */
export interface PlainData {
  readonly value: unknown;
  /** A place in the copy, in the spelling of the original. */
  asWritten(path: Path): Path;
  /** A key in the spelling that the original prefers. */
  spell(key: string): string;
}

// A file is read in bounded time, whoever wrote it: a YAML alias may stand for the same list a thousand times.
const deepest = 16;
const mostValues = 50_000;
const longestString = 10_000;

/** Keys by which a careless copy of data reaches the prototype of everything. */
export const polluting: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

type Report = (problem: GatewayProblem) => void;

/** Copies plain data; what isn't, and what is too much of it, is left out and reported. */
export function readPlainData(data: unknown, report: Report): PlainData {
  const spellings = new WeakMap<object, Map<string, string>>();
  let left = mostValues;
  let isSnakeCase = false;

  const copy = (value: unknown, path: Path): unknown => {
    if (left-- <= 0) {
      if (left === -1) report({ path, message: `there are more than ${mostValues} values: split the file` });
      return undefined;
    }
    if (typeof value === 'string' && value.length > longestString) {
      return refuse(path, `a string of ${value.length} characters: use at most ${longestString}`);
    }
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
    if (path.length >= deepest) return refuse(path, `nested more than ${deepest} levels deep: flatten it`);
    if (Array.isArray(value)) {
      // Array.from: a list may have holes.
      return Array.from(value.slice(0, left + 1), (each, index) => copy(each, [...path, index]) ?? null);
    }
    if (!isRecord(value)) return refuse(path, `${nameOf(value)}: use plain data, as JSON has it`);
    return copyObject(value, path);
  };

  const copyObject = (value: Record<string, unknown>, path: Path): object => {
    const spelling = new Map<string, string>();
    const result: Record<string, unknown> = {};
    // Metadata is the application's, so are its names.
    const isOurs = !(path.at(-1) === 'metadata' && path.at(-2) === 'when');
    for (const [key, each] of Object.entries(value)) {
      const at = [...path, key];
      const name = isOurs ? camelCase(key) : key;
      if (polluting.has(key) || polluting.has(name)) refuse(at, 'this name is not allowed: remove it');
      else if (spelling.has(name)) refuse(at, `also there as ${spelling.get(name)}: keep one of the two`);
      else if (each !== undefined) {
        spelling.set(name, key);
        isSnakeCase ||= name !== key;
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

  const value = copy(data, []);
  return {
    value,
    spell: (key) => (isSnakeCase ? snakeCase(key) : key),
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

/** `context_window` → `contextWindow` */
const camelCase = (key: string): string =>
  key.replaceAll(
    /([a-z0-9])_([a-z0-9])/g,
    (_, before: string, after: string) => before + after.toUpperCase(),
  );

/** `contextWindow` → `context_window` */
export const snakeCase = (key: string): string =>
  key.startsWith('$') ? key : key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Whether a value is an object as JSON has it: of this realm or another, without a class. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function nameOf(value: unknown): string {
  if (value instanceof Date) return 'a date';
  return typeof value === 'object' ? 'an object of a class' : `${show(value)}, a ${typeof value}`;
}
