import type { z } from 'zod/v4';
import { withoutOtherParts } from './calciforge.ts';
import type { GatewayConfig, TokenizerConfig } from './config.ts';
import { sections, type Declarations, type Entity } from './entities.ts';
import { nearest } from '../spelling.ts';
import { onlyInCode } from './only-in-code.ts';
import { adviceFor, ourWordFor } from './other-words.ts';
import { isRecord, readPlainData, type PlainData } from './plain-data.ts';
import { nothingDeclared, noTable, show, showInstead, type GatewayProblem, type Path } from './problem.ts';
import { problemList, type ProblemList } from './problem-list.ts';
import { checkIds, checkNesting, checkReferences, nameEntities } from './references.ts';
import { readIssues } from './schema/read-issues.ts';
import { lists, maxEntries, tables } from './schema/schema.ts';
import { readEntry } from './schema/read-entry.ts';
import { nameShortcuts, resolveShortcuts, withoutShortcuts, type Shortcut } from './shortcuts.ts';

/** The declarations of a configuration, and the problems that are found before any model is created. */
export interface ReadConfig {
  readonly declarations: Declarations;
  readonly problems: ProblemList;
}

/** Reads plain data: collects the valid declarations and all problems. */
export function readConfig(data: unknown, undeclared: 'error' | 'ai-sdk'): ReadConfig {
  const found: GatewayProblem[] = [];
  const plain = readPlainData(withoutOtherParts(data), (problem) => found.push(problem));
  const { value, spell } = plain;
  const problems = problemList(data, plain, found);
  const { report } = problems;
  if (!isRecord(value) && found.length === 0) {
    report({ path: [], message: value === null ? nothingDeclared : noTable(value) });
  }
  const root = isRecord(value) ? value : {};
  const tell: Tell = (issues, part, path) => {
    readIssues(issues, { value: part, path, spell }).forEach(report);
  };
  const table = <Name extends keyof typeof tables>(
    name: Name,
  ): z.output<(typeof tables)[Name]> | undefined => {
    if (root[name] === undefined) return undefined;
    const { data: parsed, error } = tables[name].safeParse(root[name]);
    if (error) tell(error.issues, root[name], [name]);
    return parsed as never; // the type of the table isn't known here
  };

  checkSections(root, spell, report);
  const declared = readEntities(root, tell, report);
  // If a list can't be read, it is unknown what it declares.
  const isKnown = listNames.every((name) => listProblem(name, root[name]) === undefined);
  const shortcuts = readShortcuts(root, tell, report);
  const { meant, models } = resolveShortcuts(shortcuts, declared, undeclared, isKnown ? report : () => {});
  const entities = [...declared.map((entity) => withoutShortcuts(entity, meant)), ...models];
  const names = nameEntities(entities, report);
  nameShortcuts(names, meant);
  checkIds(entities, report);
  if (isKnown) checkReferences(entities, names, undeclared, report);
  const [tokenizer, proxy] = [table('tokenizer'), table('proxy')];
  const declarations = {
    entities,
    names,
    shortcuts: [...meant].flatMap(([alias, model]) => (model === undefined ? [] : [{ alias, model }])),
    undeclared,
    tokenizer: tokenizerOf(tokenizer, proxy, report),
    tokenizerAlias: tokenizer ? undefined : proxy && ['proxy', 'tokenEstimator'],
    modelDefaults: table('modelDefaults'),
    recommended: typeof root['recommended'] === 'boolean' ? root['recommended'] : undefined,
    $schema: typeof root['$schema'] === 'string' ? root['$schema'] : undefined,
    tooLarge: checkNesting(entities, names, report),
  };
  return { declarations, problems };
}

type Report = ProblemList['report'];

/** Reports zod's issues about a part. */
type Tell = (issues: readonly z.core.$ZodIssue[], part: unknown, path: Path) => void;

const listNames = Object.keys(lists) as (keyof typeof lists)[];
const sectionNames = ['$schema', ...Object.keys(tables), 'recommended', ...listNames];

