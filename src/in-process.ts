import { version } from './version.ts';

/**
 * A value that all copies of this package in the process share: installers and bundlers may make several copies. Data
 * alone, such as a provider's answer, can't reach it. Under one name, the shape of a value may never change, since copies
 * of all versions share it.
 */
export function inProcess<Value extends object>(name: string, make: () => Value): Value {
  const slot: symbol = Symbol.for(`ai-alloy.${name}`);
  const globals = globalThis as Record<symbol, Value | undefined>;
  return (globals[slot] ??= make());
}

/** The same among the copies of this version: what another version keeps may have another shape. */
export function inVersion<Value extends object>(name: string, make: () => Value): Value {
  return inProcess(`${name}@${version}`, make);
}
