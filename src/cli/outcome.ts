/** Exit codes of the command line. */
export const exitCodes = {
  fine: 0,
  /** Problems in a file, or a request that would be refused. */
  refused: 1,
  /** An unknown command, option, id or file. */
  usage: 2,
} as const;

/** The output of a command, as text and as JSON. */
export interface Outcome {
  readonly text: string;
  readonly json: unknown;
  readonly code: 0 | 1;
}

/** Reports an error of a command that has no outcome: on stderr, and with `--json` also as JSON on stdout. */
export function printError(args: readonly string[], message: string, text = ''): number {
  process.stderr.write(text);
  if (args.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ ok: false, error: { message } }, null, 2)}\n`);
  }
  return exitCodes.usage;
}
