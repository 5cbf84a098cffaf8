/** What a member was seen to take, in this process. */
export interface Measures {
  /** Milliseconds from the call to the first content of a stream: the median of the last ones. */
  readonly timeToFirstContentMs: number | undefined;
  /** Output tokens for each second in which an answer came: the median of the last ones. */
  readonly outputTokensPerSecond: number | undefined;
}

/** How many values a median is of. */
const most = 15;
/** A member that was slow may have been so for a while only: what is older than that is not known any more. */
const staleMs = 600_000;

/** What came within less time came in one piece, or was there already. */
const leastMs = 5;

/** The median of the last values. */
class MovingMedian {
  readonly #values: number[] = [];
  #addedAt = 0;

  add(value: number): void {
    if (!(value >= 0 && value < Infinity)) return;
    if (performance.now() - this.#addedAt > staleMs) this.#values.length = 0;
    if (this.#values.push(value) > most) this.#values.shift();
    this.#addedAt = performance.now();
  }

  get(): number | undefined {
    if (performance.now() - this.#addedAt > staleMs) return undefined;
    return this.#values.toSorted((a, b) => a - b)[this.#values.length >> 1];
  }
}

/** Measures one member. */
export class Measured implements Measures {
  readonly #firstContent = new MovingMedian();
  readonly #throughput = new MovingMedian();
  #tries = 0;
  #unknownTries = 0;

  /** How often it was called. */
  get tries(): number {
    return this.#tries;
  }

  /** How often it was called since anything was measured. */
  get unknownTries(): number {
    return this.#unknownTries;
  }

  tried(): void {
    this.#tries++;
    this.#unknownTries++;
  }

  get timeToFirstContentMs(): number | undefined {
    return this.#firstContent.get();
  }

  get outputTokensPerSecond(): number | undefined {
    return this.#throughput.get();
  }

  firstContent(ms: number): void {
    this.#unknownTries = 0;
    this.#firstContent.add(ms);
  }

  answered(outputTokens: number | undefined, ms: number): void {
    if (!outputTokens || ms < leastMs) return;
    this.#unknownTries = 0;
    this.#throughput.add((1000 * outputTokens) / ms);
  }
}
