/** Awaiting only what is a promise keeps the usual, synchronous count off the microtask queue. */
export function whenKnown<Value, Next>(
  value: Value | Promise<Value>,
  complete: (value: Value) => Next | Promise<Next>,
): Next | Promise<Next> {
  return value instanceof Promise ? value.then(complete) : complete(value);
}
