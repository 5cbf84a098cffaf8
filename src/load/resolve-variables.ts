import { copyPlainData } from '../gateway/plain-data.ts';
import { show } from '../gateway/problem.ts';
import { type Environment, interpolate, type Interpolated } from './interpolate.ts';
import { limits } from './limits.ts';
import { optionKindAt } from './option-kinds.ts';
import type { FileProblem, Path } from './problem.ts';

/** What a file holds, with its variables replaced. */
export interface ResolvedData {
  readonly data: unknown;
  readonly problems: readonly FileProblem[];
  readonly interpolated: readonly Interpolated[];
  /** The texts without variables. */
  readonly literals: readonly string[];
}

/** Copies what a parser returned, as far as it is safe, and replaces the variables in its texts. */
export function resolveVariables(parsed: unknown, environment: Environment): ResolvedData {
  const problems: FileProblem[] = [];
  const interpolated: Interpolated[] = [];
  const literals: string[] = [];

  /** No more than are told: aliases of YAML repeat them as well. */
  function report({ path, message }: FileProblem): void {
    if (problems.length < limits.problems) problems.push({ path, message });
  }

  function textOf(text: string, path: Path): string | number | boolean {
    const found = interpolate(text, path, environment);
    if (found) interpolated.push(found);
    else literals.push(text);
    const { value, problems: wrong } = found ?? { value: text, problems: [] };
    for (const message of wrong) report({ path, message });
    if (hasUnderscores(value) && optionKindAt(path) === 'number') {
      report({ path, message: `${show(text)}: as a number it has no underscores here: leave them out` });
    }
    return wrong.length > 0 ? text : value;
  }

  if (parsed === undefined) return { data: undefined, problems, interpolated, literals };
  const { value: data } = copyPlainData(parsed, report, { textOf });
  return { data, problems, interpolated, literals };
}

/** `32_000`, which is a number in TOML and in code, and a text in YAML 1.2. */
const hasUnderscores = (value: unknown): boolean =>
  typeof value === 'string' && /^\d+(_\d+)+(\.\d+)?[KMkm]?$/.test(value);
