import { type OptionKind, optionKindAt } from './option-kinds.ts';
import type { Path } from './problem.ts';

/** The variables of an environment, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A text of a file whose `${NAME}`s were replaced. */
export interface Interpolated {
  /** What stands in the file. */
  readonly text: string;
  readonly path: Path;
  /** What it became: a number or a boolean where its option takes one. */
  readonly value: string | number | boolean;
  /** The variables in it that are set, and what they hold. */
  readonly variables: ReadonlyMap<string, string>;
  /** What is wrong with it: variables that hold nothing, and have no default. */
  readonly problems: readonly string[];
}

/** `$${` is a `${` that stays. */
const reference = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}|\$\{/g;

/** The same where no `}` follows: to look for one behind every `${` would take quadratic time. */
const unclosed = /\$\$\{|\$\{/g;

/** Replaces the variables in a text; undefined if there are none. What a variable holds is not looked into again. */
export function interpolate(text: string, path: Path, environment: Environment): Interpolated | undefined {
  if (!text.includes('${')) return undefined;
  const problems = new Set<string>();
  const variables = new Map<string, string>();
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
    return held || (otherwise ?? found);
  };
  const end = text.lastIndexOf('}') + 1;
  const value =
    text.slice(0, end).replaceAll(reference, replace) +
    text.slice(end).replaceAll(unclosed, (found) => replace(found));
  return { text, path, value: asOption(value, optionKindAt(path)), variables, problems: [...problems] };
}

const malformed =
  'after "${" a variable is expected: write ${NAME} or ${NAME:-default}, and $${ where "${" is meant';

function nothingIn(name: string, held: string | undefined): string {
  const [what, remedy] = held === undefined ? ['not set', 'set it'] : ['empty', 'give it a value'];
  return `\${${name}}: the environment variable ${name} is ${what}: ${remedy}, or write \${${name}:-default}`;
}

/** An environment holds texts only: whether `5` is a number is for the option to say. */
function asOption(value: string, kind: OptionKind | undefined): string | number | boolean {
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return kind === 'boolean' && /^(true|false)$/.test(value) ? value === 'true' : value;
}
