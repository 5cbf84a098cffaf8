// Exact counts, by the package's own tokenizer from the build.
import { tiktoken } from '../../dist/tiktoken/index.js';

/** A function that counts the tokens of a text exactly, in an encoding of tiktoken's. */
export async function exactCounter(encoding) {
  const estimator = tiktoken({ encoding, safetyMargin: 1 });
  await estimator.load?.();
  return (text) => estimator.estimateText(text);
}
