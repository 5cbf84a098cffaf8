import type { Path } from './problem.ts';

/** The variables of an environment, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A text of a file whose `${NAME}`s were replaced. */
export interface Interpolated {
  /** What stands in the file. */
  readonly text: string;
  readonly path: Path;
  /** What it became: a number where the key wants one. */
  readonly value: string | number;
  /** Whether its key wants a number or a size. */
  readonly isNumber: boolean;
  /** The names of variables that are not set, and have no default. */
  readonly missing: readonly string[];
  /** Whether there is a `${` that is not followed by a name and `}`, or by a name, `:-`, a default and `}`. */
  readonly malformed: boolean;
}

/** `$${` is a `${` that stays. */
const reference = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}|\$\{/g;

/** Keys whose values are numbers or sizes, in either spelling. */
const numeric = /(tokens|window|fraction|weight|margin|per_?token|ms|retries)$/i;

/** Replaces the variables in a text; undefined if there are none. What a variable holds is not looked into again. */
export function interpolate(text: string, path: Path, environment: Environment): Interpolated | undefined {
  if (!text.includes('${')) return undefined;
  const missing: string[] = [];
  let malformed = false;
  const value = text.replaceAll(reference, (found: string, name?: string, otherwise?: string) => {
    if (found === '$${') return '${';
    if (name === undefined) {
      malformed = true;
      return found;
    }
    // As in a shell, `:-` stands in for an empty variable too.
    const set = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (!set && otherwise === undefined) missing.push(name);
    return set || (otherwise ?? found);
  });
  const isNumber = numeric.test(String(path.at(-1)));
  const isDecimal = isNumber && /^\d+(\.\d+)?$/.test(value);
  return { text, path, value: isDecimal ? Number(value) : value, isNumber, missing, malformed };
}

/**
 * Puts what stands in the file in the place of values in a message: a variable may hold what is not for a log. A
 * number is no secret, and found in many a message: it is replaced only where the message is about it.
 */
export function hideValues(message: string, path: Path, interpolated: readonly Interpolated[]): string {
  const longestFirst = interpolated
    .filter(({ text, value }) => String(value) !== text && value !== '')
    .toSorted((a, b) => String(b.value).length - String(a.value).length);
  return longestFirst.reduce((hidden, { text, value, isNumber, path: own }) => {
    // A whole word, or it would be found within others.
    const whole = new RegExp(`(?<![\\w$.-])${escaped(String(value))}(?![\\w-])`, isNumber ? '' : 'g');
    return isNumber && !isWithin(path, own) ? hidden : hidden.replace(whole, () => text);
  }, message);
}

const isWithin = (path: Path, own: Path): boolean => JSON.stringify(path) === JSON.stringify(own);

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|-]/g, '\\$&');
