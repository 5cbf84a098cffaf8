import { z } from 'zod/v4';
import * as ofRules from '../../options/rules.ts';
import { placeOf } from '../../errors/place.ts';
import { parseBetween } from '../../rules/time-of-day.ts';
import { parseSize } from '../../tokens/size.ts';
import type { RuleConfig } from '../config.ts';
import { documented } from './documentation.ts';
import { memberEntry } from './models.ts';
import { fieldsOf } from './of-option.ts';
import { table } from './table.ts';

type When = NonNullable<RuleConfig['when']>;

const scalarRemedy = 'use a string, a number, a boolean, or a list of some';
const scalar = z.union(
  [z.string().max(1000, { error: 'use at most 1000 characters' }), z.number(), z.boolean()],
  { error: scalarRemedy },
);

const timeRemedy = "use a time of day such as '22:00', two digits each, '00:00' to '23:59'";
const time = z.string({ error: timeRemedy }).regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: timeRemedy });

const zoneRemedy = 'name a time zone of the IANA database, such as Europe/Berlin or UTC';

type Between = NonNullable<When['between']>;

const between = table<Between>(
  fieldsOf(ofRules.between, ofRules.betweenDocs, {
    required: ['from', 'to', 'timeZone'],
    schemas: {
      from: time,
      to: time,
      timeZone: z.string({ error: zoneRemedy }).min(1, { error: zoneRemedy }).max(200, { error: zoneRemedy }),
    },
  }),
  'use a table with from, to and timeZone',
  [
    {
      about: ['from', 'to'],
      holds: ({ from, to }) => from !== to,
      at: 'to',
      message: 'use another time than from',
    },
    {
      about: ['timeZone'],
      holds: ({ timeZone }) => isTimeZone(timeZone),
      at: 'timeZone',
      message: zoneRemedy,
    },
  ],
);

function isTimeZone(timeZone: string): boolean {
  try {
    return Boolean(parseBetween(placeOf('between'), { from: '00:00', to: '00:01', timeZone }));
  } catch {
    return false;
  }
}

const metadataRemedy = "use a table, such as { tier = 'gold' }";
const metadata = documented(
  z
    .record(
      z.string().max(200),
      z.union([scalar, z.array(scalar).min(1, { error: scalarRemedy }).max(1000, { error: scalarRemedy })], {
        error: scalarRemedy,
      }),
      { error: metadataRemedy },
    )
    .refine((values) => Object.keys(values).length > 0, {
      error: "it is empty: name what has to hold, such as { tier = 'gold' }, or remove it",
    }),
  { minProperties: 1 },
);

const when = table<When>(
  fieldsOf(ofRules.when, ofRules.whenDocs, { schemas: { metadata, between } }),
  'use a table of conditions',
  [
    {
      about: ['maxInputTokens', 'minInputTokens'],
      holds: ({ maxInputTokens, minInputTokens }) =>
        maxInputTokens === undefined ||
        minInputTokens === undefined ||
        parseSize('minInputTokens', minInputTokens) <= parseSize('maxInputTokens', maxInputTokens),
      at: 'minInputTokens',
      message: 'use no more than maxInputTokens',
    },
  ],
);

/** Data has no predicates, so a rule has no time for one. */
const { whenMs: _, ...inData } = ofRules.rule;

/** `[[dispatchers.rules]]` */
export const rule: z.ZodType<RuleConfig> = documented(
  table<RuleConfig>(
    fieldsOf(inData, ofRules.ruleDocs, {
      required: ['target'],
      schemas: { when, target: memberEntry },
    }),
    'use a table with when and target',
  ),
  { id: 'rule' },
);
