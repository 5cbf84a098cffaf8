import { InvalidConfigurationError } from '../errors/errors.ts';
import { type AskedAt, askedSizes } from '../gateway/asked-sizes.ts';
import { formatPath, showName } from '../gateway/problem.ts';
import { answerOf } from '../local/ask-context-window.ts';
import type { Path } from './problem.ts';

/** What is to be said of a file's data, and where. */
export interface Note {
  readonly path: Path;
  readonly message: string;
}

/** A file's data with sizes in the place of servers that are to be asked for them. */
export interface SizedData {
  readonly data: unknown;
  /** Where what holds otherwise stands in, and why. */
  readonly notes: readonly Note[];
}

/** Asks all servers at once, each for a model once. */
export async function askSizes(data: unknown): Promise<SizedData> {
  const answers = new Map<string, Promise<number | string>>();
  return replaced(data, (asked) => {
    const key = JSON.stringify([asked.ask, asked.model ?? [asked.id]]);
    const answer = answers.get(key) ?? answerTo(asked);
    answers.set(key, answer);
    return answer;
  });
}

/** Asks nobody. */
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
        message: `${formatPath(path)}: ${showName(asked.ask)}: ${answer}; ${otherwise} stands in`,
      };
    }),
  );
  return { data: copy, notes: notes.filter((note) => note !== undefined) };
}

/** A provider under a prefix is asked for the rest of an id, any other for the whole: so is the server. */
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
