import { buildStates, type StateTables } from './script-states.ts';
import { allEncodings, weightLevels, type Encoding } from './script-weights.ts';

/** What tokenizers make of one text, before a margin: the largest of their numbers of tokens. */
export type Reading = (encodings: readonly Encoding[]) => number;

let tables: StateTables | undefined;
const weights = new Map<Encoding, Float64Array>();

/**
 * Reads a text in one pass, however many tokenizers are asked for: it counts how often the text visits each state, and
 * a tokenizer's number is those counts times its weights. For a single tokenizer, a pass that adds up weights is faster.
 * Numbers are multiples of 1/256, so that sums are exact.
 *
 * @param isShared whether other tokenizers will be asked for later
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
    // Of a short text, there are fewer characters than states.
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
export const levelStep: number = 1.5 ** (1 / 3);

/** The weight of a level: 0, and up to 3 tokens. */
export function levelWeight(level: number): number {
  return level === 0 ? 0 : Math.ceil((3 * 256) / levelStep ** (lastLevel - level)) / 256;
}
