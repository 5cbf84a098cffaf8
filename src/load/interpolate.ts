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
  /** The variables in it that are set, and what they hold. */
  readonly variables: ReadonlyMap<string, string>;
  /** The names of variables that are not set, and have no default. */
  readonly missing: readonly string[];
  /** Whether there is a `${` that is not followed by a name and `}`, or by a name, `:-`, a default and `}`. */
  readonly malformed: boolean;
}

/** `$${` is a `${` that stays. */
const reference = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}|\$\{/g;

/** The same where no `}` follows: to look for one behind every `${` would take quadratic time. */
const unclosed = /\$\$\{|\$\{/g;

/** Keys whose values are numbers or sizes, in either spelling. */
const numeric = /(tokens|window|fraction|weight|margin|per_?token|ms|retries)$/i;

/** Replaces the variables in a text; undefined if there are none. What a variable holds is not looked into again. */
export function interpolate(text: string, path: Path, environment: Environment): Interpolated | undefined {
  if (!text.includes('${')) return undefined;
  const missing: string[] = [];
  const variables = new Map<string, string>();
  let malformed = false;
  const replace = (found: string, name?: string, otherwise?: string): string => {
    if (found === '$${') return '${';
    if (name === undefined) {
      malformed = true;
      return found;
    }
    // As in a shell, `:-` stands in for an empty variable too.
    const set = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (!set && otherwise === undefined) missing.push(name);
    if (set) variables.set(name, set);
    return set || (otherwise ?? found);
  };
  const end = text.lastIndexOf('}') + 1;
  const value =
    text.slice(0, end).replaceAll(reference, replace) +
    text.slice(end).replaceAll(unclosed, (found) => replace(found));
  const isNumber = numeric.test(String(path.at(-1)));
  const isDecimal = isNumber && /^\d+(\.\d+)?$/.test(value);
  return { text, path, value: isDecimal ? Number(value) : value, isNumber, variables, missing, malformed };
}

interface Replacement {
  /** What a message may hold. */
  readonly spelling: string;
  /** What stands in the file. */
  readonly text: string;
  readonly isNumber: boolean;
}

/**
 * Puts what stands in the file in the place of values in a message: a variable may hold what is not for a log. A
 * number is no secret, and found in many a message: it is replaced only where the message is about it.
 */
export function valueHider(interpolated: readonly Interpolated[]): (message: string, path: Path) => string {
  let everywhere: readonly Replacement[] | undefined;
  let numbers: ReadonlyMap<string, Interpolated> | undefined;
  return (message, path) => {
    everywhere ??= replacementsOf(interpolated.filter(({ isNumber }) => !isNumber));
    numbers ??= new Map(
      interpolated.filter(({ isNumber }) => isNumber).map((each) => [JSON.stringify(each.path), each]),
    );
    const number = numbers.size > 0 ? numbers.get(JSON.stringify(path)) : undefined;
    // Most aren't there, and to compile a pattern takes time.
    return [...everywhere, ...(number ? replacementsOf([number]) : [])]
      .filter(({ spelling }) => message.includes(spelling))
      .toSorted(byLength)
      .reduce(
        (now, { spelling, text, isNumber }) => now.replace(wholeWord(spelling, isNumber), () => text),
        message,
      );
  };
}

/** The longest first: others may be parts of it. */
const byLength = (a: Replacement, b: Replacement): number => b.spelling.length - a.spelling.length;

/** Of two for one spelling, the first one counts. */
function replacementsOf(interpolated: readonly Interpolated[]): readonly Replacement[] {
  const bySpelling = new Map<string, Replacement>();
  const seen = new Set<string>();
  const add = (value: string, text: string, isNumber: boolean): void => {
    if (seen.has(value)) return;
    seen.add(value);
    for (const spelling of spellings(value)) {
      if (spelling !== '' && !bySpelling.has(spelling))
        bySpelling.set(spelling, { spelling, text, isNumber });
    }
  };
  for (const { text, value, isNumber, variables } of interpolated) {
    if (String(value) !== text) add(String(value), text, isNumber);
    for (const [name, held] of variables) add(held, `\${${name}}`, isNumber);
  }
  return [...bySpelling.values()];
}

/** As messages have a value: quoted, and long ones cut off. */
function spellings(value: string): string[] {
  const cut = value.slice(0, 100);
  return [...new Set([value, cut].flatMap((each) => [each, JSON.stringify(each).slice(1, -1)]))];
}

/** Not within other words; what is short only in quotes, or it would be found in any sentence. */
function wholeWord(text: string, isNumber: boolean): RegExp {
  const pattern = text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  if (isNumber) return new RegExp(`(?<![\\w$.-])${pattern}(?![\\w-])`);
  return text.length < 4
    ? new RegExp(`(?<=")${pattern}(?=")`, 'g')
    : new RegExp(`(?<!\\w)${pattern}(?!\\w)`, 'g');
}
