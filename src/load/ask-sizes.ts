import { InvalidConfigurationError } from '../errors/errors.ts';
import { type AskedAt, askedSizes } from '../gateway/asked-sizes.ts';
import { formatPath, showName } from '../gateway/problem.ts';
import { answerOf } from '../local/ask-context-window.ts';
import type { Path } from './problem.ts';

/** A warning about a file's data, and its path. */
export interface Note {
  readonly path: Path;
  readonly message: string;
}

/** A file's data, in which each server to ask for a size is replaced by the size. */
export interface SizedData {
  readonly data: unknown;
  /** Where the size in `otherwise` is used, and why. */
  readonly notes: readonly Note[];
}

/** Asks all servers at the same time, and each only once per model. */
export async function askSizes(data: unknown): Promise<SizedData> {
  const answers = new Map<string, Promise<number | string>>();
  return replaced(data, (asked) => {
    const key = JSON.stringify([asked.ask, asked.model ?? [asked.id]]);
    const answer = answers.get(key) ?? answerTo(asked);
    answers.set(key, answer);
    return answer;
  });
}

/** Asks no server: uses `otherwise` everywhere. */
export async function withoutAsking(data: unknown): Promise<SizedData> {
  return replaced(data, async () => 'it is asked when the file is loaded, not here');
}

async function replaced(
  data: unknown,
  ask: (asked: AskedAt) => Promise<number | string>,
): Promise<SizedData> {
  const copy = structuredClone(data);
  const notes = await Promise.all(
    Array.from(askedSizes(copy), async (asked): Promise<Note | undefined> => {
      const { path, otherwise, replace } = asked;
      const answer = await ask(asked);
      replace(typeof answer === 'number' ? answer : otherwise);
      if (typeof answer === 'number') return undefined;
      return {
        path,
        message: `${formatPath(path)}: ${showName(asked.ask)}: ${answer}; ${otherwise} is used instead`,
      };
    }),
  );
  return { data: copy, notes: notes.filter((note) => note !== undefined) };
}

/** Asks a server for a model by its id without the prefix, and by the whole id, since either may be its name there. */
async function answerTo({ ask, model, id }: AskedAt): Promise<number | string> {
  const names = model !== undefined ? [model] : [id.slice(id.indexOf('/') + 1), id];
  const answers = await Promise.all([...new Set(names)].map((name) => askFor(ask, name)));
  return answers.find((answer) => typeof answer === 'number') ?? answers[0]!;
}

async function askFor(baseURL: string, model: string): Promise<number | string> {
  try {
    return await answerOf({ baseURL, model });
  } catch (error) {
    if (InvalidConfigurationError.isInstance(error)) return error.remedy;
    throw error;
  }
}
