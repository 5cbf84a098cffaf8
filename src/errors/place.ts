/** The keys and indices that lead to a value. */
export type Path = readonly (string | number)[];

/** The place of an option in the configuration: as text for an error message, and as data. */
export interface Place {
  /** `cascade "kimi": steps[1].contextWindow` */
  readonly label: string;
  /** `['steps', 1, 'contextWindow']` */
  readonly path: Path;
}

/** A place from its text, with an empty path. */
export const placeOf = (place: Place | string): Place =>
  typeof place === 'string' ? { label: place, path: [] } : place;

/**
 * The place of `key` inside another place. If the text of that ends in a space, such as `cascade: `, the key follows
 * without a dot.
 */
export function at(outer: Place | string, key: string | number): Place {
  const { label, path } = placeOf(outer);
  const isFirst = label === '' || label.endsWith(' ');
  const step = typeof key === 'number' ? `[${key}]` : isFirst ? key : `.${key}`;
  return { label: label + step, path: [...path, key] };
}
