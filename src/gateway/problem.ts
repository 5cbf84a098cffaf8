import {
  found,
  foundInstead,
  foundName,
  hasMarker,
  InvalidConfigurationError,
  markerOf,
} from '../errors/errors.ts';

/** A problem of a gateway's configuration. */
export interface GatewayProblem {
  /** Where it is, in the spelling of the file: `['models', 0, 'context_window']`. */
  readonly path: readonly (string | number)[];
  /** What was found there, what is allowed, and what to do. */
  readonly message: string;
}

/** A place in a configuration. */
export type Path = GatewayProblem['path'];

/**
 * A path as a person would write it: `models[0].context_window`.
 *
 * @example
 * ```ts
 * import { formatPath } from 'ai-alloy/gateway';
 *
 * formatPath(['models', 0, 'context_window']); // 'models[0].context_window'
 * formatPath(['when', 'metadata', 'a.b']); // 'when.metadata["a.b"]'
 * ```
 */
export function formatPath(path: Path): string {
  return path
    .map((key) => {
      if (typeof key === 'number') return `[${key}]`;
      return /^[\w$-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    })
    .join('')
    .replace(/^\./, '');
}

/** Longer names are cut in messages. */
const maxShown = 100;

/** A wrong value as messages show it. Only strings that were found are in double quotes. */
export const show = (value: unknown): string => (value === undefined ? 'missing' : found(value).shown);

/** A value instead of a table or a list, as messages show it. A string is not shown: it may be a URL with a password. */
export const showInstead = (value: unknown): string =>
  value === undefined ? 'missing' : foundInstead(value).shown;

/** A name of the configuration as messages show it, in double quotes. */
export const showName = (name: string): string => foundName(name, maxShown).shown;

const shape = 'use a table with models, alloys, cascades or dispatchers';

/** The problem with a value that is not a gateway. */
export const noTable = (value: unknown): string => `${showInstead(value)}: ${shape}`;

/** The problem with a file that is empty or has only comments. */
export const nothingDeclared: string = `nothing is declared: ${shape}`;

/** The message lists at most this many problems; `problems` has all of them. */
const maxInMessage = 50;

/**
 * Everything that is wrong with a gateway's configuration, in one error; thrown by `createModelGateway`.
 *
 * @example
 * ```ts
 * import { createModelGateway, GatewayConfigurationError } from 'ai-alloy/gateway';
 *
 * try {
 *   createModelGateway({ cascades: [{ id: 'chat', steps: ['openai/gpt-5'] }] }, { providers: {} });
 * } catch (error) {
 *   if (GatewayConfigurationError.isInstance(error)) console.error(error.problems);
 * }
 * ```
 */
export class GatewayConfigurationError extends InvalidConfigurationError {
  /** All problems, in the order of the file. */
  readonly problems: readonly GatewayProblem[];

  constructor(problems: readonly GatewayProblem[]) {
    super({ option: 'gateway', value: undefined, remedy: 'fix its problems' });
    this.name = 'AI_GatewayConfigurationError';
    const lines = problems
      .slice(0, maxInMessage)
      .map(({ path, message }) => `- ${path.length > 0 ? `${formatPath(path)}: ` : ''}${message}`);
    const rest = problems.length - lines.length;
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    this.message = [`the gateway has ${count}:`, ...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join(
      '\n',
    );
    Object.assign(this, { [markerOf('GatewayConfigurationError')]: true });
    this.problems = problems;
  }

  /** Whether `error` is a GatewayConfigurationError, from any copy of this package. */
  static override isInstance(error: unknown): error is GatewayConfigurationError {
    return hasMarker(error, 'GatewayConfigurationError');
  }
}
