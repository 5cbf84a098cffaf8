import { foundName, InvalidConfigurationError, isObject } from '../errors/errors.ts';
import type { Entity } from './entities.ts';
import { countingOptionNames } from './estimators.ts';
import { show, type GatewayProblem } from './problem.ts';

/** Turns a primitive's error about its options into a problem at the path of the configuration that it is about. */
export function optionsProblem(
  error: InvalidConfigurationError,
  { kind, path, raw }: Entity,
): GatewayProblem {
  // A declared model is created as a cascade of one step.
  const keys = kind === 'model' ? error.path.slice(2) : error.path;
  const parents = keys.map((_, depth) => keys.slice(0, depth).reduce<unknown>(valueOf, raw));
  const counts =
    keys.at(-1) === 'estimator' &&
    countingOptionNames.find((key) => valueOf(parents.at(-1), key) !== undefined);
  if (counts) {
    // The estimator is created from the tokenizer in the configuration.
    const found = show(valueOf(parents.at(-1), counts));
    return { path: [...path, ...keys.slice(0, -1), counts], message: `${found}: ${error.remedy}` };
  }
  // A missing option has no path of its own, so the path ends where the configuration does.
  const missing = keys.findIndex((key, depth) => valueOf(parents[depth], key) === undefined);
  if (missing < 0) return { path: [...path, ...keys], message: messageOf(error) };
  const message =
    error.found === 'undefined' ? `${keys.at(-1)} is missing: ${error.remedy}` : messageOf(error);
  return { path: [...path, ...keys.slice(0, missing)], message };
}

/** An error's message, without the option's name, which the path tells. Messages of other errors are quoted. */
export function messageOf(error: unknown): string {
  if (InvalidConfigurationError.isInstance(error)) {
    return `${error.found === 'undefined' ? 'missing' : error.found}: ${error.remedy}`;
  }
  const message = isObject(error) && 'message' in error ? String(error.message) : String(error);
  return foundName(message, 1000).shown;
}

const valueOf = (outer: unknown, key: string | number): unknown =>
  isObject(outer) && Object.hasOwn(outer, key) ? (outer as Record<string | number, unknown>)[key] : undefined;
