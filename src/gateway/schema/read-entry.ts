import type { z } from 'zod/v4';
import type { MemberConfig } from '../config.ts';
import { isRecord } from '../plain-data.ts';

type Issue = z.core.$ZodIssue;

/** Stands where a list holds something that can't be read. Told by its identity: any name may be somebody's. */
export const unreadable: MemberConfig = { model: 'unreadable' };

/** An entry of a list: what it says, as far as it can be read, and what is wrong with it. */
export function readEntry(
  schema: z.ZodType,
  raw: unknown,
): { readonly config?: unknown; readonly issues: readonly Issue[] } {
  const { data, error } = schema.safeParse(raw);
  if (!error) return { config: data, issues: [] };
  const { issues } = error;
  return isRecord(raw) ? { config: readRest(schema, raw, issues), issues } : { issues };
}

/** An option may need another one that was taken away, and so on. */
const mostRounds = 5;

/** The entry without what is wrong with it, to see what else is. */
function readRest(
  schema: z.ZodType,
  raw: Readonly<Record<string, unknown>>,
  issues: readonly Issue[],
): Record<string, unknown> | undefined {
  // Lists are copied once, however much is wrong in them.
  const left = Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [key, Array.isArray(value) ? [...value] : value]),
  );
  const gaps: Gap[] = [];
  let wrong = issues;
  for (let round = 0; round < mostRounds; round++) {
    for (const issue of wrong) gaps.push(...takeAway(issue, left));
    left['id'] ??= unreadable.model;
    const { data, error } = schema.safeParse(left);
    if (!error) return withGaps(data as Record<string, unknown>, gaps);
    wrong = error.issues;
  }
  return undefined;
}

/** Where a list has a member that can't be read. */
interface Gap {
  readonly list: string;
  readonly index: number;
}

function takeAway(issue: Issue, left: Record<string, unknown>): Gap[] {
  const [name, index, inner] = issue.path as (string | number)[];
  const list = left[String(name)];
  if (typeof index !== 'number' || !Array.isArray(list)) {
    for (const key of keysOf(issue)) delete left[key];
    return [];
  }
  const { target } = Object(list[index]) as { readonly target?: unknown };
  const isGap = name !== 'rules' || inner === 'target' || target === undefined;
  const member = isGap ? unreadable.model : target;
  list[index] = name === 'rules' ? { target: member } : member;
  return isGap ? [{ list: String(name), index }] : [];
}

function withGaps(entry: Record<string, unknown>, gaps: readonly Gap[]): Record<string, unknown> {
  for (const { list: name, index } of gaps) {
    const list = entry[name];
    if (Array.isArray(list)) list[index] = name === 'rules' ? { target: unreadable } : unreadable;
  }
  return entry;
}

/** The options that an issue is about: of one about several options together, all. */
function keysOf(issue: Issue): readonly string[] {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) return issue.keys;
  const about: unknown = issue.code === 'custom' && issue.path.length === 1 && issue.params?.['about'];
  return Array.isArray(about) ? about : [String(issue.path[0])];
}
