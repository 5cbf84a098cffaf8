import { CommanderError } from 'commander';
import { InvalidConfigurationError } from '../errors.ts';
import { exitCodes, type Outcome, UsageError } from './outcome.ts';
import { createProgram } from './program.ts';

/** Carries out a command line, without the program's name, and returns the code to exit with. */
export async function run(args: readonly string[]): Promise<number> {
  // A pipe that its reader closes, `| head`, is no error.
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
    return report(error);
  }
}

function report(error: unknown): number {
  // Commander has printed it.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
  const isOurs = error instanceof UsageError || InvalidConfigurationError.isInstance(error);
  const [first = ''] = String(Object(error).message ?? error).split('\n');
  const message = isOurs ? first : `unexpected: ${first} (please report it)`;
  process.stderr.write(`error: ${message.replaceAll(/\p{Cc}+/gu, ' ')}\n`);
  return exitCodes.usage;
}
