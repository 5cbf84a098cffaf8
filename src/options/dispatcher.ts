import { count, flag, milliseconds, tokens, type DocsOf, type Kind, type Need } from './kinds.ts';

export const session: Readonly<Record<'store' | 'ms', Kind>> = {
  store: { type: 'store', missing: 'pass an object with get and set' },
  ms: milliseconds,
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
  session: {
    type: 'table',
    options: session,
    required: ['store'],
    remedy: 'pass an object of options',
  },
  targets: { type: 'members' },
  rules: { type: 'rules' },
};

export const dispatcherDocs: DocsOf<typeof dispatcher> = {
  order: {
    sentence: 'The order in which targets are asked.',
    default: 'declared',
    more: 'See [orders](#orders).',
  },
  fallback: {
    sentence: 'Whether a failure of the chosen target goes on to the next.',
    default: false,
    more: 'It goes to the next that fits, as in a cascade.',
  },
  reevaluate: {
    sentence: 'When a target is picked: at every call, or once for a conversation.',
    default: 'per-turn',
    more: 'See [when to choose](rules-and-conversations.md#sticky-conversations).',
  },
  escalations: { sentence: 'With sticky-escalate: promotions to a larger target.', default: 1 },
  assumeSessionMaxTokens: {
    sentence: 'With worst-case: the input to reckon with, in tokens.',
    otherwise: "required with `'worst-case'`",
  },
  session: {
    sentence: 'Keeps sticky picks in a store, by the session id that comes with the call.',
    more: '`{ store, ms }`: [a store](rules-and-conversations.md#sticky-with-a-session-store), and for how long, by default a day.',
  },
  targets: {
    sentence: 'Models to choose from: at least one, unless there are rules.',
    otherwise: 'required, unless there are rules',
    more: 'Those without a size are catch-alls and match last; one ahead of a target with a size is [warned of](#warnings).',
  },
  rules: {
    sentence: 'The first rule that matches a request sends it to its target.',
    more: 'See [rules](rules-and-conversations.md#rules).',
  },
};

export const sessionDocs: DocsOf<typeof session> = {
  store: { sentence: 'Where picks are kept.' },
  ms: {
    sentence: 'For how many milliseconds after its last answer a session is remembered.',
    default: 86_400_000,
  },
};

/** What has no effect without another option. */
export const dispatcherNeeds: readonly Need[] = [
  { option: 'fallThroughOn', of: 'fallback', values: [true] },
  { option: 'cooldown', of: 'fallback', values: [true] },
  { option: 'maxRetryAfterMs', of: 'fallback', values: [true] },
  { option: 'escalations', of: 'reevaluate', values: ['sticky-escalate'] },
  { option: 'assumeSessionMaxTokens', of: 'reevaluate', values: ['worst-case'] },
  { option: 'session', of: 'reevaluate', values: ['sticky', 'sticky-escalate'] },
];
