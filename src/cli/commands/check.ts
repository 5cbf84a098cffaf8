import { formatPath, type GatewayConfig } from '../../gateway/index.ts';
import { type FileProblem, showProblem } from '../../load/problem.ts';
import { clean } from '../../inspect/clean.ts';
import { conditionsOf } from '../../inspect/conditions.ts';
import { type GatewayOptions, readGateway } from '../../inspect/read-gateway.ts';
import { counting } from '../counting.ts';
import type { Outcome } from '../outcome.ts';

/** Lists all problems of a file or, if there are none, what it declares. */
export async function check(file: string, options?: GatewayOptions): Promise<Outcome> {
  const { config, file: read, problems, notes } = await readGateway(file, counting(), options);
  if (!config) return withProblems(file, problems);
  return fine(file, config, read.textOf, [...notes, ...unreachableRules(config, read.textOf)]);
}

/** The outcome of every command if the file has problems. */
export function withProblems(file: string, problems: readonly FileProblem[]): Outcome {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return {
    text: [...problems.map((problem) => showProblem(file, problem)), `${file}: ${count}`].join('\n'),
    json: {
      ok: false,
      file,
      problems: problems.map(({ path, message, position }) => ({
        path,
        at: formatPath(path),
        message,
        ...position,
      })),
    },
    code: 1,
  };
}

const sections = ['models', 'alloys', 'cascades', 'dispatchers'] as const;

function fine(
  file: string,
  config: GatewayConfig,
  textOf: (id: string) => string,
  notes: readonly string[],
): Outcome {
  const found = sections.map(
    (section) => [section, (config[section] ?? []).map(({ id }) => textOf(id))] as const,
  );
  const lines = found
    .filter(([, ids]) => ids.length > 0)
    .map(([section, ids]) => `  ${counted(section, ids.length)}: ${clean(ids.join(', '))}`);
  const shortcuts = (config.modelShortcuts ?? []).map(({ alias, model }) => ({
    alias: textOf(alias),
    model: textOf(model),
  }));
  if (shortcuts.length > 0) {
    const shown = shortcuts.map(({ alias, model }) => `${alias} → ${model}`);
    lines.push(`  ${counted('shortcuts', shortcuts.length)}: ${clean(shown.join(', '))}`);
  }
  return {
    text: [`${file}: no problems`, ...lines, ...notes.map((note) => `Note: ${clean(note)}`)].join('\n'),
    json: {
      ok: true,
      file,
      problems: [],
      found: Object.fromEntries(found),
      ...(shortcuts.length > 0 && { shortcuts }),
      notes,
    },
    code: 0,
  };
}

/** Notes on what is valid but surely a mistake: a rule without conditions, after which no rule can match. */
function unreachableRules({ dispatchers = [] }: GatewayConfig, textOf: (id: string) => string): string[] {
  return dispatchers.flatMap(({ id, rules = [] }) => {
    const index = rules.findIndex((rule) => conditionsOf(rule) === 'always');
    if (index < 0 || index === rules.length - 1) return [];
    const name = textOf(rules[index]!.id ?? `${index}`);
    return `dispatcher "${textOf(id)}": rule ${name} has no conditions, so the rules after it never match: put it last`;
  });
}

const counted = (section: string, count: number): string =>
  `${count} ${count === 1 ? section.replace(/s$/, '') : section}`;
