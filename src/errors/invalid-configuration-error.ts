import { AISDKError } from 'ai';
import { hasMarker, markerOf } from './error-marker.ts';
import { Found, found, foundInstead, foundSecret, isObject, looksLikeKey } from './found.ts';
import { at, placeOf, type Path, type Place } from './place.ts';
import { nearest } from '../spelling.ts';

/**
 * A wrong option, found at construction; by a call, where a string id resolves to what can't be, or a session id is none.
 * The message names the option, what was found and the remedy. What may hold a secret is told by its kind only: the
 * value of an unknown option, a store, a client or any other object, and what is longer than the words that an option takes.
 *
 * @example
 * ```ts
 * import { cascade, InvalidConfigurationError } from 'ai-alloy';
 *
 * try {
 *   cascade({ steps: [] });
 * } catch (error) {
 *   if (InvalidConfigurationError.isInstance(error)) console.error(error.option); // cascade: steps
 * }
 * ```
 */
export class InvalidConfigurationError extends AISDKError {
  /** Where the value stands: `cascade "kimi": steps[1].contextWindow`. */
  readonly option: string;
  /** The same as keys and indices of the options: `['steps', 1, 'contextWindow']`; empty where it is none of them. */
  readonly path: Path;
  /** What was found, where the message shows it; else undefined: it may hold a secret. */
  readonly value: unknown;
  /** What was found, as the message shows it: `"1.5M"`, `a list of 0`. */
  readonly found: string;
  /** What to do about it. */
  readonly remedy: string;

  constructor({
    option,
    value,
    remedy,
    cause,
  }: {
    option: string | Place;
    value: unknown;
    remedy: string;
    cause?: unknown;
  }) {
    const { shown, value: own } = value instanceof Found ? value : found(value);
    const { label, path } = placeOf(option);
    const message = `${label} is ${shown}: ${remedy}${remedy.endsWith('?') ? '' : '.'}`;
    super({ name: 'AI_InvalidConfigurationError', message, cause });
    Object.assign(this, { [markerOf('InvalidConfigurationError')]: true });
    this.option = label;
    this.path = path;
    this.value = own;
    this.found = shown;
    this.remedy = remedy;
  }

  /** Whether `error` is an InvalidConfigurationError, from any copy of this package. */
  static override isInstance(error: unknown): error is InvalidConfigurationError {
    return hasMarker(error, 'InvalidConfigurationError');
  }
}

/** Throws an InvalidConfigurationError unless `valid`. */
export function check(valid: boolean, option: string | Place, value: unknown, remedy: string): asserts valid {
  if (!valid) throw new InvalidConfigurationError({ option, value, remedy });
}

/** Throws unless `options` is an object that has only options of the given names. */
export function assertKnownOptions(where: string | Place, options: unknown, names: readonly string[]): void {
  check(isObject(options), where, foundInstead(options), 'pass an object of options');
  for (const [name, value] of Object.entries(options)) {
    if (names.includes(name)) continue;
    // A key may be a secret, too, where something else was spread into the options.
    const isWord = /^[a-z$_][a-z$_-]{0,39}\d{0,2}$/i.test(name) && !looksLikeKey(name);
    const { label, path } = placeOf(where);
    const option = isWord ? at(where, name) : { label: `${label}: an option whose name is not shown`, path };
    const meant = isWord ? nearest(name, names) : undefined;
    const remedy = meant === undefined ? `only ${names.join(', ')}` : `did you mean ${meant}?`;
    check(false, option, foundSecret(value), `there is no such option, ${remedy}`);
  }
}
