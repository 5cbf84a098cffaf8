import { limits } from './limits.ts';
import type { FileProblem, Path } from './problem.ts';
import type { GatewayFile } from './read-gateway-file.ts';

/** The gateway's problems with a file's data. */
interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** All problems of a file and its declarations, in the file's order, without the values of variables. */
export function fileProblems(file: GatewayFile, declared: readonly Problem[]): readonly FileProblem[] {
  const own = new Set(file.problems.map(({ path }) => JSON.stringify(path)));
  const others = declared
    // A variable that is not set is reported already, so problems with its unreplaced text are left out.
    .filter(({ path }) => own.size === 0 || !own.has(JSON.stringify(path)))
    // Finding positions and hiding values takes time, so it is done only for those that are reported.
    .slice(0, limits.problems)
    .map(({ path, message }): FileProblem => {
      const position = file.positionOf(path);
      return { path, message: file.hideValues(message, path), ...(position && { position }) };
    });
  return [...file.problems, ...others].toSorted(byPosition).slice(0, limits.problems);
}

/** Problems without a position come first, since they are about the whole file. */
function byPosition({ position: a }: FileProblem, { position: b }: FileProblem): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
