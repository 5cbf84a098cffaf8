import { buildStates, type StateTables } from './script-states.ts';
import { allEncodings, weightLevels, type Encoding } from './script-weights.ts';

/** Estimates the tokens of one text, without a margin, for several tokenizers: the largest of their numbers. */
export type Reading = (encodings: readonly Encoding[]) => number;

let tables: StateTables | undefined;
const weights = new Map<Encoding, Float64Array>();

/**
 * Reads a text in a single pass for any number of tokenizers: it counts how often each state occurs, and the number
 * of tokens is the sum of those counts times a tokenizer's weights. For a single tokenizer, adding up weights
 * directly is faster. Weights are multiples of 1/256, so that sums are exact.
 *
 * @param isShared whether numbers for other tokenizers will be needed later
 */
export function readText(text: string, isShared = false): Reading {
  const { states } = (tables ??= buildStates());
  let visits: Uint32Array | undefined;
  const tokensBy = (own: Float64Array): number => {
    let sum = 0;
    visits ??= visitsOf(text);
    for (let state = 0; state < own.length; state++) sum += visits[state]! * own[state]!;
    return sum;
  };
  return (encodings) => {
    // A short text has fewer characters than there are states.
    const count =
      text.length < states.length || (encodings.length === 1 && !isShared)
        ? (own: Float64Array) => walk(text, own)
        : tokensBy;
    return Math.max(0, ...encodings.map((encoding) => count(weightsOf(encoding))));
  };
}

function walk(text: string, own: Float64Array): number {
  const { classes, next } = tables!;
  let sum = 0;
  let row = 0;
  for (let i = 0; i < text.length; i++) {
    row = next[row | classes[text.charCodeAt(i)]!]!;
    sum += own[row >> 6]!;
  }
  return sum;
}

function visitsOf(text: string): Uint32Array {
  const { classes, next, states } = tables!;
  const visits = new Uint32Array(states.length);
  let row = 0;
  for (let i = 0; i < text.length; i++) {
    row = next[row | classes[text.charCodeAt(i)]!]!;
    visits[row >> 6]!++;
  }
  return visits;
}

/** The weight of each state. */
export function weightsOf(encoding: Encoding): Float64Array {
  const known = weights.get(encoding);
  if (known) return known;
  const place = allEncodings.indexOf(encoding);
  const read = Float64Array.from({ length: weightLevels.length / allEncodings.length }, (_, state) =>
    levelWeight(weightLevels.charCodeAt(state * allEncodings.length + place) - firstLevel),
  );
  weights.set(encoding, read);
  return read;
}

/** The character of level 0. */
export const firstLevel = 40;
const lastLevel = 43;
/** How much larger each level is than the one before: by 14 %. Smaller steps are no better on held-out text. */
export const levelStep: number = /* @__PURE__ */ Math.cbrt(1.5);

/** The weight of a level: 0, and up to 3 tokens. */
export function levelWeight(level: number): number {
  return level === 0 ? 0 : Math.ceil((3 * 256) / levelStep ** (lastLevel - level)) / 256;
}
