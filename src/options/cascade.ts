import { flag, type DocsOf, type Kind } from './kinds.ts';

export const cascade: Readonly<Record<'warnOnSkip' | 'order' | 'steps', Kind>> = {
  warnOnSkip: flag,
  order: { type: 'word', words: ['declared', 'cheapest-first', 'fastest-first'], orFunction: true },
  steps: { type: 'members' },
};

export const cascadeDocs: DocsOf<typeof cascade> = {
  warnOnSkip: {
    sentence:
      "Whether the call gets a warning for each step that is skipped because the request doesn't fit.",
    default: true,
  },
  order: {
    sentence: 'The order in which to try the steps that the request fits.',
    default: 'declared',
    more: 'See [orders](#orders).',
  },
  steps: { sentence: 'Models in the order in which to try them.', otherwise: 'required' },
};
