/** Calls `complete` with the value: at once unless it is a promise, so that a synchronous count stays synchronous. */
export function whenKnown<Value, Next>(
  value: Value | Promise<Value>,
  complete: (value: Value) => Next | Promise<Next>,
): Next | Promise<Next> {
  return value instanceof Promise ? value.then(complete) : complete(value);
}
