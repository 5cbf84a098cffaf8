import type { z } from 'zod/v4';
import { foundSecret } from '../../errors/errors.ts';
import { settings } from '../../options/call-settings.ts';
import { nearest } from '../../spelling.ts';
import { onlyInCode } from '../only-in-code.ts';
import { adviceFor, ourWordFor } from '../other-words.ts';
import type { PlainData } from '../plain-data.ts';
import { show, showInstead, type GatewayProblem, type Path } from '../problem.ts';

type Issue = z.core.$ZodIssue;

/** The value that was parsed, and its path. */
interface Part {
  readonly value: unknown;
  readonly path: Path;
  readonly spell: PlainData['spell'];
}

/** Turns zod's issues about a part of a configuration into problems. */
export function readIssues(issues: readonly Issue[], part: Part): GatewayProblem[] {
  return issues.flatMap((issue) => readIssue(issue, part));
}

function readIssue(issue: Issue, { value, path: base, spell }: Part): GatewayProblem[] {
  const inner = issue.path as (string | number)[];
  const path = [...base, ...inner];
  const found = valueAt(value, inner);
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(' '); // the message of `table`
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, known, spell) }));
  }
  if (issue.code === 'invalid_union') {
    // A union: report the issues of the side that the value was meant for.
    const chosen = issue.errors.find((each) => each.length > 0 && !each.some(isOfWrongType));
    if (chosen) return readIssues(chosen, { value: found, path, spell });
  }
  const mayBeSecret = path.some((key) => key === 'headers' || key === 'providerOptions');
  const shown = mayBeSecret ? foundSecret(found).shown : wantsTable(issue) ? showInstead(found) : show(found);
  return [{ path, message: `${shown}: ${issue.message}` }];
}

const wantsTable = (issue: Issue): boolean =>
  issue.code === 'invalid_type' && ['object', 'array', 'record'].includes(issue.expected);

function isOfWrongType(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union') return issue.errors.every((each) => each.some(isOfWrongType));
  return ['invalid_type', 'invalid_value'].includes(issue.code);
}

function unknownKey(key: string, known: readonly string[], spell: PlainData['spell']): string {
  const names = known.map(spell);
  if (Object.hasOwn(settings, key)) {
    if (known.includes('settings')) return `no such option: write it in settings: { ${spell(key)}: … }`;
    if (ourWordFor(key, known) === undefined && known.includes('id'))
      return `no such option: write it in the settings of a model, or of ${spell('modelDefaults')}`;
  }
  const ours = ourWordFor(key, known);
  const inCode = ours === undefined ? onlyInCode(key) : undefined;
  if (inCode !== undefined) return inCode;
  const meant = ours === undefined ? nearest(spell(key), names) : spell(ours);
  if (meant !== undefined) return `no such option, did you mean "${meant}"?`;
  return `no such option: ${adviceFor(key) ?? `there are ${names.join(', ')}`}`;
}

function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const key of path) here = (Object(here) as Record<string | number, unknown>)[key];
  return here;
}
