import { z } from 'zod/v4';
import type { FailureKind } from '../../decision.ts';
import { longestMs } from '../../faults/attempt-options.ts';
import { failureOf } from '../../faults/failure.ts';
import { mostTokens, type TokenSize } from '../../tokens/size.ts';
import { isRecord } from '../plain-data.ts';
import { documented } from './documentation.ts';

/** An option that may be left out, described for editors; `fallback` is what then holds. */
export function optional<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  fallback?: unknown,
): z.ZodOptional<Schema> {
  return documented(schema.optional(), {
    description,
    ...(fallback !== undefined && { default: fallback }),
  }) as z.ZodOptional<Schema>;
}

/** A word in kebab-case and in snake_case. */
export function spellingsOf(word: string): string[] {
  return [...new Set([word, word.replaceAll('-', '_')])];
}

/** One of some words, in kebab-case or snake_case. */
export function oneOf<Word extends string>(
  words: readonly Word[],
  meant: (input: unknown) => Word | undefined = () => undefined,
): z.ZodType<Word, string> {
  const error = ({ input }: { readonly input?: unknown }): string => {
    const word = meant(input);
    return `${word === undefined ? '' : `did you mean ${word}? `}use one of ${words.join(', ')}`;
  };
  return z
    .enum(words.flatMap(spellingsOf), { error })
    .transform((word) => words.find((each) => each === word || each.replaceAll('-', '_') === word)!);
}

export const sizeRemedy: string =
  "use a whole number of tokens above 0, or one with K (×1024) or M (×1048576) such as '128K'";

const mostRemedy = `use at most ${mostTokens} tokens`;
const isSize = /^\d+[KMkm]$/;
const tokensIn = (text: string): number => Number.parseInt(text, 10) * (/M$/i.test(text) ? 1_048_576 : 1024);

/** A number of tokens. */
// Versions of zod differ in whose error of a union they report: both sides have the same.
export const size: z.ZodType<TokenSize> = documented(
  z.union(
    [
      z.int({ error: sizeRemedy }).positive({ error: sizeRemedy }).lte(mostTokens, { error: mostRemedy }),
      z
        .string()
        .regex(/^[1-9]\d*[KMkm]$/, { error: sizeRemedy })
        .regex(/^[1-9](?:\d{0,5}[Mm]|\d{0,8}[Kk])$/, { error: mostRemedy })
        .refine((text) => !isSize.test(text) || tokensIn(text) <= mostTokens, { error: mostRemedy }),
    ],
    { error: sizeRemedy },
  ) as unknown as z.ZodType<TokenSize>,
  { id: 'tokens' },
); // the expression says the same as the template type

const named = (error: string): z.ZodType<string> =>
  z.string({ error }).min(1, { error }).max(200, { error }).regex(/\S/, { error });

/** A name: of a model, a primitive, a member, a rule. */
export const name: z.ZodType<string> = documented(named('use a name of 1 to 200 characters'), { id: 'name' });

/** The name of a model that a member is. */
export const modelName: z.ZodType<string> = named('name a model here, by its id');

/** A text of a sentence or so. */
export const text: z.ZodType<string> = z
  .string({ error: 'use a text' })
  .min(1, { error: 'use a text that is not empty' })
  .max(1000, { error: 'use at most 1000 characters' });

export const flag: z.ZodType<boolean> = z.boolean({ error: 'use true or false' });

/** A number above 0. */
export const positive: z.ZodType<number> = z
  .number({ error: 'use a number above 0' })
  .gt(0, { error: 'use a number above 0' });

/** A number of at least 0. */
export const fromZero = (error: string): z.ZodType<number> => z.number({ error }).gte(0, { error });

/** Above 0, at most 1. */
export const fraction: z.ZodType<number> = z
  .number({ error: 'use a number above 0 and at most 1, such as 0.85' })
  .gt(0, { error: 'use a number above 0 and at most 1, such as 0.85' })
  .lte(1, { error: 'use a number above 0 and at most 1, such as 0.85' });

export const margin: z.ZodType<number> = z
  .number({ error: 'use at least 1, such as 1.1' })
  .gte(1, { error: 'use at least 1, such as 1.1' });

const msRemedy = `use milliseconds above 0, at most ${longestMs}`;
export const milliseconds: z.ZodType<number> = documented(
  z.number({ error: msRemedy }).gt(0, { error: msRemedy }).lte(longestMs, { error: msRemedy }),
  { id: 'milliseconds' },
);

/** A whole number within limits. */
export function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): z.ZodType<number> {
  const error =
    most === Number.MAX_SAFE_INTEGER
      ? `use a whole number, ${least} or more`
      : `use a whole number from ${least} to ${most}`;
  return z.int({ error }).gte(least, { error }).lte(most, { error });
}

/** A list with bounds, which `noun` names in errors. */
export function listOf<Schema extends z.ZodType>(
  schema: Schema,
  noun: string,
  least: number,
  most: number,
): z.ZodType<z.output<Schema>[], z.input<Schema>[]> {
  const error = `use a list of ${least} to ${most} ${noun}`;
  const inToml = 'in TOML, each of them begins with [[…]] rather than […]';
  return z
    .array(schema, { error: ({ input }) => (isRecord(input) ? `${error}: ${inToml}` : error) })
    .min(least, { error })
    .max(most, { error });
}

/** Every kind of failure; checked to be all. */
const kinds: Readonly<Record<FailureKind, true>> = {
  timeout: true,
  'rate-limit': true,
  quota: true,
  'server-error': true,
  network: true,
  'malformed-response': true,
  unsupported: true,
  truncated: true,
  overflow: true,
  auth: true,
  'not-found': true,
  'content-filter': true,
  'bad-request': true,
  aborted: true,
  unknown: true,
};

export const failureKind: z.ZodType<FailureKind, string> = documented(
  oneOf(Object.keys(kinds) as FailureKind[], kindMeant),
  { id: 'failure-kind' },
);

/** What others list in its place: `429`, `http_503`, `RateLimitError`. */
function kindMeant(input: unknown): FailureKind | undefined {
  const [, status] = /^(?:http)?[_ -]?([1-5]\d\d)$/i.exec(String(input)) ?? [];
  const error = status ? { statusCode: Number(status) } : { name: input };
  const { kind } = failureOf(error);
  return kind === 'unknown' ? undefined : kind;
}
