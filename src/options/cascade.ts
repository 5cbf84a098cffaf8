import { flag, type DocsOf, type Kind } from './kinds.ts';

export const cascade: Readonly<Record<'warnOnSkip' | 'order' | 'steps', Kind>> = {
  warnOnSkip: flag,
  order: { type: 'word', words: ['declared', 'cheapest-first', 'fastest-first'], orFunction: true },
  steps: { type: 'members' },
};

export const cascadeDocs: DocsOf<typeof cascade> = {
  warnOnSkip: {
    sentence: "Whether a step that can't hold a request becomes a call warning.",
    default: true,
  },
  order: {
    sentence: 'The order in which steps that can hold a request are tried.',
    default: 'declared',
    more: 'See [orders](#orders).',
  },
  steps: { sentence: 'Models in the order in which to try them.', otherwise: 'required' },
};
