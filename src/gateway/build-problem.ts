import { foundName, InvalidConfigurationError, isObject } from '../errors/errors.ts';
import type { Entity } from './entities.ts';
import { countingOptionNames } from './estimators.ts';
import { show, type GatewayProblem } from './problem.ts';

/** What a primitive says against its options, as a problem at the place in the configuration that it is about. */
export function optionsProblem(
  error: InvalidConfigurationError,
  { kind, path, raw }: Entity,
): GatewayProblem {
  // A model is made as the one step of a cascade.
  const keys = kind === 'model' ? error.path.slice(2) : error.path;
  const parents = keys.map((_, depth) => keys.slice(0, depth).reduce<unknown>(valueOf, raw));
  const counts =
    keys.at(-1) === 'estimator' &&
    countingOptionNames.find((key) => valueOf(parents.at(-1), key) !== undefined);
  if (counts) {
    // An estimator is made of it.
    const found = show(valueOf(parents.at(-1), counts));
    return { path: [...path, ...keys.slice(0, -1), counts], message: `${found}: ${error.remedy}` };
  }
  // A path goes as far as the configuration does: what is missing has no place.
  const missing = keys.findIndex((key, depth) => valueOf(parents[depth], key) === undefined);
  if (missing < 0) return { path: [...path, ...keys], message: messageOf(error) };
  const message =
    error.found === 'undefined' ? `${keys.at(-1)} is missing: ${error.remedy}` : messageOf(error);
  return { path: [...path, ...keys.slice(0, missing)], message };
}

/** An error's message, without the option that a path tells better; what others say is quoted, as values are. */
export function messageOf(error: unknown): string {
  if (InvalidConfigurationError.isInstance(error)) {
    return `${error.found === 'undefined' ? 'missing' : error.found}: ${error.remedy}`;
  }
  const message = isObject(error) && 'message' in error ? String(error.message) : String(error);
  return foundName(message, 1000).shown;
}

const valueOf = (outer: unknown, key: string | number): unknown =>
  isObject(outer) && Object.hasOwn(outer, key) ? (outer as Record<string | number, unknown>)[key] : undefined;
