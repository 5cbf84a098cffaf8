import { withoutOtherParts } from '../gateway/calciforge.ts';
import { copyPlainData } from '../gateway/plain-data.ts';
import { showName } from '../gateway/problem.ts';
import { asOption, type Environment, interpolate, type Interpolated, type Replaced } from './interpolate.ts';
import { limits } from './limits.ts';
import { optionKindAt } from './option-kinds.ts';
import { otherVariable } from './other-variables.ts';
import { type FileProblem, notShown, type Path } from './problem.ts';

/** The data of a file, with its variables replaced. */
export interface ResolvedData {
  readonly data: unknown;
  readonly problems: readonly FileProblem[];
  readonly interpolated: readonly Interpolated[];
  /** The texts without variables. */
  readonly literals: readonly string[];
}

/** Copies the safe parts of what a parser returned, and replaces the variables in its texts. */
export function resolveVariables(parsed: unknown, environment: Environment): ResolvedData {
  const problems: FileProblem[] = [];
  const interpolated: Interpolated[] = [];
  const literals: string[] = [];
  // Each text is interpolated once, since YAML aliases repeat texts.
  const known = new Map<string, Replaced | undefined>();
  let length = 0;

  /** At most as many as are reported, since YAML aliases repeat them as well. */
  function report({ path, message }: FileProblem): void {
    if (problems.length < limits.problems) problems.push({ path, message });
  }

  function replacedOf(text: string, path: Path): Replaced | undefined {
    if (known.has(text)) return known.get(text);
    // Once the texts are too long in all, the rest is not replaced.
    let found = length > limits.replaced ? undefined : interpolate(text, environment);
    if (found) {
      length += found.value.length;
      if (length > limits.replaced) {
        report({ path, message: tooMuch });
        found = undefined;
      }
    }
    known.set(text, found);
    return found;
  }

  function textOf(text: string, path: Path): string | number | boolean {
    const found = replacedOf(text, path);
    const kind = optionKindAt(path);
    const value = found ? asOption(found.value, kind) : text;
    if (kind === 'number' && hasUnderscores(value)) {
      const message = `${showName(text)}: as a number it has no underscores here: leave them out`;
      report({ path, message: message + (found ? notShown(found.variables) : '') });
    }
    const other = found ? undefined : otherVariable(text, path);
    for (const message of found?.problems ?? (other === undefined ? [] : [other])) report({ path, message });
    // A text with a problem is not replaced.
    if (found && found.problems.length === 0) {
      interpolated.push({ text, path, value, variables: found.variables });
      return value;
    }
    literals.push(text);
    return text;
  }

  if (parsed === undefined) return { data: undefined, problems, interpolated, literals };
  const { value: data } = copyPlainData(withoutOtherParts(parsed), report, { textOf });
  return { data, problems, interpolated, literals };
}

const tooMuch = `variables make this file longer than ${limits.replaced} characters: shorten what they hold`;

/** `32_000` is a number in TOML and in code, but a string in YAML 1.2. */
const hasUnderscores = (value: unknown): boolean =>
  typeof value === 'string' && /^\d+(_\d+)+(\.\d+)?[KMkm]?$/.test(value);
