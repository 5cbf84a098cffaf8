import { buildStates, type StateTables } from './script-states.ts';
import { allEncodings, weightLevels, type Encoding } from './script-weights.ts';

/** How often each state occurs in a text. */
export type Visits = Uint32Array;

/** The encodings for models whose tokenizer isn't known. */
export const generic: readonly Encoding[] = ['o200k'];

let tables: StateTables | undefined;
const weights = new Map<Encoding, Float64Array>();

/**
 * Estimates the tokens of one text, without a margin: the largest number of several tokenizers. Weights are multiples of
 * 1/256, so that sums are exact.
 *
 * @param visits of this text, if they are known: one pass then serves all tokenizers. For a single tokenizer, a pass that
 *   adds up its weights is faster
 */
export function tokensIn(text: string, encodings: readonly Encoding[], visits?: Visits): number {
  const { states } = (tables ??= buildStates());
  let max = 0;
  // A short text has fewer characters than there are states.
  const isShort = text.length < states.length;
  const read = isShort ? undefined : (visits ?? (encodings.length > 1 ? visitsOf(text) : undefined));
  for (const encoding of encodings) {
    const own = weightsOf(encoding);
    max = Math.max(max, read ? weigh(read, own) : walk(text, own));
  }
  return max;
}

function weigh(visits: Visits, own: Float64Array): number {
  let sum = 0;
  for (let state = 0; state < own.length; state++) sum += visits[state]! * own[state]!;
  return sum;
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

/** Reads a text in a single pass for any number of tokenizers. */
export function visitsOf(text: string): Visits {
  const { classes, next, states } = (tables ??= buildStates());
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
