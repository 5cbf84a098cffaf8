import { polluting } from '../gateway/plain-data.ts';
import { type Environment, interpolate, type Interpolated } from './interpolate.ts';
import { limits, tooDeep } from './limits.ts';
import type { FileProblem, Path } from './problem.ts';

/** What a file holds, rebuilt of fresh objects, with its variables replaced. */
export interface PlainData {
  readonly data: unknown;
  readonly problems: readonly FileProblem[];
  readonly interpolated: readonly Interpolated[];
}

/** Copies what a parser returned, within limits, without what could do harm. */
export function plainData(parsed: unknown, environment: Environment): PlainData {
  const problems: FileProblem[] = [];
  const interpolated: Interpolated[] = [];
  let values = 0;

  /** No more than are told: aliases of YAML repeat them as well. */
  function report(path: Path, message: string): void {
    if (problems.length < limits.problems) problems.push({ path, message });
  }

  function copy(value: unknown, path: Path): unknown {
    // Aliases of YAML can repeat a value, and hold themselves.
    if (++values > limits.values) throw new Excess(`there are more than ${limits.values} values`);
    if (path.length > limits.depth) throw new Excess(tooDeep);
    if (typeof value === 'string') return text(value, path);
    if (Array.isArray(value)) return value.map((item, index) => copy(item, [...path, index]));
    return isTable(value) ? table(value, path) : value;
  }

  function table(value: object, path: Path): object {
    const entries = Object.entries(value).filter(([key]) => {
      const harmless = !polluting.has(key);
      if (!harmless) report([...path, key], `"${key}" is refused as a key`);
      return harmless;
    });
    return Object.fromEntries(entries.map(([key, item]) => [key, copy(item, [...path, key])]));
  }

  function text(value: string, path: Path): string | number {
    if (value.length > limits.characters) {
      report(path, `a string of ${value.length} characters: use at most ${limits.characters}`);
      return value;
    }
    const found = interpolate(value, path, environment);
    if (!found) return value;
    interpolated.push(found);
    for (const name of found.missing) report(path, missing(name));
    if (found.malformed) report(path, malformed);
    return found.missing.length > 0 ? value : found.value;
  }

  try {
    return { data: copy(parsed, []), problems, interpolated };
  } catch (error) {
    if (!(error instanceof Excess)) throw error;
    return { data: undefined, problems: [{ path: [], message: error.message }], interpolated };
  }
}

class Excess extends Error {}

const missing = (name: string): string =>
  `\${${name}}: the environment variable ${name} is not set: set it, or write \${${name}:-default}`;

const malformed =
  'after "${" a variable is expected: write ${NAME} or ${NAME:-default}, and $${ where "${" is meant';

/** An object that a parser made for a table; its dates are none. */
function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}
