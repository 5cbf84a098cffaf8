/** Remembers the latest values: at least `most` of them, at most twice as many. */
export class Recent<Value> {
  private readonly most: number;
  private young = new Map<number, Value>();
  private old = new Map<number, Value>();

  constructor(most: number) {
    this.most = most;
  }

  get(key: number): Value | undefined {
    const known = this.young.get(key);
    if (known !== undefined) return known;
    const older = this.old.get(key);
    if (older !== undefined) this.set(key, older); // in use: it stays
    return older;
  }

  set(key: number, value: Value): void {
    if (this.young.size >= this.most) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, value);
  }
}
