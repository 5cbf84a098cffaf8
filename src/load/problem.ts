import { formatPath } from '../gateway/problem.ts';

/** A position in a file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The path of a value: keys in the file's own spelling, and indices of lists, from 0. */
export type Path = readonly (string | number)[];

/** A problem of a file. */
export interface FileProblem {
  readonly path: Path;
  readonly message: string;
  /** Its position, if the parser can tell it. */
  readonly position?: Position;
}

/** The result of parsing a text. */
export interface Parsed {
  readonly data: unknown;
  readonly problems: readonly FileProblem[];
  /** The position of the value at a path, or of the nearest table or list around it. */
  positionOf(path: Path): Position | undefined;
}

/** A problem in one line, as compilers print it: `models.yaml:3:5 models[0].id: …`. */
export function showProblem(file: string, { path, message, position }: FileProblem): string {
  const where = position ? `${file}:${position.line}:${position.column}` : file;
  // Messages may contain text of the file, so line breaks and control characters are removed.
  return `${where}${path.length > 0 ? ` ${formatPath(path)}` : ''}: ${message}`.replaceAll(/\p{Cc}+/gu, ' ');
}

/** A note after a problem with a variable's value, since the message only shows the text in the file. */
export function notShown(variables: ReadonlyMap<string, string>): string {
  const names = [...variables.keys()];
  if (names.length === 0) return '';
  return ` (what ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} set to is not shown)`;
}

/** The result for a text that could not be parsed. */
export function unparsed(message: string, position?: Position): Parsed {
  return {
    data: undefined,
    problems: [{ path: [], message, ...(position && { position }) }],
    positionOf: () => undefined,
  };
}
