/**
 * Gives an error what can be read of it, and what nothing prints: other errors may hold the prompt
 * (`APICallError.requestBodyValues`), and consoles print `cause` and `errors` also where these are not enumerable.
 *
 * Node and Deno print `[Getter]` for an accessor of the error's own, and look through one of its prototype; of Bun, the
 * opposite holds. No `nodejs.util.inspect.custom`: an uncaught error is printed without it.
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