/** The problem with a part that must be a list; undefined if there is none. */
function listProblem(name: keyof typeof lists, list: unknown): string | undefined {
  if (list === undefined) return undefined;
  const isShortcuts = name === 'modelShortcuts';
  const how = isShortcuts ? '- alias: … (TOML: [[model_shortcuts]])' : `- id: … (TOML: [[${name}]])`;
  if (!Array.isArray(list)) return `${showInstead(list)}: write it as a list: ${how}`;
  return list.length > maxEntries[name]
    ? `${show(list)}: use a list of at most ${maxEntries[name]}`
    : undefined;
}

function checkSections(
  root: Readonly<Record<string, unknown>>,
  spell: PlainData['spell'],
  report: Report,
): void {
  for (const [name, value] of Object.entries(root)) {
    if (!sectionNames.includes(name)) {
      const parts = sectionNames.map(spell);
      const ours = ourWordFor(name, sectionNames);
      const meant = ours === undefined ? nearest(spell(name), parts) : spell(ours);
      const remedy = meant
        ? `did you mean "${meant}"?`
        : (adviceFor(name) ?? `there are ${parts.join(', ')}`);
      const inCode = ours === undefined ? onlyInCode(name) : undefined;
      report({ path: [name], message: inCode ?? `no such part of a gateway: ${remedy}` });
    } else if (name === '$schema' && typeof value !== 'string') {
      report({ path: [name], message: `${show(value)}: use the address of the JSON Schema` });
    } else if (name === 'recommended' && value !== undefined && typeof value !== 'boolean') {
      report({ path: [name], message: `${show(value)}: use true or false` });
    }
  }
}

function tokenizerOf(
  tokenizer: TokenizerConfig | undefined,
  proxy: { readonly tokenEstimator?: TokenizerConfig | undefined } | undefined,
  report: Report,
): TokenizerConfig | undefined {
  if (tokenizer && proxy?.tokenEstimator) {
    const path = ['proxy', 'tokenEstimator'];
    report({ path, message: 'another name of tokenizer, which is set as well: keep one of the two' });
  }
  return tokenizer ?? proxy?.tokenEstimator;
}

/** The entries of a list; none if the list can't be read, which is reported. */
function entriesOf(
  name: keyof typeof lists,
  root: Readonly<Record<string, unknown>>,
  report: Report,
): unknown[] {
  const problem = listProblem(name, root[name]);
  if (problem === undefined) return (root[name] ?? []) as unknown[];
  report({ path: [name], message: problem });
  return [];
}

/** The valid shortcuts. */
function readShortcuts(root: Readonly<Record<string, unknown>>, tell: Tell, report: Report): Shortcut[] {
  return entriesOf('modelShortcuts', root, report).flatMap((raw, index) => {
    const path = ['modelShortcuts', index];
    const { data, error } = lists.modelShortcuts.safeParse(raw);
    if (error) tell(error.issues, raw, path);
    return data ? [{ ...data, path }] : [];
  });
}

function readEntities(root: Readonly<Record<string, unknown>>, tell: Tell, report: Report): Entity[] {
  return Object.entries(sections).flatMap(([section, kind]) => {
    const name = section as keyof typeof sections;
    return entriesOf(name, root, report).map((raw, index) => {
      const path = [name, index];
      const { config, issues } = readEntry(lists[name], raw);
      tell(issues, raw, path);
      const { id } = Object(raw) as { readonly id?: unknown };
      const entity = {
        kind,
        path,
        id: typeof id === 'string' ? id : undefined,
        raw: isRecord(raw) ? raw : {},
        config,
        isWhole: issues.length === 0,
      };
      return entity as Entity; // each list is parsed with the schema of its kind
    });
  });
}

/** The normalised configuration, if there are no problems. It is a valid configuration itself. */
export function configOf({ entities, shortcuts, ...common }: Declarations): GatewayConfig {
  const config: Record<string, unknown> = {};
  for (const name of ['$schema', 'tokenizer', 'modelDefaults', 'recommended'] as const) {
    if (common[name] !== undefined) config[name] = common[name];
  }
  for (const [section, kind] of Object.entries(sections)) {
    const own = entities.filter((entity) => entity.kind === kind && entity.path[0] === section);
    if (own.length > 0) config[section] = own.map((entity) => entity.config);
  }
  if (shortcuts.length > 0) config['modelShortcuts'] = shortcuts;
  return config;
}
