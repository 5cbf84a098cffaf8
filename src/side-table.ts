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
  // JavaScript is about to forbid new private fields on frozen objects ("non-extensible applies to private").
  let ofFrozen: WeakMap<object, Value> | undefined;
  return class Entry extends Same {
    #value: Value | undefined;

    static get(object: object): Value | undefined {
      return #value in object ? (object as Entry).#value : ofFrozen?.get(object);
    }

    static set(object: object, value: Value): void {
      if (#value in object) (object as Entry).#value = value;
      else if (isExtensible(object)) new Entry(object).#value = value;
      else (ofFrozen ??= new WeakMap()).set(object, value);
    }
  };
}

function isExtensible(object: object): boolean {
  try {
    return Object.isExtensible(object);
  } catch {
    return false; // a revoked proxy
  }
}
