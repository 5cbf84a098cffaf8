// Marker symbols instead of instanceof: several copies of this package may be installed.
export const markerOf = (name: string): symbol => (markers[name] ??= Symbol.for(`ai-alloy.error.${name}`));

const markers: Record<string, symbol> = {};

/** Whether `error` has the marker for `name`; false if it can't be read, such as a revoked proxy. */
export function hasMarker(error: unknown, name: string): boolean {
  try {
    return (error as Record<symbol, unknown> | null | undefined)?.[markerOf(name)] === true;
  } catch {
    return false;
  }
}
