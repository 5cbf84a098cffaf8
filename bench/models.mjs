import { wrapLanguageModel } from 'ai';
import { alloy, cascade, dispatcher } from 'ai-alloy';
import { createFallback } from 'ai-fallback';
import { createRetryableModel } from 'ai-retry/language-model';
import { bare } from './bare.mjs';

const a = bare('a');
const b = bare('b');
const members = [
  { model: a, contextWindow: 128_000 },
  { model: b, contextWindow: 200_000 },
];
const identity = { specificationVersion: 'v4', transformParams: async ({ params }) => params };

/** The rows: the bare model first, each other one is a level above it. None has to fall back. */
export const models = {
  'bare model': a,
  wrapLanguageModel: wrapLanguageModel({ model: a, middleware: identity }),
  'ai-fallback': createFallback({ models: [a, b] }),
  'ai-retry': createRetryableModel({ model: a, retries: [b] }),
  cascade: cascade({ steps: members }),
  alloy: alloy({ constituents: members }),
  dispatcher: dispatcher({ targets: members }),
};
