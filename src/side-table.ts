/** Values by object: as a WeakMap has them, nothing is kept longer than the object. */
export interface SideTable<Value> {
  get(object: object): Value | undefined;
  set(object: object, value: Value): void;
}

/** Returns an object as it is, so that a class derived from it adds its private fields to that object. */
// oxlint-disable-next-line typescript/no-extraneous-class -- what it is for is what its constructor returns
class Same {
  constructor(object: object) {
    return object;
  }
}

/**
 * For what each call adds: the value is a private field of the object, which nobody else sees, JSON and clones neither.
 * An entry of a WeakMap costs a microsecond on Node 24, and tens of them on Node 20, since all of them are looked
 * through at each garbage collection.
 */
export function sideTable<Value>(): SideTable<Value> {
  return class Entry extends Same {
    #value: Value | undefined;

    static get(object: object): Value | undefined {
      return #value in object ? (object as Entry).#value : undefined;
    }

    static set(object: object, value: Value): void {
      (#value in object ? (object as Entry) : new Entry(object)).#value = value;
    }
  };
}
