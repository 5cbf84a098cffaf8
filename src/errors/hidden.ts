/**
 * Adds properties to an error that can be read but are not printed. Other errors may contain the prompt
 * (`APICallError.requestBodyValues`), and consoles print `cause` and `errors` even if these are not enumerable.
 *
 * Node and Deno print `[Getter]` for an accessor on the error itself, but print the value of one on its prototype; in
 * Bun it is the other way round. `nodejs.util.inspect.custom` would not help: an uncaught error is printed without it.
 */
export function hide(error: Error, values: Readonly<Record<string, unknown>>): void {
  const accessors = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { get: () => value, configurable: true }]),
  );
  for (const name of Object.keys(values)) Reflect.deleteProperty(error, name);
  if ('Bun' in globalThis) {
    Object.setPrototypeOf(error, Object.create(Object.getPrototypeOf(error) as object, accessors) as object);
  } else Object.defineProperties(error, accessors);
}
