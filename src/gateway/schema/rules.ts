import { z } from 'zod/v4';
import type { RuleConfig } from '../config.ts';
import { flag, name, oneOf, optional, size, text } from './leaves.ts';
import { memberEntry } from './models.ts';

const scalarRemedy = 'use a string, a number, a boolean, or a list of some';
const scalar = z.union(
  [z.string().max(1000, { error: 'use at most 1000 characters' }), z.number(), z.boolean()],
  { error: scalarRemedy },
);

const time = z
  .string({ error: "use a time of day such as '22:00'" })
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "use a time of day such as '22:00'" });

const between = z.strictObject(
  {
    from: time.meta({ description: 'The first minute, such as "22:00".' }),
    to: time.meta({
      description: 'The first minute that is no longer in it; before from, if over midnight.',
    }),
    timeZone: name.meta({ description: 'A time zone of the IANA database, such as Europe/Berlin.' }),
  },
  { error: 'use a table with from, to and time_zone' },
);

const metadata = z.record(
  z.string().max(200),
  z.union([scalar, z.array(scalar).min(1, { error: scalarRemedy }).max(1000, { error: scalarRemedy })], {
    error: scalarRemedy,
  }),
  { error: "use a table, such as { tier = 'gold' }" },
);

const when = z.strictObject(
  {
    maxInputTokens: optional(size, 'At most so many input tokens.'),
    minInputTokens: optional(size, 'At least so many input tokens.'),
    hasTools: optional(flag, 'Whether the call has tools.'),
    hasImages: optional(flag, 'Whether a message holds an image.'),
    hasFiles: optional(flag, 'Whether a message holds a file that is no image.'),
    responseFormat: optional(oneOf(['text', 'json']), 'What kind of answer the call asks for.'),
    metadata: optional(
      metadata,
      'What the application said of the request in providerOptions["ai-alloy"]: values, or lists of them.',
    ),
    text: optional(text, 'What the last user message contains, in this very spelling.'),
    between: optional(between, 'A time of day.'),
  } satisfies Record<keyof NonNullable<RuleConfig['when']>, z.ZodType>,
  { error: 'use a table of conditions' },
);

/** `[[dispatchers.rules]]` */
export const rule: z.ZodType<RuleConfig> = z.strictObject(
  {
    id: optional(name, 'Names the rule in decisions.'),
    when: optional(when, 'What has to hold of a request, all of it.'),
    target: memberEntry.meta({ description: 'Where to send it.' }),
    fitsTarget: optional(flag, 'Whether the rule matches only what its target can hold.', false),
  } satisfies Record<keyof RuleConfig, z.ZodType>,
  { error: 'use a table with when and target' },
) as never;
