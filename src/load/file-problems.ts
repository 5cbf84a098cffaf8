import { limits } from './limits.ts';
import type { FileProblem, Path } from './problem.ts';
import type { GatewayFile } from './read-gateway-file.ts';

/** What the gateway says of a file's data. */
interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** What is wrong with a file and with what it declares, in the file's order; values of variables are hidden. */
export function fileProblems(file: GatewayFile, declared: readonly Problem[]): readonly FileProblem[] {
  const own = new Set(file.problems.map(({ path }) => JSON.stringify(path)));
  const others = declared
    // Of a variable that is not set, what its text is no name of would be said as well.
    .filter(({ path }) => own.size === 0 || !own.has(JSON.stringify(path)))
    // To place them and to hide values takes time.
    .slice(0, limits.problems)
    .map(({ path, message }): FileProblem => {
      const position = file.positionOf(path);
      return { path, message: file.hideValues(message, path), ...(position && { position }) };
    });
  return [...file.problems, ...others].toSorted(byPosition).slice(0, limits.problems);
}

/** What has no position comes first: it is about the whole. */
function byPosition({ position: a }: FileProblem, { position: b }: FileProblem): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
