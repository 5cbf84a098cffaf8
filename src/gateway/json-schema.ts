import { z } from 'zod/v4';
import { snakeCase } from './plain-data.ts';
import { gatewaySchema } from './schema/schema.ts';

type Node = Record<string, unknown>;

/**
 * The JSON Schema (draft 7) of a gateway's configuration, with descriptions and defaults, so that editors complete
 * and check a file. Keys are there in snake_case and in camelCase. The package ships it as `gateway.schema.json`.
 *
 * @example
 * ```ts
 * import { gatewayJsonSchema } from 'ai-alloy/gateway';
 *
 * console.log(JSON.stringify(gatewayJsonSchema(), undefined, 2));
 * ```
 */
export function gatewayJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(gatewaySchema, { target: 'draft-7', io: 'input', reused: 'ref' });
  return bothSpellings(schema) as Node;
}

/** Adds each key of an object's schema in snake_case, ahead of the camelCase one. */
function bothSpellings(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(bothSpellings);
  if (typeof node !== 'object' || node === null) return node;
  const { properties, required, ...rest } = node as Node;
  // What defaults and lists of values hold is no schema, but has no keys that look like one either.
  const result: Node = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, bothSpellings(value)]),
  );
  if (properties !== undefined) {
    result['properties'] = Object.fromEntries(
      Object.entries(properties as Node).flatMap(([key, value]) => {
        const schema = bothSpellings(value);
        return [...new Set([snakeCase(key), key])].map((name) => [name, schema] as const);
      }),
    );
  }
  if (Array.isArray(required)) Object.assign(result, requirements(required as string[]));
  return result;
}

/** A key of several words is required in either spelling. */
function requirements(keys: readonly string[]): Node {
  const simple = keys.filter((key) => snakeCase(key) === key);
  const others = keys.filter((key) => snakeCase(key) !== key);
  return {
    ...(simple.length > 0 && { required: simple }),
    ...(others.length > 0 && {
      allOf: others.map((key) => ({ anyOf: [{ required: [snakeCase(key)] }, { required: [key] }] })),
    }),
  };
}
