import { version } from './version.ts';

/**
 * A value that all copies of this package in the process share: installers and bundlers may make several copies. It is
 * kept under a symbol on `globalThis`, so data such as a provider's answer can't reach it. The shape of a value may never
 * change under its name, since copies of all versions share it.
 */
export function inProcess<Value extends object>(name: string, make: () => Value): Value {
  const slot: symbol = Symbol.for(`ai-alloy.${name}`);
  const globals = globalThis as Record<symbol, Value | undefined>;
  return (globals[slot] ??= make());
}

/**
 * Like `inProcess`, but shared only by copies of the same version: another version may give the value another shape.
 */
export function inVersion<Value extends object>(name: string, make: () => Value): Value {
  return inProcess(`${name}@${version}`, make);
}
