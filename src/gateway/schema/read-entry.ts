import type { z } from 'zod/v4';
import { isRecord } from '../plain-data.ts';

type Issue = z.core.$ZodIssue;

/** Stands where a list holds something that can't be read. */
export const unreadable = '(unreadable)';

/** An entry of a list: what it says, as far as it can be read, and what is wrong with it. */
export function readEntry(
  schema: z.ZodType,
  raw: unknown,
): { readonly config?: unknown; readonly issues: readonly Issue[] } {
  const { data, error } = schema.safeParse(raw);
  if (!error) return { config: data, issues: [] };
  const { issues } = error;
  // To see what else is wrong with it, without that.
  return isRecord(raw) ? { config: schema.safeParse(without(raw, issues)).data, issues } : { issues };
}

function without(raw: Readonly<Record<string, unknown>>, issues: readonly Issue[]): Record<string, unknown> {
  // Lists are copied once, however much is wrong in them.
  const left = Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [key, Array.isArray(value) ? [...value] : value]),
  );
  for (const issue of issues) {
    const [name, index, inner] = issue.path as (string | number)[];
    const list = left[String(name)];
    if (typeof index === 'number' && Array.isArray(list)) {
      const { target = unreadable } = Object(list[index]) as { readonly target?: unknown };
      const rule = { target: inner === 'target' ? unreadable : target };
      list[index] = name === 'rules' ? rule : unreadable;
    } else {
      for (const key of keysOf(issue)) delete left[key];
    }
  }
  return Object.hasOwn(left, 'id') ? left : { ...left, id: unreadable };
}

/** The options that an issue is about: of one about several options together, all. */
function keysOf(issue: Issue): readonly string[] {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) return issue.keys;
  const about: unknown = issue.code === 'custom' && issue.path.length === 1 && issue.params?.['about'];
  return Array.isArray(about) ? about : [String(issue.path[0])];
}
