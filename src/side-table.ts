/** Values by object, as in a WeakMap: a value is kept no longer than its object. */
export interface SideTable<Value> {
  get(object: object): Value | undefined;
  set(object: object, value: Value): void;
}

/**
 * A base class whose constructor returns the given object, so that a derived class adds its private fields to that
 * object.
 */
// oxlint-disable-next-line typescript/no-extraneous-class -- what it is for is what its constructor returns
class Same {
  constructor(object: object) {
    return object;
  }
}

/**
 * A side table for values that every call adds. The value is a private field of the object: no other code can see it,
 * and JSON and clones leave it out. A WeakMap would cost a microsecond per entry on Node 24, and tens of them on Node
 * 20, because each garbage collection looks through all entries.
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
