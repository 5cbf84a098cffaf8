import { dataLimits } from '../gateway/plain-data.ts';
import { showName } from '../gateway/problem.ts';
import type { OptionKind } from './option-kinds.ts';
import type { Path } from './problem.ts';

/** The variables of an environment, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A text of a file, before and after its variables are replaced. */
export interface Replaced {
  /** The text in the file. */
  readonly text: string;
  readonly value: string;
  /** The variables in it that are set, and their values. */
  readonly variables: ReadonlyMap<string, string>;
  /** Its problems: variables that are not set or empty and have no default, or whose values are too long. */
  readonly problems: readonly string[];
}

/** The same, at a path. */
export interface Interpolated extends Pick<Replaced, 'text' | 'variables'> {
  readonly path: Path;
  /** The result: a number or a boolean if its option takes one. */
  readonly value: string | number | boolean;
}

/** Matches a variable, or `$${`, which is replaced by a plain `${`. */
const reference = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}|\$\{/g;

/** The same for the text after the last `}`. Looking for a `}` after every `${` would take quadratic time. */
const unclosed = /\$\$\{|\$\{/g;

/** Replaces the variables in a text; undefined if there are none. Variables inside a variable's value are not replaced. */
export function interpolate(text: string, environment: Environment): Replaced | undefined {
  if (!text.includes('${')) return undefined;
  const problems = new Set<string>();
  const variables = new Map<string, string>();
  let length = 0;
  const replace = (found: string, name?: string, otherwise?: string): string => {
    if (found === '$${') return '${';
    if (name === undefined) {
      problems.add(malformed);
      return found;
    }
    const held = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (held) variables.set(name, held);
    // As in a shell, the default after `:-` is also used for an empty variable.
    else if (otherwise === undefined) problems.add(nothingIn(name, held));
    const replacement = held || (otherwise ?? found);
    length += replacement.length;
    // The text isn't built if it is too long: a long variable, repeated many times, would take all memory.
    return length > dataLimits.characters ? '' : replacement;
  };
  const end = text.lastIndexOf('}') + 1;
  const value =
    text.slice(0, end).replaceAll(reference, replace) +
    text.slice(end).replaceAll(unclosed, (found) => replace(found));
  if (Math.max(length, value.length) > dataLimits.characters) problems.add(tooLong(text));
  return { text, value, variables, problems: [...problems] };
}

const tooLong = (text: string): string =>
  `${showName(text)}: its variables make it longer than ${dataLimits.characters} characters: shorten what they hold`;

const malformed =
  'after "${" a variable is expected: write ${NAME} or ${NAME:-default}, and $${ where "${" is meant';

function nothingIn(name: string, held: string | undefined): string {
  const [what, remedy] = held === undefined ? ['not set', 'set it'] : ['empty', 'give it a value'];
  return `\${${name}}: the environment variable ${name} is ${what}: ${remedy}, or write \${${name}:-default}`;
}

/** Spellings of booleans in environment variables, as in shells, Python, Go, Docker and Helm. */
const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['y', true],
  ['t', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['n', false],
  ['f', false],
  ['off', false],
  ['0', false],
]);

/** Environment variables are strings; the option decides whether `5` is a number or `yes` a boolean. */
export function asOption(value: string, kind: OptionKind | undefined): string | number | boolean {
  const word = value.trim();
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(word)) return Number(word);
  return (kind === 'boolean' ? booleans.get(word.toLowerCase()) : undefined) ?? value;
}
