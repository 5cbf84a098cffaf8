import type { z } from 'zod/v4';
import { memberLists } from '../../options/all.ts';
import type { MemberConfig } from '../config.ts';
import { isRecord } from '../plain-data.ts';

type Issue = z.core.$ZodIssue;

const lists = memberLists();

/** Replaces an entry of a list that can't be read. Compared by identity, since a model could have any name. */
export const unreadable: MemberConfig = { model: 'unreadable' };

/** Reads an entry of a list: its config as far as it is valid, and what is wrong with it. */
export function readEntry(
  schema: z.ZodType,
  raw: unknown,
): { readonly config?: unknown; readonly issues: readonly Issue[] } {
  const { data, error } = schema.safeParse(raw);
  if (!error) return { config: data, issues: [] };
  const { issues } = error;
  return isRecord(raw) ? { config: readRest(schema as z.ZodObject, raw, issues), issues } : { issues };
}

/** The valid options, with which further checks go on: without options that only contradict each other. */
function readRest(
  { shape }: z.ZodObject,
  raw: Readonly<Record<string, unknown>>,
  issues: readonly Issue[],
): Record<string, unknown> {
  const together = new Set(issues.flatMap(optionsOf));
  const config: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) {
    const schema = Object.hasOwn(shape, key) && !together.has(key) ? (shape[key] as z.ZodType) : undefined;
    const { success, data } = schema?.safeParse(value) ?? { success: false };
    if (success) config[key] = data;
    else if (schema && lists.has(key) && Array.isArray(value)) {
      const { element } = arrayIn(schema);
      config[key] = value.map((each) => readItem(element as z.ZodType, each, key === 'rules'));
    }
  }
  return config;
}

/** Keeps a rule's target even if the rule is invalid, so that the target is checked too. */
function readItem(schema: z.ZodType, item: unknown, isRule: boolean): unknown {
  const { success, data } = schema.safeParse(item);
  if (success) return data;
  if (!isRule) return unreadable;
  const { target } = Object(item) as { readonly target?: unknown };
  const own = ((schema as z.ZodObject).shape['target'] as z.ZodType).safeParse(target);
  return { target: own.success ? own.data : unreadable };
}

const arrayIn = (schema: z.ZodType): z.ZodArray =>
  ('element' in schema ? schema : (schema as z.ZodOptional).unwrap()) as z.ZodArray;

/** The options that an issue about several options concerns. */
function optionsOf(issue: Issue): readonly string[] {
  const about: unknown = issue.code === 'custom' && issue.path.length === 1 && issue.params?.['about'];
  return Array.isArray(about) ? about : [];
}
