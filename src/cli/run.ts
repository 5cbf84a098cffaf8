import { CommanderError } from 'commander';
import { InvalidConfigurationError } from '../errors/errors.ts';
import { firstLineOf } from '../inspect/clean.ts';
import { UsageError } from '../inspect/usage-error.ts';
import { exitCodes, type Outcome, printError } from './outcome.ts';
import { createProgram } from './program.ts';

/** Runs a command line, given without the program's name, and returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  // If the reader of a pipe closes it, as in `| head`, that is not an error.
  process.stdout.on('error', () => undefined);
  let code: number = exitCodes.fine;
  const print = (outcome: Outcome, asJson: boolean): void => {
    process.stdout.write(`${asJson ? JSON.stringify(outcome.json, null, 2) : outcome.text}\n`);
    code = outcome.code;
  };
  try {
    await createProgram(print).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return report(args, error);
    if (error.exitCode === 0) return exitCodes.fine;
    // Commander has printed the text already.
    return printError(args, error.message.replace(/^error: /, '').replaceAll('\n', ' '));
  }
}

function report(args: readonly string[], error: unknown): number {
  const isOurs = error instanceof UsageError || InvalidConfigurationError.isInstance(error);
  const first = firstLineOf(error);
  const message = isOurs ? first : `unexpected: ${first} (please report it)`;
  return printError(args, message, `error: ${message}\n`);
}
