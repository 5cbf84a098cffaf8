/** The keys and indices that lead to a value. */
export type Path = readonly (string | number)[];

/** Where an option stands: as an error says it, and as data. */
export interface Place {
  /** `cascade "kimi": steps[1].contextWindow` */
  readonly label: string;
  /** `['steps', 1, 'contextWindow']` */
  readonly path: Path;
}

/** The place that a text names, with nothing above it. */
export const placeOf = (place: Place | string): Place =>
  typeof place === 'string' ? { label: place, path: [] } : place;

/** A place inside another one. A text that ends in a space, such as `cascade: `, is put in front as it is. */
export function at(outer: Place | string, key: string | number): Place {
  const { label, path } = placeOf(outer);
  const isFirst = label === '' || label.endsWith(' ');
  const step = typeof key === 'number' ? `[${key}]` : isFirst ? key : `.${key}`;
  return { label: label + step, path: [...path, key] };
}
