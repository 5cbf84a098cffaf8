import { z } from 'zod/v4';
import { documented } from './documentation.ts';

/** A rule about several options of a table. */
export interface Coherence<Config> {
  /** The options that the rule is about. If one of them is invalid by itself, the rule isn't checked. */
  readonly about: readonly (keyof Config & string)[];
  readonly holds: (table: Config) => boolean;
  /** The option that is reported. */
  readonly at: keyof Config & string;
  readonly message: string | ((table: Config) => string);
  /** The rule as JSON Schema with camelCase keys, if that can express it. */
  readonly schema?: object;
}

const names = new Set<string>();

/** The names of all options, to recognise them in a message. */
export const optionNames: ReadonlySet<string> = names;

/** A table of options; `remedy` is for a value that is no table. The message about an unknown option lists the known ones. */
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

/** A schema with rules about several options. Not `superRefine`, which zod skips if one option is invalid. */
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

/** Whether a problem is about the whole table, or about one of these options. */
function isAbout(code: string, key: PropertyKey | undefined, options: readonly PropertyKey[]): boolean {
  return key === undefined ? code !== 'unrecognized_keys' : options.includes(key);
}
