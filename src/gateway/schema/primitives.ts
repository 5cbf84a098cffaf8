import { z } from 'zod/v4';
import { defaultFallThroughOn } from '../../faults/failure.ts';
import type { AlloyConfig, CascadeConfig, DispatcherConfig, RuleConfig } from '../config.ts';
import { documented } from './documentation.ts';
import {
  failureKind,
  flag,
  fromZero,
  listOf,
  milliseconds,
  name,
  oneOf,
  optional,
  size,
  text,
  whole,
} from './leaves.ts';
import { constituentEntry, inherited, memberEntry } from './models.ts';
import { alloyRules, dispatcherRules, sharedRules } from './primitive-rules.ts';
import { rule } from './rules.ts';
import { table } from './table.ts';
import { level } from './tokenizer.ts';

const mostMembers = 500;

const cooldown = documented(
  table<NonNullable<CascadeConfig['cooldown']>>(
    {
      failures: documented(whole(1), { description: 'After how many failures in a row a member rests.' }),
      ms: documented(milliseconds, { description: 'For how many milliseconds it rests.' }),
    },
    'use a table with failures and ms',
  ),
  { id: 'cooldown' },
);

const shared = {
  id: documented(name, { description: 'What it is called by, and names it in decisions.' }),
  name: optional(text, 'A name for people.'),
  ...inherited,
  fallThroughOn: optional(
    listOf(failureKind, 'failure kinds', 0, 20),
    'The failures on which to go on to the next member.',
    [...defaultFallThroughOn],
  ),
  onTruncation: optional(
    oneOf(['warn', 'error', 'ignore']),
    'What to do when an answer was made of a prompt that somebody cut off.',
    'warn',
  ),
  deadlineMs: optional(milliseconds, 'Milliseconds that the whole call may take. Recommended: 600000.'),
  maxRetryAfterMs: optional(
    fromZero('use milliseconds, 0 or more'),
    'With retries: the longest Retry-After to wait for while another member is ready.',
    500,
  ),
  afterContent: optional(
    oneOf(['error', 'buffer']),
    'What to do about a stream that fails half-way: pass the error on, or hold answers back until they are whole.',
    'error',
  ),
  maxBufferedParts: optional(whole(1), 'With after_content buffer: how many parts to hold back.', 100_000),
  cooldown: optional(cooldown, 'When members rest that fail repeatedly.'),
};

const tableRemedy = 'use a table with id';

/** `[[alloys]]` */
export const alloy: z.ZodType<AlloyConfig> = documented(
  level<AlloyConfig>(
    {
      ...shared,
      strategy: optional(oneOf(['weighted', 'round-robin']), 'How constituents are drawn.', 'weighted'),
      minContextWindow: optional(
        size,
        "The alloy's ceiling in tokens, which every constituent has to reach.",
      ),
      fallback: optional(flag, 'Whether the other constituents are fallbacks.', true),
      redraw: optional(oneOf(['call', 'turn']), 'When a new constituent is drawn.', 'call'),
      constituents: documented(listOf(constituentEntry, 'models', 2, mostMembers), {
        description: 'Equivalent models, at least two.',
      }),
    },
    tableRemedy,
    [...sharedRules, ...alloyRules],
  ),
  { id: 'alloy' },
);

/** `[[cascades]]` */
export const cascade: z.ZodType<CascadeConfig> = documented(
  level<CascadeConfig>(
    {
      ...shared,
      warnOnSkip: optional(flag, "Whether a step that can't hold a request becomes a call warning.", true),
      order: optional(
        oneOf(['declared', 'cheapest-first', 'fastest-first']),
        'The order in which steps that can hold a request are tried.',
        'declared',
      ),
      steps: documented(listOf(memberEntry, 'models', 1, mostMembers), {
        description: 'Models in the order in which to try them.',
      }),
    },
    tableRemedy,
    sharedRules,
  ),
  { id: 'cascade' },
);

/** `[[dispatchers]]` */
export const dispatcher: z.ZodType<DispatcherConfig> = documented(
  level<DispatcherConfig>(
    {
      ...shared,
      order: optional(
        oneOf(['declared', 'smallest-first', 'cheapest-first', 'fastest-first']),
        'The order in which targets are asked.',
        'declared',
      ),
      fallback: optional(flag, 'Whether a failure of the chosen target goes on to the next.', false),
      reevaluate: optional(
        oneOf(['per-turn', 'sticky', 'sticky-escalate', 'worst-case']),
        'When a target is picked: at every call, or once for a conversation.',
        'per-turn',
      ),
      escalations: optional(whole(1), 'With sticky-escalate: promotions to a larger target.', 1),
      assumeSessionMaxTokens: optional(size, 'With worst-case: the input to reckon with, in tokens.'),
      targets: optional(
        listOf(memberEntry, 'models', 0, mostMembers),
        'Models to choose from: at least one, unless there are rules.',
      ),
      rules: optional(
        listOf(rule as z.ZodType<RuleConfig>, 'rules', 0, mostMembers),
        'The first rule that matches a request sends it to its target.',
      ),
    },
    tableRemedy,
    [...sharedRules, ...dispatcherRules],
  ),
  { id: 'dispatcher' },
);
