import { inherited } from './member.ts';
import {
  count,
  failureKinds,
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
    remedy: 'use a whole number above 0, such as 3: of failures in a row, after which a member rests',
  },
  ms: /* @__PURE__ */ merge(milliseconds, {
    missing: 'say for how many milliseconds a member rests, such as 30_000',
  }),
  store: { type: 'store' },
};

export const cooldownDocs: DocsOf<typeof cooldown> = {
  failures: { sentence: 'After how many failures in a row a member rests.' },
  ms: { sentence: 'For how many milliseconds it rests.' },
  store: { sentence: 'Shares cooldowns with other processes.' },
};

/** Options of all primitives that members don't have. */
type Routing =
  | 'fallThroughOn'
  | 'onTruncation'
  | 'deadlineMs'
  | 'maxRetryAfterMs'
  | 'afterContent'
  | 'maxBufferedParts'
  | 'cooldown'
  | 'onDecision';

export const routing: Readonly<Record<Routing, Kind>> = {
  fallThroughOn: {
    type: 'words',
    words: failureKinds,
    remedy: 'pass a list of failure kinds, or a function',
  },
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
  onDecision: { type: 'function', remedy: 'pass a function' },
};

/** Options of all primitives. */
export const shared: Readonly<Record<'id' | keyof typeof inherited | Routing, Kind>> = /* @__PURE__ */ merge(
  { id: name },
  inherited,
  routing,
);

export const sharedDocs: Readonly<Record<'id' | Routing, OptionDoc>> = {
  id: {
    sentence: 'What it is called by, and names it in decisions.',
    otherwise: '`cascade(a, b)`',
    more:
      'Also the `modelId`; required where [picks travel](rules-and-conversations.md#sticky-without-a-store) under ' +
      'it.',
  },
  fallThroughOn: {
    sentence: 'The failures on which to go on to the next member.',
    default: [
      'timeout',
      'rate-limit',
      'quota',
      'server-error',
      'network',
      'malformed-response',
      'unsupported',
      'unknown',
    ],
    otherwise: '[see there](timeouts-retries-cooldown.md#fallback-which-failures-fall-through)',
    more: 'Failure kinds, or a predicate; of this primitive, not of nested ones; only where there is a `fallback`.',
  },
  onTruncation: {
    sentence: 'What to do when an answer was made of a prompt that somebody cut off.',
    default: 'warn',
  },
  deadlineMs: { sentence: 'Milliseconds that the whole call may take. Recommended: 600000.' },
  maxRetryAfterMs: {
    sentence: 'With retries: the longest Retry-After to wait for while another member is ready.',
    default: 500,
    more: 'Only where there is a `fallback`.',
  },
  afterContent: {
    sentence:
      'What to do about a stream that fails half-way: pass the error on, or hold answers back until they are whole.',
    default: 'error',
  },
  maxBufferedParts: {
    sentence: "With afterContent 'buffer': how many parts to hold back.",
    default: 100_000,
    more: 'A longer answer, or one above 32 MB, is passed on from there.',
  },
  cooldown: {
    sentence: 'When members rest that fail repeatedly.',
    more: '`{ failures, ms, store }`. In a dispatcher only with `fallback: true`.',
  },
  onDecision: { sentence: 'Called once per call of the model, when its outcome is final.' },
};

/** What has no effect without another option. */
export const sharedNeeds: readonly Need[] = [
  { option: 'maxBufferedParts', of: 'afterContent', values: ['buffer'] },
];
