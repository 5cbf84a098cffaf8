import { AISDKError } from 'ai';
import { hasMarker, markerOf } from './error-marker.ts';
import { Found, found, foundInstead, foundSecret, isObject, looksLikeKey } from './found.ts';
import { at, placeOf, type Path, type Place } from './place.ts';
import { nearest } from '../spelling.ts';

/**
 * A wrong option. Thrown at construction; by a call only if a string id resolves to something invalid, a session id is
 * invalid, or a function such as `order`, `shorten` or `transform` returns something invalid. The message names the option, the value and the remedy. A value that may be a secret is not shown, only
 * its kind: the value of an unknown option, a store, a client or any other object, and any text longer than the words
 * that an option takes.
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
  /** Which option it is: `cascade "kimi": steps[1].contextWindow`. */
  readonly option: string;
  /** The option as keys and indices: `['steps', 1, 'contextWindow']`; empty if the error is not about an option. */
  readonly path: Path;
  /** The wrong value, if the message shows it; else undefined, since it may be a secret. */
  readonly value: unknown;
  /** The wrong value as the message shows it: `"1.5M"`, `a list of 0`. */
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

/** Throws unless `options` is an object whose keys are all in `names`. */
export function assertKnownOptions(where: string | Place, options: unknown, names: readonly string[]): void {
  check(isObject(options), where, foundInstead(options), 'pass an object of options');
  for (const [name, value] of Object.entries(options)) {
    if (names.includes(name)) continue;
    // A key may be a secret as well, if some other object was spread into the options.
    const isWord = /^[a-z$_][a-z$_-]{0,39}\d{0,2}$/i.test(name) && !looksLikeKey(name);
    const { label, path } = placeOf(where);
    const option = isWord ? at(where, name) : { label: `${label}: an option whose name is not shown`, path };
    const meant = isWord ? nearest(name, names) : undefined;
    const remedy = meant === undefined ? `only ${names.join(', ')}` : `did you mean ${meant}?`;
    check(false, option, foundSecret(value), `there is no such option, ${remedy}`);
  }
}
