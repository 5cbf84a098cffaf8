// Marker symbols rather than instanceof: two copies of this package may be installed side by side.
export const markerOf = (name: string): symbol => Symbol.for(`ai-alloy.error.${name}`);

export const hasMarker = (error: unknown, name: string): boolean =>
  (error as Record<symbol, unknown> | null | undefined)?.[markerOf(name)] === true;
