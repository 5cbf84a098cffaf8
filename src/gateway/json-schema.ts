import { z } from 'zod/v4';
import { listAliases } from './list-aliases.ts';
import { snakeCase } from './plain-data.ts';
import { documentation } from './schema/documentation.ts';
import { gatewaySchema } from './schema/schema.ts';

type Node = Record<string, unknown>;

/**
 * The JSON Schema (draft 7) of a gateway's configuration, with descriptions and defaults, so that editors complete
 * and check a file. Keys are allowed in snake_case and camelCase, and `${NAME}` wherever the loader replaces
 * variables. The package ships it as `gateway.schema.json`.
 *
 * Only `parseGatewayConfig` checks what concerns several entries: references, equal ids, sizes that constituents must
 * have, and rules that can't match.
 *
 * @example
 * ```ts
 * import { gatewayJsonSchema } from 'ai-alloy/gateway';
 *
 * console.log(JSON.stringify(gatewayJsonSchema(), undefined, 2));
 * ```
 */
export function gatewayJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(gatewaySchema, {
    target: 'draft-7',
    io: 'input',
    reused: 'inline',
    metadata: documentation,
  });
  const { definitions, ...rest } = schema as Node;
  const written = Object.entries(definitions as Node).map(([name, node]) => [
    name,
    asWritten(node, true, listAliases[`${name}s`]),
  ]);
  return { ...(asWritten(rest, true) as Node), definitions: { variable, ...Object.fromEntries(written) } };
}

/** The schema of a variable in the place of a value that isn't a string. */
const variable = {
  description: 'An environment variable, such as ${NAME} or ${NAME:-default}, which the loader fills in.',
  type: 'string',
  pattern: '\\$\\{',
};

/**
 * Adds both spellings of keys and, except in conditions, variables in the place of values.
 *
 * @param alias the other name of one of its keys
 */
function asWritten(node: unknown, takesVariables: boolean, alias?: (typeof listAliases)[string]): unknown {
  if (Array.isArray(node)) return node.map((each) => asWritten(each, takesVariables));
  if (typeof node !== 'object' || node === null) return node;
  // zod 3.25 leaves the id of a definition in it, which has no meaning in draft 7.
  const { properties, required, id: _, ...rest } = node as Node;
  const namesOf = (key: string): string[] => [
    ...new Set([snakeCase(key), key, ...(key === alias?.ours ? [alias.other] : [])]),
  ];
  const result: Node = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => {
      // A condition never matches a variable. In a choice of scalars, the choice itself gets the variable.
      const takes = takesVariables && key !== 'if' && key !== 'not' && !(key === 'anyOf' && isScalar(rest));
      return [key, key === 'default' ? value : asWritten(value, takes)];
    }),
  );
  const conditions: unknown[] = [];
  if (properties !== undefined) {
    const spelt = Object.entries(properties as Node).map(([key, value]) => ({
      names: namesOf(key),
      schema: asWritten(value, takesVariables),
    }));
    result['properties'] = Object.fromEntries(
      spelt.flatMap(({ names, schema }) =>
        names.map(
          (name) => [name, name === alias?.other ? aliasSchema(schema, alias.ours) : schema] as const,
        ),
      ),
    );
    const twice = spelt.filter(({ names }) => names.length > 1).map(({ names }) => ({ required: names }));
    if (result['additionalProperties'] === false && twice.length > 0)
      conditions.push({ not: { anyOf: twice } });
  }
  if (Array.isArray(required)) {
    const names = (required as string[]).map(namesOf);
    const simple = names.flatMap((each) => (each.length === 1 ? each : []));
    if (simple.length > 0) result['required'] = simple;
    const others = names.filter((each) => each.length > 1);
    conditions.push(...others.map((each) => ({ anyOf: each.map((name) => ({ required: [name] })) })));
  }
  if (conditions.length > 0) result['allOf'] = [...((result['allOf'] as unknown[]) ?? []), ...conditions];
  return takesVariables ? orVariable(result) : result;
}

/** The schema of an option under another name. */
const aliasSchema = (schema: unknown, ours: string): object => ({
  ...(schema as object),
  description: `Another name of ${ours}.`,
});

/** Allows a variable for any value but a free text, a list or a table. */
function orVariable(node: Node): Node {
  const { description, title, default: fallback, ...schema } = node;
  if (!isScalar(schema)) return node;
  const about = { description, title, default: fallback };
  const said = Object.entries(about).filter(([, value]) => value !== undefined);
  const choices = Array.isArray(schema['anyOf']) ? schema['anyOf'] : [schema];
  return { ...Object.fromEntries(said), anyOf: [...choices, { $ref: '#/definitions/variable' }] };
}

function isScalar({ type, pattern, enum: words, const: word, anyOf }: Node): boolean {
  if (Array.isArray(anyOf)) return anyOf.every((each) => isScalar(each as Node));
  if (type === 'string' && typeof pattern === 'string') return !new RegExp(pattern).test('${NAME}');
  return words !== undefined || word !== undefined || /^(number|integer|boolean)$/.test(String(type));
}
