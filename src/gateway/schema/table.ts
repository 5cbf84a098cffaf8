import { z } from 'zod/v4';
import { documented } from './documentation.ts';

/** What options of a table have to say together. */
export interface Coherence<Config> {
  /** The options it is about: where one of them is wrong by itself, nothing is said of them together. */
  readonly about: readonly (keyof Config & string)[];
  readonly holds: (table: Config) => boolean;
  /** The option that is reported. */
  readonly at: keyof Config & string;
  readonly message: string | ((table: Config) => string);
  /** The same as JSON Schema with camelCase keys, as far as that can say it. */
  readonly schema?: object;
}

const names = new Set<string>();

/** The names of all options, to tell them from other words of a message. */
export const optionNames: ReadonlySet<string> = names;

/** A table of options; `remedy` is for what is no table. An unknown option's message lists those that there are. */
export function table<Config>(
  shape: Readonly<Record<keyof Config, z.ZodType>>,
  remedy: string,
  rules: readonly Coherence<Config>[] = [],
): z.ZodType<Config> {
  const options = Object.keys(shape);
  for (const name of options) names.add(name);
  const object = z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? options.join(' ') : remedy),
  });
  return coherent(object as unknown as z.ZodType<Config>, rules);
}

/** A schema whose values also have to be coherent. Not `superRefine`, which one wrong option would keep from running. */
export function coherent<Config>(
  schema: z.ZodType<Config>,
  rules: readonly Coherence<Config>[],
): z.ZodType<Config> {
  const checked = rules.reduce(
    (inner, { about, holds, at, message }) =>
      inner.refine(holds, {
        path: [at],
        error: ({ input }) => (typeof message === 'string' ? message : message(input as Config)),
        params: { about },
        when: ({ issues }) => !issues.some(({ code, path }) => isAbout(code, path?.[0], about)),
      }),
    schema,
  );
  const schemas = rules.flatMap((rule) => rule.schema ?? []);
  return schemas.length > 0 ? documented(checked, { allOf: schemas }) : checked;
}

/** Whether a problem is of the whole table, or of one of the options. */
function isAbout(code: string, key: PropertyKey | undefined, options: readonly PropertyKey[]): boolean {
  return key === undefined ? code !== 'unrecognized_keys' : options.includes(key);
}
