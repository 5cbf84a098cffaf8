import { hashOfText } from '../tokens/hash.ts';
import { Recent } from '../tokens/recent.ts';

/** Returns the tokens of a text. */
export type Tokenize = (text: string) => readonly string[];

/**
 * The largest chunk, in UTF-16 units. The library takes milliseconds for it; its time for a long run grows faster
 * than the run.
 */
const longestChunk = 2048;
/** How many units on each side of a cut are tokenized, to find out whether the cut is safe. */
const contextUnits = 60;
/**
 * The smallest chunk: a multiple of the context, so that groups of two or three digits start at the same places in
 * both.
 */
const chunkUnits = 20 * contextUnits;
/** How many places are tried for a safe cut before an unsafe one is used. */
const mostTries = 12;
/** How many chunks' counts are cached by hash (R-49), at least: about five million units of text. */
const mostRemembered = 4096;

/** What is known of a chunk. */
interface Chunk {
  readonly units: number;
  readonly tokens: number;
}

/**
 * Counts the tokens of a text in chunks. The library itself tokenizes a whole text at once, and its time for a long
 * run without a place to cut grows faster than the run.
 *
 * Each chunk is tokenized together with the units before it, and the tokens of those are subtracted. A cut is safe if
 * the tokens before it are the same whether or not the text goes on, and the last of them is also in the whole chunk.
 * For byte-pair encoding that is enough: a sequence of tokens is the encoding of a text exactly if each two
 * neighbours are the encoding of their joined text (van Antwerpen and Neubeck, "So many tokens, so little time",
 * 2024). If no safe cut is found, as in a run of thousands of equal characters, one token is added for the cut.
 */
export class ChunkedCounter {
  private readonly tokenize: Tokenize;
  private readonly known = new Recent<number>(mostRemembered);

  constructor(tokenize: Tokenize) {
    this.tokenize = tokenize;
  }

  /** Tokens of `text`, in steps; or any number above `limit`, once there are sure to be more than `limit`. */
  *countInSteps(text: string, limit: number): Generator<unknown, number> {
    let count = 0;
    for (let start = 0; start < text.length && count <= limit; yield) {
      const { units, tokens } = this.chunkAt(text, start);
      count += tokens;
      start += units;
    }
    return count;
  }

  private chunkAt(text: string, start: number): Chunk {
    const from = Math.max(0, start - contextUnits);
    const window = text.slice(from, start + longestChunk + contextUnits);
    // Nothing comes before the first chunk of a text.
    const key = start === 0 ? -hashOfText(window) : hashOfText(window);
    let packed = this.known.get(key);
    if (packed === undefined) {
      const { units, tokens } = this.count(window, start - from);
      packed = tokens * (longestChunk + 1) + units;
      this.known.set(key, packed);
    }
    const units = packed % (longestChunk + 1);
    return { units, tokens: (packed - units) / (longestChunk + 1) };
  }

  /** Counts the chunk that begins at `start` of the window. */
  private count(window: string, start: number): Chunk {
    const isLast = window.length - start <= longestChunk;
    const cut = isLast ? undefined : this.findCut(window, start);
    const end = cut?.at ?? window.length;
    const tokens = this.tokenize(window.slice(0, end));
    const before = start === 0 ? [] : this.tokenize(window.slice(0, start));
    const isSafe = beginsWith(tokens, before) && (!cut || (cut.isSafe && tokens.at(-1) === cut.last));
    return { units: end - start, tokens: Math.max(0, tokens.length - before.length) + (isSafe ? 0 : 1) };
  }

  private findCut(window: string, start: number): Cut {
    let cut: Cut | undefined;
    for (const at of cutsOf(window, start + chunkUnits, start + longestChunk)) {
      const context = window.slice(Math.max(0, at - contextUnits), at);
      const before = this.tokenize(context);
      const isSafe = beginsWith(this.tokenize(context + window.slice(at, at + contextUnits)), before);
      cut = { at, isSafe, last: before.at(-1) };
      if (isSafe) break;
    }
    return cut!;
  }
}

/** A place where a text may be cut. */
interface Cut {
  readonly at: number;
  /** Whether the tokens before the cut stay the same whatever follows. */
  readonly isSafe: boolean;
  /** The last token before the cut. */
  readonly last: string | undefined;
}

/**
 * Places to try: first before white space that follows other characters, where almost every tokenizer splits; then
 * any.
 */
function* cutsOf(text: string, from: number, to: number): Generator<number> {
  let tries = 0;
  for (let at = from; at < to && tries < mostTries; at++) {
    if (!isSpace(text, at) || isSpace(text, at - 1)) continue;
    tries++;
    yield at;
  }
  for (let at = from; tries < mostTries; at++) {
    if (isLowSurrogate(text, at)) continue;
    tries++;
    yield at;
  }
}

function isSpace(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit === 0x20 || unit === 0x0a;
}

const isLowSurrogate = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00;

function beginsWith(tokens: readonly string[], first: readonly string[]): boolean {
  return first.every((token, index) => tokens[index] === token);
}
