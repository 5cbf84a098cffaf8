// Marker symbols rather than instanceof: two copies of this package may be installed side by side.
export const markerOf = (name: string): symbol => (markers[name] ??= Symbol.for(`ai-alloy.error.${name}`));

const markers: Record<string, symbol> = {};

/** Whether a value is marked so. What can't be read, such as a revoked proxy, is not. */
export function hasMarker(error: unknown, name: string): boolean {
  try {
    return (error as Record<symbol, unknown> | null | undefined)?.[markerOf(name)] === true;
  } catch {
    return false;
  }
}
