import { checked, type Counter } from './counter.ts';
import { mediumTokens } from './media.ts';
import { tokensBy } from './memory.ts';
import { fingerprintFor, type Remembered } from './recall.ts';

/** Tokens of the first leaves of a conversation, without system messages. */
export interface Sum {
  readonly tokens: number;
  /** Index of the first leaf that isn't included. */
  readonly end: number;
}

/** The cached sum for the longest part of the conversation, from its start, that this counter has counted before. */
export function knownSum(counter: object, remembered: Remembered): Sum {
  const { beginnings } = fingerprintFor(remembered);
  const known = tokensBy(counter);
  for (let index = beginnings.length - 1; index >= 0; index--) {
    const { end, hash } = beginnings[index]!;
    const tokens = known.get(hash);
    if (tokens !== undefined) return { tokens, end };
  }
  return { tokens: 0, end: remembered.content.opening };
}

/** Adds up a conversation starting from a cached sum, and caches the sums at the ends of its last messages. */
export class RunningSum {
  readonly #counter: object;
  readonly #remembered: Remembered;
  #tokens: number;
  #next: number;

  constructor(counter: object, remembered: Remembered, { tokens, end }: Sum) {
    this.#counter = counter;
    this.#remembered = remembered;
    this.#tokens = tokens;
    this.#next = fingerprintFor(remembered).beginnings.findIndex((beginning) => beginning.end > end);
  }

  /** Adds the tokens of the leaf at `index`. Leaves must come in order; those without tokens may be omitted. */
  add(index: number, tokens: number): void {
    this.#rememberUpTo(index);
    this.#tokens += tokens;
  }

  /** Call it after the last leaf: returns the tokens of the conversation. */
  close(): number {
    this.#rememberUpTo(this.#remembered.content.leaves.length);
    return this.#tokens;
  }

  #rememberUpTo(index: number): void {
    if (this.#next < 0) return;
    const { beginnings } = fingerprintFor(this.#remembered);
    for (; this.#next < beginnings.length && beginnings[this.#next]!.end <= index; this.#next++) {
      tokensBy(this.#counter).set(beginnings[this.#next]!.hash, this.#tokens);
    }
  }
}

/** The tokens of all leaves by one counter. Only leaves without a cached sum are counted. */
export function sumOf(counter: object, remembered: Remembered, tokensAt: (index: number) => number): number {
  const { leaves, opening } = remembered.content;
  if (remembered.isShort) {
    let tokens = 0;
    for (let index = 0; index < leaves.length; index++) tokens += tokensAt(index);
    return tokens;
  }
  const { system } = fingerprintFor(remembered);
  const known = tokensBy(counter);
  let ofSystem = opening === 0 ? 0 : known.get(system);
  if (ofSystem === undefined) {
    ofSystem = 0;
    for (let index = 0; index < opening; index++) ofSystem += tokensAt(index);
    known.set(system, ofSystem);
  }
  const sum = knownSum(counter, remembered);
  if (sum.end === leaves.length) return ofSystem + sum.tokens;
  const running = new RunningSum(counter, remembered, sum);
  for (let index = sum.end; index < leaves.length; index++) running.add(index, tokensAt(index));
  return ofSystem + running.close();
}

/** Tokens of the media in a call, as one member counts them. */
export function mediaOf({ tokenizer, mediaTokens }: Counter, remembered: Remembered): number {
  const { media } = remembered.content;
  if (media.size === 0) return 0;
  return sumOf(tokenizer, remembered, (index) => {
    const medium = media.get(index);
    if (!medium) return 0;
    const own = mediaTokens?.(medium, tokenizer);
    return own === undefined ? mediumTokens(medium, tokenizer) : Math.ceil(checked(own));
  });
}
