/** What the command line exits with. */
export const exitCodes = {
  fine: 0,
  /** Problems in a file, or a request that would be refused. */
  refused: 1,
  /** An unknown command, option, id or file. */
  usage: 2,
} as const;

/** What a command has to say, for people and for programs. */
export interface Outcome {
  readonly text: string;
  readonly json: unknown;
  readonly code: 0 | 1;
}

/** The command line was used wrongly; the message says how to use it. */
export class UsageError extends Error {}
