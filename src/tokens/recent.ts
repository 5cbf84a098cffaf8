/** A cache of the most recently used values: at least `capacity` of them, at most twice as many. */
export class Recent<Value> {
  readonly #capacity: number;
  #young = new Map<number, Value>();
  #old = new Map<number, Value>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: number): Value | undefined {
    const known = this.#young.get(key);
    if (known !== undefined) return known;
    const older = this.#old.get(key);
    if (older !== undefined) this.set(key, older); // moves to the young generation, so that it stays cached
    return older;
  }

  set(key: number, value: Value): void {
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
