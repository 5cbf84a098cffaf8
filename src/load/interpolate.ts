import { dataLimits } from '../gateway/plain-data.ts';
import { showName } from '../gateway/problem.ts';
import type { OptionKind } from './option-kinds.ts';
import type { Path } from './problem.ts';

/** The variables of an environment, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A text of a file, and what became of it. */
export interface Replaced {
  /** What stands in the file. */
  readonly text: string;
  readonly value: string;
  /** The variables in it that are set, and what they hold. */
  readonly variables: ReadonlyMap<string, string>;
  /** What is wrong with it: variables that hold nothing, and have no default, or too much. */
  readonly problems: readonly string[];
}

/** The same at its place. */
export interface Interpolated extends Pick<Replaced, 'text' | 'variables'> {
  readonly path: Path;
  /** What it became: a number or a boolean where its option takes one. */
  readonly value: string | number | boolean;
}

/** `$${` is a `${` that stays. */
const reference = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}|\$\{/g;

/** The same where no `}` follows: to look for one behind every `${` would take quadratic time. */
const unclosed = /\$\$\{|\$\{/g;

/** Replaces the variables in a text; undefined if there are none. What a variable holds is not looked into again. */
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
    // As in a shell, `:-` stands in for an empty variable too.
    else if (otherwise === undefined) problems.add(nothingIn(name, held));
    const replacement = held || (otherwise ?? found);
    length += replacement.length;
    // Not put together: a long variable, again and again, would take all memory.
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

/** How an environment spells booleans: as shells, Python, Go, Docker and Helm write them. */
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

/** An environment holds texts only: whether `5` is a number, and `yes` a boolean, is for the option to say. */
export function asOption(value: string, kind: OptionKind | undefined): string | number | boolean {
  const word = value.trim();
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(word)) return Number(word);
  return (kind === 'boolean' ? booleans.get(word.toLowerCase()) : undefined) ?? value;
}
