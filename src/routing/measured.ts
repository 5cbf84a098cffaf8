/** How fast a member was in this process. */
export interface Measures {
  /** Milliseconds from the call to the first content of a stream: the median of the last ones. */
  readonly timeToFirstContentMs: number | undefined;
  /** Output tokens per second while an answer came: the median of the last ones. */
  readonly outputTokensPerSecond: number | undefined;
}

/** How many values a median is taken of. */
const maxValues = 15;
/** Measurements that are older than this are dropped: a member may have been slow for a while only. */
const staleMs = 600_000;

/** Answers that took less time are not measured: they came in one piece, or were cached. */
const minDurationMs = 5;

/** The median of the last values. */
class MovingMedian {
  readonly #values: number[] = [];
  #addedAt = 0;

  add(value: number): void {
    if (!(value >= 0 && value < Infinity)) return;
    if (performance.now() - this.#addedAt > staleMs) this.#values.length = 0;
    if (this.#values.push(value) > maxValues) this.#values.shift();
    this.#addedAt = performance.now();
  }

  clear(): void {
    this.#values.length = 0;
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

  /** How often the member was called. */
  get tries(): number {
    return this.#tries;
  }

  /** How often it was called since the last successful measurement. */
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

  forget(): void {
    this.#tries = this.#unknownTries = 0;
    this.#firstContent.clear();
    this.#throughput.clear();
  }

  firstContent(ms: number): void {
    this.#unknownTries = 0;
    this.#firstContent.add(ms);
  }

  answered(outputTokens: number | undefined, ms: number): void {
    if (!outputTokens || ms < minDurationMs) return;
    this.#unknownTries = 0;
    this.#throughput.add((1000 * outputTokens) / ms);
  }
}
