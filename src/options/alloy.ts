import { flag, ratio, tokens, type DocsOf, type Kind, type Need } from './kinds.ts';

export const alloy: Readonly<
  Record<'strategy' | 'minContextWindow' | 'fallback' | 'redraw' | 'random' | 'constituents', Kind>
> = {
  strategy: { type: 'word', words: ['weighted', 'round-robin'] },
  minContextWindow: tokens,
  fallback: flag,
  redraw: { type: 'word', words: ['call', 'turn'] },
  random: { type: 'function', remedy: 'pass a function' },
  constituents: { type: 'members' },
};

export const alloyDocs: DocsOf<typeof alloy> = {
  strategy: {
    sentence: 'How constituents are drawn.',
    default: 'weighted',
    more: 'At random by `weight`, or the list rotates by one per call.',
  },
  minContextWindow: {
    sentence: "The alloy's ceiling in tokens, which every constituent has to reach.",
    otherwise: "the smallest constituent's",
  },
  fallback: { sentence: 'Whether the other constituents are fallbacks.', default: true },
  redraw: {
    sentence: 'When a new constituent is drawn.',
    default: 'call',
    more: "With `'turn'`, a pending tool call [keeps](rules-and-conversations.md#tool-loops) its constituent.",
  },
  random: {
    sentence: "With strategy 'weighted': source of numbers from 0 to below 1.",
    otherwise: '`Math.random`',
    more: '`seededRandom(42)` makes a run reproducible.',
  },
  constituents: { sentence: 'Equivalent models, at least two.', otherwise: 'required' },
};

/** What has no effect without another option. */
export const alloyNeeds: readonly Need[] = [
  // What falls through is also what counts towards a cooldown, and an alloy passes over members on cooldown anyway.
  { option: 'fallThroughOn', of: 'fallback', values: [true], isDefault: true, unless: 'cooldown' },
  { option: 'maxRetryAfterMs', of: 'fallback', values: [true], isDefault: true },
];

/** Options of an alloy's members alone. */
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
