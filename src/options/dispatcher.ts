import { count, flag, milliseconds, tokens, type DocsOf, type Kind, type Need } from './kinds.ts';

export const session: Readonly<Record<'store' | 'ms', Kind>> = {
  store: { type: 'store', missing: 'pass an object with get and set' },
  ms: milliseconds,
};

export const sessionTable: Kind = {
  type: 'table',
  options: session,
  required: ['store'],
  remedy: 'pass an object of options',
};

export const dispatcher: Readonly<
  Record<
    | 'order'
    | 'fallback'
    | 'reevaluate'
    | 'escalations'
    | 'assumeSessionMaxTokens'
    | 'session'
    | 'targets'
    | 'rules',
    Kind
  >
> = {
  order: {
    type: 'word',
    words: ['declared', 'smallest-first', 'cheapest-first', 'fastest-first'],
    orFunction: true,
  },
  fallback: flag,
  reevaluate: { type: 'word', words: ['per-turn', 'sticky', 'sticky-escalate', 'worst-case'] },
  escalations: count,
  assumeSessionMaxTokens: tokens,
  session: sessionTable,
  targets: { type: 'members' },
  rules: { type: 'rules' },
};

export const dispatcherDocs: DocsOf<typeof dispatcher> = {
  order: {
    sentence: 'The order in which targets are tried: the first that the request fits is chosen.',
    default: 'declared',
    more: 'See [orders](#orders).',
  },
  fallback: {
    sentence: 'Whether to go on to the next target if the chosen one fails.',
    default: false,
    more: 'The next one that the request fits, as in a cascade.',
  },
  reevaluate: {
    sentence: 'When to choose a target: at every call, or once for a conversation.',
    default: 'per-turn',
    more: 'See [when to choose](rules-and-conversations.md#sticky-conversations).',
  },
  escalations: {
    sentence: 'With sticky-escalate: how often a conversation may move to a larger target.',
    default: 1,
  },
  assumeSessionMaxTokens: {
    sentence: 'With worst-case: every request counts as at least this many input tokens.',
    otherwise: "required with `'worst-case'`",
  },
  session: {
    sentence:
      'Keeps the targets of sticky conversations in a store, by the session id that comes with the call.',
    more: '`{ store, ms }`: [a store](rules-and-conversations.md#sticky-with-a-session-store), and how long to keep an entry, by default a day.',
  },
  targets: {
    sentence: 'Models to choose from: at least one, unless there are rules.',
    otherwise: 'required, unless there are rules',
    more: 'Those without a size are catch-alls and are tried last; there is a [warning](#warnings) if one is listed before a target with a size.',
  },
  rules: {
    sentence: 'The first rule that matches a request sends it to its target.',
    more: 'See [rules](rules-and-conversations.md#rules).',
  },
};

export const sessionDocs: DocsOf<typeof session> = {
  store: { sentence: 'Keeps the chosen targets, by session.' },
  ms: {
    sentence: 'How many milliseconds after its last answer a session is kept.',
    default: 86_400_000,
  },
};

/** Options that have no effect without another option. */
export const dispatcherNeeds: readonly Need[] = [
  { option: 'fallThroughOn', of: 'fallback', values: [true] },
  { option: 'cooldown', of: 'fallback', values: [true] },
  { option: 'maxRetryAfterMs', of: 'fallback', values: [true] },
  { option: 'escalations', of: 'reevaluate', values: ['sticky-escalate'] },
  { option: 'assumeSessionMaxTokens', of: 'reevaluate', values: ['worst-case'] },
  { option: 'session', of: 'reevaluate', values: ['sticky', 'sticky-escalate'] },
];
