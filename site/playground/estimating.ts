import type { Counting } from '../../src/inspect/read-gateway.ts';
import { defaultEstimator } from '../../src/tokens/resolve-estimator.ts';

/** Counts by the default estimator: the tables that exact counts need are megabytes, too much for a page. */
export function estimating(): Counting {
  const notes: string[] = [];
  const instead = (kind: string) => {
    const note = `this page does not load what the tokenizer kind ${kind} needs, so the default estimator counts instead.`;
    if (!notes.includes(note)) notes.push(note);
    return { ...defaultEstimator, id: `${defaultEstimator.id} for ${kind}` };
  };
  return {
    notes,
    tiktoken: () => instead('tiktoken'),
    huggingFaceTokenizer: () => instead('huggingface'),
  };
}
