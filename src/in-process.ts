/**
 * What all copies of this package in a process have in common: installers and bundlers may make several. Nobody else
 * can get at it by data alone, such as a provider's answer.
 */
export function inProcess<Value extends object>(name: string, make: () => Value): Value {
  const slot: symbol = Symbol.for(`ai-alloy.${name}`);
  const globals = globalThis as Record<symbol, Value | undefined>;
  return (globals[slot] ??= make());
}
