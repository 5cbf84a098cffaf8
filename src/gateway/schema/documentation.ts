import { z } from 'zod/v4';

/** Documentation of a schema in the JSON Schema. A type alias, since zod doesn't accept an interface as a record. */
type Documentation = {
  /** Its name among the definitions. */
  readonly id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  /** Further keywords of JSON Schema, with camelCase keys. */
  readonly allOf?: readonly object[];
  readonly minProperties?: number;
};

/** Not zod's global registry, which throws if an id is registered twice, as when this module is loaded twice. */
export const documentation: z.core.$ZodRegistry<Documentation> = z.registry<Documentation>();

/** A schema, documented in the JSON Schema. */
export function documented<Schema extends z.ZodType>(schema: Schema, document: Documentation): Schema {
  const own = schema.clone();
  documentation.add(own, document as never); // zod's type allows placeholders in it
  return own;
}
