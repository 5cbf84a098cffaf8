import { formatPath } from '../gateway/problem.ts';

/** Where something stands in a file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What leads to a value: the keys, in the file's own spelling, and the indices of lists, from 0. */
export type Path = readonly (string | number)[];

/** Something that is wrong with a file. */
export interface FileProblem {
  readonly path: Path;
  readonly message: string;
  /** Where it stands, where the parser says so. */
  readonly position?: Position;
}

/** What a parser made of a text. */
export interface Parsed {
  readonly data: unknown;
  readonly problems: readonly FileProblem[];
  /** Where the value of a path stands, or the nearest thing around it. */
  positionOf(path: Path): Position | undefined;
}

/** A problem in one line, as compilers print it: `models.yaml:3:5 models[0].id: …`. */
export function showProblem(file: string, { path, message, position }: FileProblem): string {
  const where = position ? `${file}:${position.line}:${position.column}` : file;
  // Messages may hold a file's own text: no line breaks, and no control characters for a terminal.
  return `${where}${path.length > 0 ? ` ${formatPath(path)}` : ''}: ${message}`.replaceAll(/\p{Cc}+/gu, ' ');
}

/** Behind what is wrong with a variable's value: what stands in the file, such as a default, is not what is meant. */
export function notShown(variables: ReadonlyMap<string, string>): string {
  const names = [...variables.keys()];
  if (names.length === 0) return '';
  return ` (what ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} set to is not shown)`;
}

/** A text that is not even parsed, or could not be. */
export function unparsed(message: string, position?: Position): Parsed {
  return {
    data: undefined,
    problems: [{ path: [], message, ...(position && { position }) }],
    positionOf: () => undefined,
  };
}
