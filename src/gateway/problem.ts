import {
  found,
  foundInstead,
  foundName,
  hasMarker,
  InvalidConfigurationError,
  markerOf,
} from '../errors/errors.ts';

/** One thing that is wrong with a gateway's configuration. */
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

/** Of longer names, messages have no more than the beginning. */
const longestShown = 100;

/** A wrong value in a message; strings, and only what was found, in double quotes. */
export const show = (value: unknown): string => (value === undefined ? 'missing' : found(value).shown);

/** A value in the place of a table or a list: a text there may be an address, with a password. */
export const showInstead = (value: unknown): string =>
  value === undefined ? 'missing' : foundInstead(value).shown;

/** A name in a message, as somebody wrote it, in double quotes. */
export const showName = (name: string): string => foundName(name, longestShown).shown;

const shape = 'use a table with models, alloys, cascades or dispatchers';

/** What is wrong with what is no table of a gateway's parts. */
export const noTable = (value: unknown): string => `${showInstead(value)}: ${shape}`;

/** What is wrong with a file that has comments at most. */
export const nothingDeclared: string = `nothing is declared: ${shape}`;

/** The longest message has this many problems; `problems` has them all. */
const mostInMessage = 50;

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
  /** All problems, those of the file in its order. */
  readonly problems: readonly GatewayProblem[];

  constructor(problems: readonly GatewayProblem[]) {
    super({ option: 'gateway', value: undefined, remedy: 'mend its problems' });
    const lines = problems
      .slice(0, mostInMessage)
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
