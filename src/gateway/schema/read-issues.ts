import type { z } from 'zod/v4';
import { nearest } from '../nearest.ts';
import { isRecord, type PlainData } from '../plain-data.ts';
import { show, type GatewayProblem, type Path } from '../problem.ts';

type Issue = z.core.$ZodIssue;

/** What was parsed, and where it stands. */
interface Part {
  readonly value: unknown;
  readonly path: Path;
  readonly schema: z.ZodType;
  readonly spell: PlainData['spell'];
}

/** What zod says of a part of a configuration, as problems. */
export function readIssues(issues: readonly Issue[], part: Part): GatewayProblem[] {
  return issues.flatMap((issue) => readIssue(issue, part));
}

function readIssue(issue: Issue, { value, path: base, schema, spell }: Part): GatewayProblem[] {
  const inner = issue.path as (string | number)[];
  const path = [...base, ...inner];
  const found = valueAt(value, inner);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, inner).map(spell);
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(spell(key), known) }));
  }
  if (issue.code === 'invalid_union' && isRecord(found)) {
    // A reference or an entry, and this is an entry: what is wrong with it is inside.
    const option = issue.errors.findIndex((each) => each.length > 0 && !each.some(isOfWrongType));
    if (option >= 0) {
      const chosen = optionAt(schema, inner, option);
      return readIssues(issue.errors[option] as Issue[], { value: found, path, schema: chosen, spell });
    }
  }
  return [{ path, message: `${show(found)}: ${issue.message}` }];
}

const isOfWrongType = (issue: Issue): boolean =>
  issue.path.length === 0 && issue.code !== 'unrecognized_keys';

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  const allowed = known.length > 0 ? `: there are ${known.join(', ')}` : '';
  return meant === undefined ? `no such option${allowed}` : `no such option, did you mean "${meant}"?`;
}

function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const key of path) here = (Object(here) as Record<string | number, unknown>)[key];
  return here;
}

/** zod's own description of a schema, as far as it is read here. */
interface Definition {
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly options?: readonly z.ZodType[];
}

const definitionOf = (schema: z.ZodType | undefined): Definition | undefined =>
  schema?._zod.def as Definition | undefined;

/** The schema at a path, through what is optional, transformed or a choice that has an object. */
function schemaAt(schema: z.ZodType | undefined, path: Path): z.ZodType | undefined {
  const definition = definitionOf(schema);
  const wrapped = definition?.innerType ?? definition?.in;
  if (wrapped) return schemaAt(wrapped, path);
  const [key, ...rest] = path;
  if (key === undefined || !definition) return schema;
  return schemaAt(typeof key === 'number' ? definition.element : definition.shape?.[key], rest);
}

function keysAt(schema: z.ZodType, path: Path): string[] {
  return Object.keys(definitionOf(schemaAt(schema, path))?.shape ?? {});
}

function optionAt(schema: z.ZodType, path: Path, option: number): z.ZodType {
  return definitionOf(schemaAt(schema, path))?.options?.[option] ?? schema;
}
