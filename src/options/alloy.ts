import { sessionTable } from './dispatcher.ts';
import { flag, ratio, tokens, type DocsOf, type Kind, type Need } from './kinds.ts';

export const alloy: Readonly<
  Record<
    'strategy' | 'minContextWindow' | 'fallback' | 'redraw' | 'session' | 'random' | 'constituents',
    Kind
  >
> = {
  strategy: { type: 'word', words: ['weighted', 'round-robin'] },
  minContextWindow: tokens,
  fallback: flag,
  redraw: { type: 'word', words: ['call', 'turn', 'conversation'] },
  session: sessionTable,
  random: { type: 'function', remedy: 'pass a function' },
  constituents: { type: 'members' },
};

export const alloyDocs: DocsOf<typeof alloy> = {
  strategy: {
    sentence: 'How constituents are drawn.',
    default: 'weighted',
    more: 'At random by `weight`, or in turn: one position further with each call.',
  },
  minContextWindow: {
    sentence: "The alloy's ceiling in tokens. No constituent may have a smaller context window.",
    otherwise: "the smallest constituent's",
  },
  fallback: { sentence: 'Whether the other constituents are fallbacks when one fails.', default: true },
  redraw: {
    sentence: 'When a new constituent is drawn.',
    default: 'call',
    more: "With `'turn'`, a pending tool call [keeps](rules-and-conversations.md#tool-loops) its constituent; with `'conversation'`, the conversation does.",
  },
  session: {
    sentence:
      "With redraw 'conversation': keeps the constituents in a store, by the session id that comes with the call.",
    more: '`{ store, ms }`, [as for a dispatcher](rules-and-conversations.md#sticky-with-a-session-store).',
  },
  random: {
    sentence: "With strategy 'weighted': the source of random numbers, from 0 to below 1.",
    otherwise: '`Math.random`',
    more: '`seededRandom(42)` makes a run reproducible.',
  },
  constituents: { sentence: 'Equivalent models, at least two.', otherwise: 'required' },
};

/** Options that have no effect without another option. */
export const alloyNeeds: readonly Need[] = [
  { option: 'session', of: 'redraw', values: ['conversation'] },
  // With a cooldown, it still decides which failures count towards that: an alloy skips members on cooldown anyway.
  { option: 'fallThroughOn', of: 'fallback', values: [true], isDefault: true, unless: 'cooldown' },
  { option: 'maxRetryAfterMs', of: 'fallback', values: [true], isDefault: true },
];

/** Options that only an alloy's members have. */
export const constituent: Readonly<Record<'weight', Kind>> = {
  weight: ratio,
};

export const constituentDocs: DocsOf<typeof constituent> = {
  weight: {
    sentence: 'How often the constituent is drawn, relative to the others.',
    default: 1,
    more: 'In a weighted alloy only.',
  },
};
