import { hasMarker, InvalidConfigurationError, markerOf } from '../errors/errors.ts';
import { type FileProblem, showProblem } from './problem.ts';

/**
 * All problems of a gateway file, each with its line and column if the parser can tell them. Thrown by
 * `loadModelGateway`.
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { GatewayFileError, loadModelGateway } from 'ai-alloy/load';
 *
 * try {
 *   await loadModelGateway('models.yaml', { providers: { openai } });
 * } catch (error) {
 *   if (GatewayFileError.isInstance(error)) console.error(error.problems);
 * }
 * ```
 */
export class GatewayFileError extends InvalidConfigurationError {
  readonly file: string;
  readonly problems: readonly FileProblem[];

  constructor(file: string, problems: readonly FileProblem[]) {
    super({ option: 'file', value: file, remedy: 'fix its problems' });
    this.name = 'AI_GatewayFileError';
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    this.message = [`${file} has ${count}:`, ...problems.map((each) => showProblem(file, each))].join('\n');
    Object.assign(this, { [markerOf('GatewayFileError')]: true });
    this.file = file;
    this.problems = problems;
  }

  /** Whether `error` is a GatewayFileError, from any copy of this package. */
  static override isInstance(error: unknown): error is GatewayFileError {
    return hasMarker(error, 'GatewayFileError');
  }
}
