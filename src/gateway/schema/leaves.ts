import { z } from 'zod/v4';
import type { FailureKind } from '../../decision.ts';
import { fallThroughWords, maxMs, milliseconds as msKind, nameRemedy } from '../../options/kinds.ts';
import { failureOf } from '../../faults/failure.ts';
import { useOneOf } from '../../spelling.ts';
import { maxTokens, maxTokensRemedy, sizeRemedy, type TokenSize } from '../../tokens/size.ts';
import { isRecord } from '../plain-data.ts';
import { documented } from './documentation.ts';

/** An optional option with a description for editors; `fallback` is its default. */
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
  const error = ({ input }: { readonly input?: unknown }): string => useOneOf(meant(input) ?? input, words);
  return z
    .enum(words.flatMap(spellingsOf), { error })
    .transform((word) => words.find((each) => each === word || each.replaceAll('-', '_') === word)!);
}

const isSize = /^\d+[KMkm]$/;
const tokensIn = (text: string): number => Number.parseInt(text, 10) * (/M$/i.test(text) ? 1_048_576 : 1024);

/** A number of tokens. */
// Versions of zod differ in which side of a union they report, so both sides have the same error.
export const size: z.ZodType<TokenSize> = documented(
  z.union(
    [
      z.int({ error: sizeRemedy }).positive({ error: sizeRemedy }).lte(maxTokens, { error: maxTokensRemedy }),
      z
        .string()
        .regex(/^[1-9]\d*[KMkm]$/, { error: sizeRemedy })
        .regex(/^[1-9](?:\d{0,5}[Mm]|\d{0,8}[Kk])$/, { error: maxTokensRemedy })
        .refine((text) => !isSize.test(text) || tokensIn(text) <= maxTokens, { error: maxTokensRemedy }),
    ],
    { error: sizeRemedy },
  ) as unknown as z.ZodType<TokenSize>,
  { id: 'tokens' },
); // the regular expression matches what the template type allows

const named = (error: string): z.ZodType<string> =>
  z.string({ error }).min(1, { error }).max(200, { error }).regex(/\S/, { error });

/** A name: of a model, a primitive, a member, a rule. */
export const name: z.ZodType<string> = documented(named(nameRemedy), { id: 'name' });

/** The name of a member's model. */
export const modelName: z.ZodType<string> = named('name a model here, by its id');

/** A text of a sentence or so. */
export const text: z.ZodType<string> = z
  .string({ error: 'use a text' })
  .min(1, { error: 'use a text that is not empty' })
  .max(1000, { error: 'use at most 1000 characters' });

export const flag: z.ZodType<boolean> = z.boolean({ error: 'use true or false' });

const { remedy: msRemedy } = msKind;
export const milliseconds: z.ZodType<number> = documented(
  z.number({ error: msRemedy }).gt(0, { error: msRemedy }).lte(maxMs, { error: msRemedy }),
  { id: 'milliseconds' },
);

/** A list with bounds, which `noun` names in errors. */
export function listOf<Schema extends z.ZodType>(
  schema: Schema,
  noun: string,
  min: number,
  max: number,
): z.ZodType<z.output<Schema>[], z.input<Schema>[]> {
  const error = `use a list of ${min} to ${max} ${noun}`;
  const inToml = 'in TOML, each of them begins with [[…]] rather than […]';
  return z
    .array(schema, { error: ({ input }) => (isRecord(input) ? `${error}: ${inToml}` : error) })
    .min(min, { error })
    .max(max, { error });
}

export const fallThroughWord: z.ZodType<FailureKind | 'default', string> = documented(
  oneOf(fallThroughWords as readonly (FailureKind | 'default')[], kindMeant),
  { id: 'failure-kind' },
);

/** The failure kind for a word that other routers use: `429`, `http_503`, `RateLimitError`. */
function kindMeant(input: unknown): FailureKind | undefined {
  const [, status] = /^(?:http)?[_ -]?([1-5]\d\d)$/i.exec(String(input)) ?? [];
  const error = status ? { statusCode: Number(status) } : { name: input };
  const { kind } = failureOf(error);
  return kind === 'unknown' ? undefined : kind;
}
