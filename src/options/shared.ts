import { inherited } from './member.ts';
import {
  count,
  defaultFallThroughOn,
  fallThroughWords,
  merge,
  milliseconds,
  name,
  type DocsOf,
  type Kind,
  type Need,
  type OptionDoc,
} from './kinds.ts';

export const cooldown: Readonly<Record<'failures' | 'ms' | 'store', Kind>> = {
  failures: {
    type: 'number',
    isWhole: true,
    min: 1,
    remedy: 'use a whole number above 0, such as 3: after so many failures in a row a member is on cooldown',
  },
  ms: /* @__PURE__ */ merge(milliseconds, {
    missing: 'set how many milliseconds a member is on cooldown, such as 30_000',
  }),
  store: { type: 'store' },
};

export const cooldownDocs: DocsOf<typeof cooldown> = {
  failures: { sentence: 'After how many failures in a row a member is on cooldown.' },
  ms: { sentence: 'How many milliseconds a cooldown lasts.' },
  store: { sentence: 'Shares cooldowns with other processes.' },
};

/** Options that all primitives have, and members don't. */
type Routing =
  | 'fallThroughOn'
  | 'acceptAnswer'
  | 'onTruncation'
  | 'deadlineMs'
  | 'maxRetryAfterMs'
  | 'afterContent'
  | 'maxBufferedParts'
  | 'cooldown'
  | 'shorten'
  | 'onDecision';

const aFunction: Kind = { type: 'function', remedy: 'pass a function' };

export const routing: Readonly<Record<Routing, Kind>> = {
  fallThroughOn: {
    type: 'words',
    words: fallThroughWords,
    remedy: 'pass a list of failure kinds, or a function',
  },
  acceptAnswer: { type: 'function', remedy: 'pass a function' },
  onTruncation: { type: 'word', words: ['warn', 'error', 'ignore'] },
  deadlineMs: milliseconds,
  maxRetryAfterMs: { type: 'number', min: 0, max: Infinity, remedy: 'use milliseconds, 0 or more' },
  afterContent: { type: 'word', words: ['error', 'buffer'] },
  maxBufferedParts: count,
  cooldown: {
    type: 'table',
    options: cooldown,
    required: ['failures', 'ms'],
    remedy: 'pass an object of options',
  },
  shorten: aFunction,
  onDecision: aFunction,
};

/** Options of all primitives. */
export const shared: Readonly<Record<'id' | keyof typeof inherited | Routing, Kind>> = /* @__PURE__ */ merge(
  { id: name },
  inherited,
  routing,
);

export const sharedDocs: Readonly<Record<'id' | Routing, OptionDoc>> = {
  id: {
    sentence: 'The name to call it by, which decisions show too.',
    otherwise: '`cascade(a, b)`',
    more:
      'Also the `modelId`. Required where [sticky targets are kept in the messages](rules-and-conversations.md#sticky-without-a-store), ' +
      'under this id.',
  },
  fallThroughOn: {
    sentence: 'The kinds of failure after which the next member is tried.',
    default: defaultFallThroughOn,
    otherwise: '[see there](timeouts-retries-cooldown.md#fallback-which-failures-fall-through)',
    more: "A list of kinds, in which 'default' stands for the default ones, or a function. For this primitive only, not for nested ones. It has no effect without `fallback`.",
  },
  acceptAnswer: {
    sentence: 'Checks a complete answer: one that it rejects is a failure of the kind rejected.',
    otherwise: 'every complete answer is accepted',
    more: '[See there](timeouts-retries-cooldown.md#answers-that-you-reject). For this primitive only, not for nested ones.',
  },
  onTruncation: {
    sentence: 'What to do about an answer to a prompt that the server truncated.',
    default: 'warn',
  },
  deadlineMs: { sentence: 'Milliseconds that the whole call may take. Recommended: 900000.' },
  maxRetryAfterMs: {
    sentence:
      'With retries: the longest Retry-After, in milliseconds, to wait for while another member is ready.',
    default: 500,
    more: 'It has no effect without `fallback`.',
  },
  afterContent: {
    sentence:
      'What to do about a stream that fails after its first content: pass the error on, or buffer answers until they are complete.',
    default: 'error',
  },
  maxBufferedParts: {
    sentence: "With afterContent 'buffer': how many parts of an answer to buffer.",
    default: 100_000,
    more: 'Once an answer has more parts, or more than 32 MB, it is streamed from there on.',
  },
  cooldown: {
    sentence: 'When to put members that fail repeatedly on cooldown (a circuit breaker).',
    more: '`{ failures, ms, store }`. In a dispatcher only with `fallback: true`.',
  },
  shorten: {
    sentence: 'Shortens a call that fits nowhere, instead of an error.',
    more: 'A function that gets the call and the decision. See [too long for every model](too-long.md).',
  },
  onDecision: { sentence: 'Called once per call of the model, when its outcome is final.' },
};

/** Options that have no effect without another option. */
export const sharedNeeds: readonly Need[] = [
  { option: 'maxBufferedParts', of: 'afterContent', values: ['buffer'] },
];
