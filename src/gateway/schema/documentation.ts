import { z } from 'zod/v4';

/** What the JSON Schema says of a schema, besides its shape. A type, since an interface is no record for zod. */
type Documentation = {
  /** Its name among the definitions. */
  readonly id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  /** More of JSON Schema, with camelCase keys. */
  readonly allOf?: readonly object[];
  readonly minProperties?: number;
};

/** Not zod's global registry: that refuses an id that it has, as where this module is loaded twice. */
export const documentation: z.core.$ZodRegistry<Documentation> = z.registry<Documentation>();

/** A schema, documented in the JSON Schema. */
export function documented<Schema extends z.ZodType>(schema: Schema, document: Documentation): Schema {
  const own = schema.clone();
  documentation.add(own, document as never); // zod allows for placeholders in it
  return own;
}
